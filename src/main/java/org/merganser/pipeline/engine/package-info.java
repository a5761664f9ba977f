/**
 * Runners: their flags, checks that an engine is present in the right version, and everything that
 * only the direct runner needs.
 *
 * <p>Start with {@link org.merganser.pipeline.engine.RunnerFlags}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.engine;

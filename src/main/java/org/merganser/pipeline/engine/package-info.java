/**
 * Runners: their flags, checks that an engine is there and of the right version, and everything
 * that is only there for the direct runner.
 *
 * <p>Start with {@link org.merganser.pipeline.engine.RunnerFlags}. Uses {@code pipeline.output}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.engine;

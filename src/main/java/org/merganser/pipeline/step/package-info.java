/**
 * Classes that all steps share: the specification of a run, the step, broadcast values, meters, and
 * reports of workers.
 *
 * <p>Start with {@link org.merganser.pipeline.step.RunSpec}. Uses {@code pipeline.output} and
 * {@code pipeline.engine}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.step;

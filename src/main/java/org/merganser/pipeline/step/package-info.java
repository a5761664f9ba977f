/**
 * What the steps of all stages share: a step and its values, the units of a stage, the work on a
 * unit, and the readers and encoders of a run.
 *
 * <p>Start with {@link org.merganser.pipeline.step.ResumableUnit}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.step;

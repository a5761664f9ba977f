/**
 * What a run has lost of its corpus: how many dead letters a job allows, which files wait for a
 * person, and which a person has accepted.
 *
 * <p>Start with {@link org.merganser.pipeline.output.deadletter.DeadLetterLimits}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output.deadletter;

/**
 * The settings of reading and of training, taken from the job in the same way on all workers.
 *
 * <p>Start with {@link org.merganser.pipeline.settings.ReadingSettings}. Uses {@code
 * pipeline.output} and its sub-packages.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.settings;

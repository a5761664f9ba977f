/**
 * The settings of reading and of training, taken from the job in the same way on all workers.
 *
 * <p>Start with {@link org.merganser.pipeline.settings.ReadingSettings}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.settings;

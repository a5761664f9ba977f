/**
 * What a key of the job declares about itself: defaults, bounds, and what depends on it. It is
 * apart from {@code job} because packages below that one have records whose components are keys.
 *
 * <p>Start with {@link org.merganser.job.key.JobKey}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.job.key;

/**
 * The job file: one validated, immutable record, its defaults, reading it from YAML and its JSON
 * Schema. Only the records of {@link org.merganser.job.Job} declare keys.
 *
 * <p>Start with {@link org.merganser.job.Job} and {@link org.merganser.job.JobReader}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.job;

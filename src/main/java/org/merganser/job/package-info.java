/**
 * The job file: one validated, immutable record, its defaults and rules, reading it from YAML,
 * writing it, and its JSON Schema.
 *
 * <p>Start with {@link org.merganser.job.Job} and {@link org.merganser.job.JobReader}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.job;

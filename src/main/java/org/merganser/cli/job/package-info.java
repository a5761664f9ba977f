/**
 * How a command runs a job: flags, progress, events, signals, exit codes, the summary, and the
 * report of a failure.
 *
 * <p>Start with {@link org.merganser.cli.job.JobCommand}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.job;

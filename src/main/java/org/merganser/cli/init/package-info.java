/**
 * The command {@code init}, which writes a job file for a corpus without a description.
 *
 * <p>Start with {@link org.merganser.cli.init.JobProposal}, which examines the corpus and chooses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.init;

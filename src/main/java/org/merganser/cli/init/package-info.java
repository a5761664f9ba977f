/**
 * The command {@code init}, which writes a job file for a corpus without a description.
 *
 * <p>Start with {@link org.merganser.cli.init.JobProposal}, which examines the corpus and chooses.
 */
package org.merganser.cli.init;

/**
 * The command {@code init}: a job file for a corpus that nobody described. Start with {@link
 * org.merganser.cli.init.JobProposal}, which looks at the corpus and chooses.
 */
package org.merganser.cli.init;

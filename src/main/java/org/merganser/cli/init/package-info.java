/**
 * The command {@code init}, which writes a job file for a corpus without a description.
 *
 * <p>Start with {@link org.merganser.cli.init.CorpusExamination}, which makes the choices.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.init;

/**
 * The files of an output folder, and the change from one published version to the next; start with
 * {@link org.merganser.output.OutputFile}, the table of all files, then {@link
 * org.merganser.output.Commit}. May use {@code store} and what is below it.
 */
@NullMarked
package org.merganser.output;

import org.jspecify.annotations.NullMarked;

/**
 * The files of an output folder, and the change from one published version to the next.
 *
 * <p>Start with {@link org.merganser.output.OutputFile}, the table of all files, then {@link
 * org.merganser.output.Commit}.
 */
@NullMarked
package org.merganser.output;

import org.jspecify.annotations.NullMarked;

/**
 * The command line: commands, flags to a {@code Job}, progress and exit codes.
 *
 * <p>Start with {@link org.merganser.cli.Main}. May import everything.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli;

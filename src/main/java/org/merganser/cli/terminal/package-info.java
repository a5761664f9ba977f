/**
 * What commands print: text from outside is escaped before it reaches a terminal.
 *
 * <p>Start with {@link org.merganser.cli.terminal.TerminalWriter}. Used by all other packages of
 * the command line.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.terminal;

/**
 * The commands that look at the tokens of a vocabulary one by one: {@code audit} and {@code trim}.
 *
 * <p>Start with {@link org.merganser.cli.tokenizer.AuditCommand}. Knows {@code cli.job}, and what
 * is above the command line.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.tokenizer;

/**
 * The commands that use a tokenizer and no job: {@code tokenize}, {@code decode}, {@code inspect},
 * {@code compare}, {@code audit} and {@code trim}.
 *
 * <p>Start with {@link org.merganser.cli.tokenizer.AuditCommand}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.tokenizer;

/**
 * Hand-written scanners for the well-known split patterns (gpt2, cl100k, llama3, qwen2, o200k and
 * their kin), and for patterns that differ from these in small things.
 *
 * <p>Start with {@link org.merganser.text.scan.SplitPattern}. Uses {@code text.unicode}, {@code
 * text.normalize} and {@code text.regex}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.scan;

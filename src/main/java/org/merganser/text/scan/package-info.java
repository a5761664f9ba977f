/**
 * Hand-written scanners for the known split patterns (gpt2, cl100k, llama3, qwen2, o200k and
 * others) and for small variants of these, and the cut rules.
 *
 * <p>Start with {@link org.merganser.text.scan.SplitPattern}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.scan;

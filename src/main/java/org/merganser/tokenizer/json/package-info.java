/**
 * Reads and writes tokenizer.json in versions 1.0 and 2.0; version 1.0 is written byte for byte as
 * HF's library writes it. Content that HF refuses, or that would silently lead to wrong ids, is
 * refused by name.
 *
 * <p>Start with {@link org.merganser.tokenizer.json.TokenizerReader}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.json;

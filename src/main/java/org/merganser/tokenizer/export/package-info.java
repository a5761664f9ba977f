/**
 * A tokenizer in the files of other tools: tiktoken ranks, and the siblings of tokenizer.json that
 * transformers reads.
 *
 * <p>Start with {@link org.merganser.tokenizer.export.TokenizerFolder}. Uses {@code tokenizer} and
 * what that uses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.export;

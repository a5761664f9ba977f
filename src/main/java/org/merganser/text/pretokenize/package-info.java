/**
 * Pre-tokenizers of tokenizer.json, one class each, and the sink that receives pretokens in
 * batches. Counting and encoding use the same classes.
 *
 * <p>Start with {@link org.merganser.text.pretokenize.PreTokenizerSpec}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.pretokenize;

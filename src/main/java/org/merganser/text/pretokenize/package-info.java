/**
 * Pre-tokenizers of tokenizer.json, each a class, and the sink that they write pretokens to, some
 * hundreds at a time; and the cut rules, which say where a large document may be cut so that its
 * pretokens stay the same. Counting and encoding use the same objects.
 *
 * <p>Start with {@link org.merganser.text.pretokenize.PreTokenizerSpec}. Uses the other packages of
 * {@code text}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.pretokenize;

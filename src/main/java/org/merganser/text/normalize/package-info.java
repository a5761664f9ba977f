/**
 * Normalizers of tokenizer.json: the Unicode forms, lower case, Replace, Strip, Prepend and
 * sequences, as HF applies them.
 *
 * <p>Start with {@link org.merganser.text.normalize.NormalizerSpec}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.normalize;

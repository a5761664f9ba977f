/**
 * Text as UTF-8 bytes: validation, Unicode classes, normalizers and pre-tokenizers.
 *
 * <p>Start with {@link org.merganser.text.PreTokenizerSpec} and {@link
 * org.merganser.text.NormalizerSpec} (what a tokenizer.json can ask for) and {@link
 * org.merganser.text.SplitPattern} (the hand-written scanners). Imports nothing of the project.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text;

/**
 * The parts of a tokenizer.json as values: added tokens and their search in text, post-processor,
 * decoder, the record that holds them all, and checks of their combinations.
 *
 * <p>Start with {@link org.merganser.tokenizer.parts.TokenizerParts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.tokenizer.parts;

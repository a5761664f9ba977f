/**
 * What a training is told of single tokens: which ones no merge may make ({@link
 * org.merganser.bpe.constraint.TokenRules}), and which must be there in the end ({@link
 * org.merganser.bpe.constraint.RequiredTokens}).
 *
 * <p>Start with {@link org.merganser.bpe.constraint.TokenRules}. Uses {@code bpe}, {@code
 * text.regex} and {@code text.unicode}; knows nothing of how merges are chosen.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.constraint;

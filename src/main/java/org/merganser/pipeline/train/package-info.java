/**
 * Steps of training: learn the tokenizer from combined counts and publish it.
 *
 * <p>Start with {@link org.merganser.pipeline.train.LearnTokenizer}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.train;

/**
 * Steps of training: count pretokens, merge the counts, learn the tokenizer and publish it.
 *
 * <p>Start with {@link org.merganser.pipeline.train.CountPretokens}. Uses {@code pipeline.select},
 * {@code pipeline.step} and what these use.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.train;

/**
 * What is learned from ids: an n-gram model that predicts the next token, and vectors of tokens
 * from the company they keep. Counting is done for each unit into {@link TupleCounts}, whose packed
 * tables are merged by partition; what is learned from the merged tables fits one machine. Start
 * with {@link NgramModel} and {@link NgramLearner}. Knows shards and embedding tables; no text, no
 * tokenizer and no Beam.
 */
@NullMarked
package org.merganser.learn;

import org.jspecify.annotations.NullMarked;

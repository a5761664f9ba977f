/**
 * Parity-aware training: pairs are counted by group, such as by language, and before each step the
 * group is chosen that is worst off. It shares the loop, the cells and the lists with plain
 * training. {@code ParityOrder} adds to each pair a count in each group ({@code GroupPairCounts}),
 * to each run of pretokens what they count in each group ({@code GroupRuns}), and a queue for each
 * group ({@code GroupQueue}). A pair is kept if its count reaches what one of the queues still
 * needs.
 *
 * <p>Start with {@link org.merganser.bpe.parity.ParityTrainer}. Uses {@code bpe}, {@code bpe.count}
 * and {@code bpe.train}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.parity;

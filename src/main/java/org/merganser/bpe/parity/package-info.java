/**
 * Parity-aware training: pairs are counted by group, such as by language, and each step first
 * chooses the neediest group. It shares the loop, the cells and the lists with plain training, and
 * adds a count of each pair in each group and a queue for each group.
 *
 * <p>Start with {@link org.merganser.bpe.parity.ParityTrainer}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.parity;

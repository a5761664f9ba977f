package org.merganser.bpe.parity;

import org.jspecify.annotations.Nullable;

/**
 * How merges are shared among groups, such as languages ({@link ParityTrainer}).
 *
 * @param groups how many there are
 * @param ratios how far each group shall be compressed in proportion to the others; null: groups
 *     shall have the same number of tokens
 * @param globalMerges how many merges come first that each take the pair most frequent in all
 *     groups together
 * @param window a group is skipped that had more than the share {@code alpha / groups} of the last
 *     {@code window} merges; 0: none is
 * @param alpha see {@code window}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares settings
public record ParitySettings(
    int groups, double @Nullable [] ratios, int globalMerges, int window, double alpha) {}

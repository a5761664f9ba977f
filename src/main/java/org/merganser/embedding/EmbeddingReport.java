package org.merganser.embedding;

/**
 * What an import found.
 *
 * @param padding rows beyond the tokenizer's ids; 0 when no tokenizer was given
 * @param zeroRows rows of zeros, {@code firstZero} the first one or -1
 * @param duplicateRows rows equal to an earlier one, zeros apart; {@code firstDuplicate} or -1
 * @param matched ids that have a vector of their own in the source
 * @param filled ids that were given one by the policy
 */
public record EmbeddingReport(
    int rows,
    int dim,
    int padding,
    int zeroRows,
    int firstZero,
    int duplicateRows,
    int firstDuplicate,
    int matched,
    int filled) {}

package org.merganser.corpus;

import org.merganser.checksum.RangeSum;

/**
 * The counts of what was read from a range.
 *
 * @param range what was read
 * @param records documents + deadLetters + blank
 * @param documents of one that was cut into parts, only the first part counts
 * @param deadLetters records, or parts of documents, that became dead letters
 * @param blank records without content, such as blank lines of JSONL
 * @param textBytes of all documents, as passed on
 * @param rawBytes uncompressed bytes of the range, separators included
 * @param sum of the file's stored bytes in the range
 */
public record RangeReceipt(
    FileRange range,
    long records,
    long documents,
    long deadLetters,
    long blank,
    long textBytes,
    long rawBytes,
    RangeSum sum) {}

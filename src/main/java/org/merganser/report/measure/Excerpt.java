package org.merganser.report.measure;

import org.jspecify.annotations.Nullable;

/**
 * Ids of a document, or of a part of one that was cut, which a sample has: {@code ids[from, to)}.
 * The ids around them are there for words and sentences that go over the ends.
 *
 * @param hash of where it lies in the corpus, which chose it ({@link TextSample})
 * @param document the id of its document
 * @param validation whether the document is kept from training
 * @param alone whether the text of these ids alone has the same ids
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares excerpts
public record Excerpt(
    long hash,
    String document,
    @Nullable String group,
    boolean validation,
    boolean alone,
    int[] ids,
    int from,
    int to) {}

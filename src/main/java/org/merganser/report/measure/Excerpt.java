package org.merganser.report.measure;

import org.jspecify.annotations.Nullable;

/**
 * Ids of a document, or of a part of one that was cut, which a sample has.
 *
 * @param hash of where it lies in the corpus, which chose it ({@link TextSample})
 * @param document the id of its document
 * @param validation whether the document is kept from training
 * @param alone whether these are all ids of the document, whose text has the same ids again
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares excerpts
public record Excerpt(
    long hash,
    String document,
    @Nullable String group,
    boolean validation,
    boolean alone,
    int[] ids) {}

package org.merganser.report.measure;

import org.jspecify.annotations.Nullable;

/**
 * Sampled ids of a document, or of a part of one that was cut.
 *
 * @param hash of the excerpt's place in the corpus, by which it was chosen ({@link TextSample})
 * @param validation whether the document is excluded from training
 * @param alone whether these are all ids of the document, so that its text has the same ids again
 */
@SuppressWarnings("ArrayRecordComponent") // excerpts are never compared
public record Excerpt(
    long hash,
    String document,
    @Nullable String group,
    boolean validation,
    boolean alone,
    int[] ids) {}

package org.merganser.report.measure;

import java.util.function.BinaryOperator;

/**
 * Two samples of the documents of a unit or of a corpus, in bounded memory.
 *
 * <p>One is of texts, each with the number of all documents that have it, so that sums over it are
 * those of the corpus on a smaller scale. But it rarely has the one text that a million documents
 * repeat. So the other sample is of documents, in which such a text is frequent.
 *
 * @param texts by {@link TextHash#ofText}
 * @param documents by {@link TextHash#ofPlace}
 */
record SampledTexts(HashSample<Text> texts, HashSample<Document> documents) {
  /** The most texts of the sample of texts. */
  static final int MOST_TEXTS = 1 << 14;

  /** The most documents of the sample of documents. */
  static final int MOST_DOCUMENTS = 1 << 12;

  /**
   * A text.
   *
   * @param documents the number of documents that have it
   * @param first the place of the first of them
   */
  record Text(long documents, DocumentPlace first) {
    /** The documents of both, and the first of their places. */
    Text plus(Text other) {
      return new Text(
          Math.addExact(documents, other.documents), DocumentPlace.first(first, other.first));
    }
  }

  /**
   * A document that was chosen by its place.
   *
   * @param textHash the {@link TextHash#ofText} of its text
   */
  record Document(long textHash, DocumentPlace place) {}

  /**
   * Empty samples.
   *
   * @param share of texts and of documents that is kept at most
   */
  static SampledTexts of(TextSample share, int mostTexts, int mostDocuments) {
    BinaryOperator<Document> firstAdded = (one, other) -> one; // one hash is one document
    return new SampledTexts(
        new HashSample<>(share, mostTexts, Text::plus),
        new HashSample<>(share, mostDocuments, firstAdded));
  }

  /**
   * Adds a document to the samples that have it.
   *
   * @param file the name of its file
   * @param parts the sum of {@link TextHash#ofPart} over its parts
   */
  void add(String file, long parts, DocumentPlace place) {
    long textHash = TextHash.ofText(parts);
    if (texts.has(textHash)) { // else the text need not be allocated
      texts.add(textHash, new Text(1, place));
    }
    long placeHash = TextHash.ofPlace(file, place.offset());
    if (documents.has(placeHash)) {
      documents.add(placeHash, new Document(textHash, place));
    }
  }
}

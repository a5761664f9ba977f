package org.merganser.shard;

/**
 * Consecutive ids of one document in a packed sequence, and their origin; or the ids that fill the
 * sequence.
 *
 * @param start index of its first id in the sequence
 * @param file the file of the document, as {@code inputs.jsonl} names it
 * @param offset the place of the document's record in the file, in bytes
 * @param part the number of the part of a document that was cut, from 0; else 0
 * @param position index of the first id among the ids of that part
 */
public record Piece(int start, String docId, String file, long offset, int part, int position) {
  private static final int NO_PART = -1;

  /** A piece without a document, which fills a sequence from {@code start} on. */
  static Piece filling(int start) {
    return new Piece(start, "", "", 0, NO_PART, 0);
  }

  /** Whether the ids belong to no document and fill a sequence. */
  public boolean isFilling() {
    return part < 0;
  }

  /** Whether the first id is the first one of its document. */
  public boolean beginsDocument() {
    return part == 0 && position == 0;
  }

  /** The piece of this document from its id {@code from} on, placed at {@code to} in a sequence. */
  Piece at(int to, int from) {
    return new Piece(to, docId, file, offset, part, from);
  }
}

package org.merganser.shard;

/**
 * A document's ids within a packed sequence, and their origin.
 *
 * @param start index of its first id in the sequence
 * @param offset of the document in the file, in bytes
 * @param part of a document that was cut, from 0
 * @param position of the first id among the ids of that part
 */
public record Piece(int start, String docId, String file, long offset, int part, int position) {
  public boolean beginsDocument() {
    return part == 0 && position == 0;
  }

  /** The piece of this document from its id {@code from} on, placed at {@code to} in a sequence. */
  Piece at(int to, int from) {
    return new Piece(to, docId, file, offset, part, from);
  }

  /** A piece without a document, which fills a sequence from {@code start} on. */
  static Piece filling(int start) {
    return new Piece(start, "", "", 0, -1, 0);
  }

  public boolean isFilling() {
    return part < 0;
  }
}

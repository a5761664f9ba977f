package org.merganser.shard;

/**
 * A document's ids within a packed sequence, and where they come from.
 *
 * @param start place of its first id in the sequence
 * @param docId of the document
 * @param file the document lies in
 * @param offset of the document in the file, in bytes
 * @param part of a document that was cut, from 0
 * @param position of the first id among the ids of that part; where documents begin with a token
 *     that packing put there, it is counted
 */
public record Piece(int start, String docId, String file, long offset, int part, int position) {
  /** Whether the document begins here. */
  public boolean beginsDocument() {
    return part == 0 && position == 0;
  }

  /**
   * The piece of this document that begins at {@code from} of it, and in a sequence at {@code to}.
   */
  Piece at(int to, int from) {
    return new Piece(to, docId, file, offset, part, from);
  }

  /** The piece of no document that fills a sequence from {@code start} on. */
  static Piece filling(int start) {
    return new Piece(start, "", "", 0, -1, 0);
  }

  /** Whether this only fills a sequence. */
  public boolean isFilling() {
    return part < 0;
  }
}

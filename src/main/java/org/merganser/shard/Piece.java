package org.merganser.shard;

/**
 * Consecutive ids of one document in a packed sequence, and their origin; or the ids that fill the
 * sequence. A piece ends where the next one starts.
 *
 * @param start the index of its first id in the sequence
 * @param docId the id of the document; empty if the ids fill the sequence
 * @param file the file of the document, as {@code inputs.jsonl} names it
 * @param offset the place of the document's record in the file, in bytes
 * @param part the number of the part of a document that was cut, from 0; else 0; -1 if the ids fill
 *     the sequence
 * @param position the index of its first id among the ids of that part
 */
public record Piece(int start, String docId, String file, long offset, int part, int position) {
  /** The part of ids that fill a sequence. */
  private static final int NO_PART = -1;

  /** The piece of the ids that fill a sequence from {@code start} on. */
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

  /**
   * The piece of the same document or part that begins at another id, or is at another place.
   *
   * @param newStart the index of its first id in the sequence
   * @param newPosition the index of its first id among the ids of the part
   */
  Piece at(int newStart, int newPosition) {
    return new Piece(newStart, docId, file, offset, part, newPosition);
  }
}

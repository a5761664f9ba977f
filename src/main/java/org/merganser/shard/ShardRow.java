package org.merganser.shard;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.output.figures.MeasuredDocument;

/**
 * A row of a shard: a document, a part of one, or a packed sequence, which has pieces. One instance
 * is reused for all rows, and a reader reuses the arrays of its ids and masks.
 */
public final class ShardRow {
  /** The sign bit of an id on which no model is trained. */
  private static final int WITHOUT_LOSS = 0x8000_0000;

  /** The id of the document, or the name of the packed sequence. */
  public String docId = "";

  /** The file of the document, as {@code inputs.jsonl} names it; empty for a packed sequence. */
  public String file = "";

  /** The place of the document's record in its file, in bytes. */
  public long offset;

  /** The number of the part of a document that was cut, from 0; else 0. */
  public int part;

  /** The group of the document; null without one. */
  public @Nullable String group;

  /** The ids, {@code [0, count)}; the array may be longer. */
  public int[] ids = new int[0];

  /** The number of ids. */
  public int count;

  /** For each id, 1 if a model is trained on it, else 0; null if the shard has no loss mask. */
  public int @Nullable [] mask;

  /**
   * A value for each field that the shard keeps: UTF-8 bytes, a Long, a Double, a Boolean or null.
   */
  public @Nullable Object[] kept = new @Nullable Object[0];

  /** The pieces of a packed sequence, in the order of their starts; empty for a document. */
  public List<Piece> pieces = List.of();

  /** Resets the origin of the ids, since a shard may not have all of its columns. */
  void clearOrigin() {
    file = "";
    offset = 0;
    part = 0;
    group = null;
    pieces = List.of();
  }

  /**
   * Id number {@code i} with its loss mask in the sign bit, which no id uses; the plain id if there
   * is no mask. Id 5 is {@code 5} if a model is trained on it, else {@code 0x8000_0005}. In this
   * form the mask moves with its ids.
   */
  int maskedId(int i) {
    return mask == null || mask[i] != 0 ? ids[i] : ids[i] | WITHOUT_LOSS;
  }

  /**
   * Sets the ids and the mask from ids in the form of {@link #maskedId}.
   *
   * @param masked the ids, {@code [0, count)}; the row keeps the array, and clears the sign bits
   */
  void setMaskedIds(int[] masked, int count) {
    int[] newMask = new int[masked.length];
    for (int i = 0; i < count; i++) {
      newMask[i] = masked[i] < 0 ? 0 : 1;
      masked[i] &= ~WITHOUT_LOSS;
    }
    this.ids = masked;
    this.count = count;
    this.mask = newMask;
  }

  /** The number of documents that begin in the row. */
  public int documents() {
    if (pieces.isEmpty()) {
      return part == 0 ? 1 : 0;
    }
    return (int) pieces.stream().filter(Piece::beginsDocument).count();
  }

  /** The document, or the part of one, with its length. */
  public MeasuredDocument measured() {
    return new MeasuredDocument(docId, file, offset, part, group, count);
  }

  /** The number of ids that belong to documents; the ids after them fill a packed sequence. */
  int documentIdCount() {
    Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    return last != null && last.isFilling() ? last.start() : count;
  }

  /** The origin of the ids: the pieces, or the document as one piece. */
  public List<Piece> provenance() {
    return pieces.isEmpty() ? List.of(new Piece(0, docId, file, offset, part, 0)) : pieces;
  }

  /**
   * The number of ids of piece {@code i}.
   *
   * @param provenance the result of {@link #provenance}
   */
  public int pieceLength(List<Piece> provenance, int i) {
    int end = i + 1 < provenance.size() ? provenance.get(i + 1).start() : count;
    return end - provenance.get(i).start();
  }
}

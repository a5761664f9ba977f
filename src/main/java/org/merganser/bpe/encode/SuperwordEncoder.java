package org.merganser.bpe.encode;

import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.MergeTable;

/**
 * Encodes on two levels with {@link SuperwordTables}: the pieces of a pretoken with the merges of
 * stage 1, through the caches of a {@link CachedEncoder}, then the resulting symbols with all
 * merges. The package comment proves that the ids are those of merging the pretoken at once.
 *
 * <p>Costs n log n in the bytes of a pretoken in the worst case. Not thread-safe.
 */
final class SuperwordEncoder implements BpeEncoder, BpeCounter {
  /**
   * The maximum number of pieces that are cut, and then encoded, at a time: a batch of the caches.
   */
  private static final int MOST_PIECES = 512;

  /** Cuts pretokens into pieces, and the symbols of stage 1 into runs. */
  private final SuperwordTables superwords;

  /** Looks up complete pretokens, and the lengths of ids. */
  private final ByteWordEncoder words;

  /** Encodes pieces with the merges of stage 1. */
  private final CachedEncoder pieces;

  /** The merges of both stages. */
  private final MergeTable merges;

  /** Merges runs with the merges of both stages. */
  private final WordMerger merger;

  /**
   * The maximum length of pretokens that are looked up as tokens; 0 without {@code ignore_merges}.
   */
  private final int longestWhole;

  /** Scratch space: the ends of pieces. */
  private final int[] pieceEnds = new int[MOST_PIECES];

  /** Scratch space of {@link #count}. */
  private final IdBuffer counted = new IdBuffer(1 << 8);

  /**
   * @param words has the tables of stage 1
   * @param pieces encodes with the merges of stage 1
   * @param merges the merges of both stages
   * @param longestWhole the maximum length of pretokens that are looked up as tokens, or 0
   */
  SuperwordEncoder(
      SuperwordTables superwords,
      ByteWordEncoder words,
      CachedEncoder pieces,
      MergeTable merges,
      int longestWhole) {
    this.superwords = superwords;
    this.words = words;
    this.pieces = pieces;
    this.merges = merges;
    this.merger = new WordMerger(merges);
    this.longestWhole = longestWhole;
  }

  @Override
  public void encode(byte[] text, int start, int[] ends, int count, IdBuffer out) {
    int from = start;
    for (int i = 0; i < count; i++) {
      encode(text, from, ends[i], out);
      from = ends[i];
    }
  }

  @Override
  public void encodeEach(
      byte[] text, int start, int[] ends, int count, IdBuffer out, int[] idEnds) {
    int from = start;
    for (int i = 0; i < count; i++) {
      encode(text, from, ends[i], out);
      idEnds[i] = out.size();
      from = ends[i];
    }
  }

  @Override
  public void encodeWithLengths(byte[] text, int from, int to, IdBuffer out, IdBuffer lengths) {
    int first = out.size();
    encode(text, from, to, out);
    words.addLengths(text, from, to, out.ids(), first, out.size(), lengths);
  }

  @Override
  public int count(byte[] text, int start, int[] ends, int count) {
    counted.clear();
    encode(text, start, ends, count, counted);
    return counted.size();
  }

  /** Appends the ids of one pretoken. */
  private void encode(byte[] text, int from, int to, IdBuffer out) {
    int whole = to - from <= longestWhole ? words.idOfWhole(text, from, to) : -1;
    if (whole >= 0) {
      out.add(whole);
      return;
    }
    int first = out.size();
    for (int at = from; at < to; ) {
      int count = superwords.cut(text, at, to, pieceEnds);
      pieces.encode(text, at, pieceEnds, count, out);
      at = pieceEnds[count - 1];
    }
    int end = out.size();
    if (end - first > 1) {
      out.setSize(mergeSymbols(out.ids(), first, end));
    }
  }

  /**
   * Merges the symbols of stage 1 in {@code ids[first, end)} with all merges, in place. They are
   * cut into runs where no merge can join two neighbors. A run never grows, so its result is
   * written at or before its own beginning, and no symbol is overwritten before it is read.
   *
   * @return the end of the ids left
   */
  private int mergeSymbols(int[] ids, int first, int end) {
    int to = first;
    int from = first;
    int left = ids[first];
    for (int i = first + 1; i < end; i++) {
      int right = ids[i];
      if (!superwords.mayJoin(left, right)) {
        to += mergeRun(ids, from, i, to);
        from = i;
      }
      left = right;
    }
    return to + mergeRun(ids, from, end, to);
  }

  /**
   * Merges {@code ids[from, end)} and writes the result at {@code to}, which is not after {@code
   * from}. Most runs have one or two symbols: they need no {@link WordMerger}.
   *
   * @return the number of ids written
   */
  private int mergeRun(int[] ids, int from, int end, int to) {
    int count = end - from;
    if (count == 1) {
      ids[to] = ids[from];
      return 1;
    }
    if (count == 2) {
      return mergePair(ids[from], ids[from + 1], ids, to);
    }
    int left = merger.merge(ids, from, count);
    System.arraycopy(ids, from, ids, to, left);
    return left;
  }

  /** Writes the id of a pair that merges, or both ids, at {@code to}; returns their number. */
  private int mergePair(int left, int right, int[] ids, int to) {
    int rank = merges.rank(left, right);
    if (rank != MergeTable.NONE) {
      ids[to] = merges.result(rank);
      return 1;
    }
    ids[to] = left;
    ids[to + 1] = right;
    return 2;
  }
}

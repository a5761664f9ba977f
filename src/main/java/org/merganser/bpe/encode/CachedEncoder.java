package org.merganser.bpe.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/**
 * Encodes through {@link EncodingCaches}. A pretoken that they do not have is looked up as a token
 * with {@code ignore_merges}. Otherwise it is divided at its {@link MergeBarriers} if it has any;
 * each part is looked up, and merged by a {@link WordEncoder} if it is not found.
 */
final class CachedEncoder implements BpeEncoder, BpeCounter {
  /** The top bit of each byte, which is clear in ASCII. */
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  /** The number of pretokens whose places are touched together before their look-ups. */
  private static final int AHEAD = EncodingCaches.MOST_TOUCHED;

  /** Below this number of pretokens, touching their places first does not pay. */
  private static final int FEWEST_AHEAD = 16;

  private final WordEncoder words;
  private final @Nullable MergeBarriers barriers;
  private final boolean ignoreMerges;
  private final EncodingCaches caches;

  /**
   * The kind of parts in the caches. With {@code ignore_merges} a pretoken that is a token has that
   * id alone, but the same text as a part is merged. Else a part has the ids of the same pretoken.
   */
  private final EncodingCaches.Kind kindOfParts;

  /** Scratch space of {@link #count}. */
  private final IdBuffer counted = new IdBuffer(1 << 8);

  /** Scratch space of {@link #encodeWithLengths}: the end of its pretoken. */
  private final int[] oneEnd = new int[1];

  /**
   * @param words encodes what no cache has
   * @param barriers where pretokens are divided; null if they are not divided
   * @param ignoreMerges whether a pretoken that is a token is that token
   * @param packing for the ids of the model
   * @param onlyCounts whether ids are only counted
   */
  CachedEncoder(
      WordEncoder words,
      @Nullable MergeBarriers barriers,
      boolean ignoreMerges,
      PackedIds packing,
      boolean onlyCounts) {
    this.words = words;
    this.barriers = barriers;
    this.ignoreMerges = ignoreMerges;
    this.caches = new EncodingCaches(packing, onlyCounts);
    this.kindOfParts = ignoreMerges ? EncodingCaches.Kind.PART : EncodingCaches.Kind.PRETOKEN;
  }

  @Override
  public void encode(byte[] text, int start, int[] ends, int count, IdBuffer out) {
    int from = start;
    for (int first = 0; first < count; first += AHEAD) {
      int end = Math.min(count, first + AHEAD);
      if (end - first >= FEWEST_AHEAD) {
        caches.touch(text, from, ends, first, end);
      }
      appendBatch(text, from, ends, first, end, out);
      from = ends[end - 1];
    }
  }

  @Override
  public void encodeEach(
      byte[] text, int start, int[] ends, int count, IdBuffer out, int[] idEnds) {
    int from = start;
    for (int first = 0; first < count; first += AHEAD) {
      int end = Math.min(count, first + AHEAD);
      if (end - first >= FEWEST_AHEAD) {
        caches.touch(text, from, ends, first, end);
      }
      for (int i = first; i < end; i++) {
        if (caches.appendHits(text, from, ends, i, i + 1, out) == i) {
          appendOther(text, from, ends[i], out);
        }
        idEnds[i] = out.size();
        from = ends[i];
      }
    }
  }

  @Override
  public int count(byte[] text, int start, int[] ends, int count) {
    counted.clear();
    encode(text, start, ends, count, counted);
    return counted.size();
  }

  @Override
  public void encodeWithLengths(byte[] text, int from, int to, IdBuffer out, IdBuffer lengths) {
    int before = out.size();
    oneEnd[0] = to;
    encode(text, from, oneEnd, 1, out);
    if (out.size() - before == 1) {
      lengths.add(to - from);
    } else {
      words.addLengths(text, from, to, out.ids(), before, out.size(), lengths);
    }
  }

  /**
   * Appends the ids of the pretokens {@code first} to {@code end - 1}, at most {@link #AHEAD}.
   *
   * @param startOfFirst where pretoken {@code first} begins in {@code text}
   */
  private void appendBatch(
      byte[] text, int startOfFirst, int[] ends, int first, int end, IdBuffer out) {
    int from = startOfFirst;
    int i = first;
    while (i < end) {
      i = caches.appendHits(text, from, ends, i, end, out);
      if (i < end) {
        int at = i == first ? startOfFirst : ends[i - 1];
        appendOther(text, at, ends[i], out);
        from = ends[i];
        i++;
      }
    }
  }

  /**
   * Appends the ids of one pretoken, which {@link EncodingCaches#appendHits} did not append: from a
   * cache, else as a whole token with {@code ignore_merges}, else merged, in parts if it has
   * barriers.
   */
  private void appendOther(byte[] text, int from, int to, IdBuffer out) {
    if (caches.find(text, from, to, EncodingCaches.Kind.PRETOKEN, out)) {
      return;
    }
    int before = out.size();
    int whole = ignoreMerges ? words.idOfWhole(text, from, to) : -1;
    if (whole >= 0) {
      out.add(whole);
    } else if (barriers == null
        || isShortAscii(text, from, to)
        // Without a barrier, appendParts would look the pretoken up again, as a part.
        || barriers.next(text, from, to) == to) {
      words.merge(text, from, to, out);
    } else {
      appendParts(text, from, to, barriers, out);
    }
    caches.add(text, from, to, EncodingCaches.Kind.PRETOKEN, out, before);
  }

  /**
   * Whether a pretoken has at most {@value PretokenCache#LONGEST} bytes, all ASCII. Merging so few
   * takes less time than a search for barriers.
   */
  private static boolean isShortAscii(byte[] text, int from, int to) {
    int length = to - from;
    if (length > PretokenCache.LONGEST) {
      return false;
    }
    long low = LittleEndianWords.low(text, from, length);
    long high = LittleEndianWords.high(text, from, length);
    return ((low | high) & NOT_ASCII) == 0;
  }

  /** Appends the ids of a pretoken part by part, which its barriers separate. */
  private void appendParts(byte[] text, int from, int to, MergeBarriers between, IdBuffer out) {
    int part = from;
    int at = from;
    int character = PackedCharacter.at(text, at, to);
    while (at < to) {
      int end = at + PackedCharacter.length(character);
      int following = end < to ? PackedCharacter.at(text, end, to) : PackedCharacter.MALFORMED;
      if (end == to || between.isBarrier(text, part, end, to, character, following)) {
        int id = part == at ? words.idOfCharacter(character) : -1;
        if (id >= 0) {
          out.add(id);
        } else {
          appendPart(text, part, end, out);
        }
        part = end;
      }
      at = end;
      character = following;
    }
  }

  /** Appends the ids of a part of a pretoken. */
  private void appendPart(byte[] text, int from, int to, IdBuffer out) {
    if (!caches.find(text, from, to, kindOfParts, out)) {
      int before = out.size();
      words.merge(text, from, to, out);
      caches.add(text, from, to, kindOfParts, out, before);
    }
  }
}

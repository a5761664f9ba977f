package org.merganser.bpe.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/**
 * Encodes through caches. A {@link ShortPretokenCache} has the ids of pretokens of up to {@value
 * ShortPretokenCache#LONGEST} bytes, a {@link PretokenCache} those of up to {@value
 * PretokenCache#LONGEST} bytes, and a {@link PretokenArena} those of up to {@value
 * PretokenArena#LONGEST} bytes. Ids that do not fit one of them are in the next one. A pretoken
 * that is in none is looked up as a token with {@code ignore_merges}. Otherwise it is divided at
 * its {@link MergeBarriers} if it has any; each part is looked up, and merged if it is not found.
 *
 * <p>The places of pretokens are loaded before the look-ups only if these have more than 7 bytes:
 * for shorter ones that does not pay, since out-of-order execution overlaps their waits. Tried
 * without a gain: comparing both entries of a set without a branch; filling caches with the
 * vocabulary's tokens; a table for words of 16 to 30 bytes; and looking for short pretokens in the
 * arena too once their cache has evicted them.
 *
 * <p>An encoder that only counts has caches without ids, which hold twice as many entries. In its
 * buffers of ids only the size has a meaning.
 */
final class CachedEncoder implements BpeEncoder, BpeCounter {
  /** The top bit of each byte, which is clear in ASCII. */
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  /** The maximum number of pretokens whose places are touched before the look-ups. */
  private static final int AHEAD = 512;

  /** Below this number of pretokens, touching their places first does not pay. */
  private static final int FEWEST_AHEAD = 16;

  /** The maximum bytes of the {@link PretokenCache}. */
  private static final int CACHE_BYTES = cacheBytes();

  /** The maximum bytes of the {@link ShortPretokenCache}. */
  private static final int SHORT_CACHE_BYTES = Math.min(1 << 22, CACHE_BYTES / 2);

  /**
   * The maximum bytes of the {@link PretokenArena} besides its slots. It holds long pretokens of
   * scripts without spaces and is accessed sequentially, so a larger one does not slow other text.
   */
  private static final int ARENA_BYTES = 4 * CACHE_BYTES;

  private final WordEncoder words;
  private final @Nullable MergeBarriers barriers;
  private final boolean ignoreMerges;
  private final boolean onlyCounts;
  private final PackedIds packing;
  private final ShortPretokenCache shortCache;
  private final PretokenCache cache;
  private final PretokenArena arena;

  /** Scratch space of {@link #count}. */
  private final IdBuffer counted = new IdBuffer(1 << 8);

  /** Scratch space of {@link #encodeWithLengths}: the end of its pretoken. */
  private final int[] oneEnd = new int[1];

  /** Scratch space of {@link #touch}: the numbers of longer pretokens. */
  private final int[] longer = new int[AHEAD];

  /** Receives the loads of {@link #touch}, so that the compiler keeps them. Nothing reads it. */
  @SuppressWarnings("UnusedVariable")
  private long touched;

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
    this.onlyCounts = onlyCounts;
    this.packing = packing;
    this.shortCache = new ShortPretokenCache(packing, onlyCounts, SHORT_CACHE_BYTES);
    this.cache = new PretokenCache(packing, onlyCounts, CACHE_BYTES);
    this.arena = new PretokenArena(onlyCounts, ARENA_BYTES);
    this.words = words;
    this.barriers = barriers;
    this.ignoreMerges = ignoreMerges;
  }

  /**
   * 16 MB; or, if that is less, a thirty-second of the heap divided by the number of processors,
   * rounded down to a power of two, but at least 512 KB. Ids do not depend on it.
   *
   * <p>Why 16 MB: a job over ten copies of 172 MB of text takes 6 % less CPU time than with caches
   * of half the size, and a job over one copy takes the same time. With caches of twice the size
   * the first job takes 3 % less and the second 3 % more, since nearly every miss is a new word
   * there.
   */
  private static int cacheBytes() {
    Runtime machine = Runtime.getRuntime();
    long share = machine.maxMemory() / (32L * machine.availableProcessors());
    return (int) Long.highestOneBit(Math.max(1 << 19, Math.min(1 << 24, share)));
  }

  @Override
  public void encode(byte[] text, int start, int[] ends, int count, IdBuffer out) {
    int from = start;
    for (int first = 0; first < count; first += AHEAD) {
      int end = Math.min(count, first + AHEAD);
      if (end - first >= FEWEST_AHEAD) {
        touch(text, from, ends, first, end);
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
        touch(text, from, ends, first, end);
      }
      for (int i = first; i < end; i++) {
        if (appendHits(text, from, ends, i, i + 1, out) == i) {
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
    int first = out.size();
    oneEnd[0] = to;
    encode(text, from, oneEnd, 1, out);
    if (out.size() - first == 1) {
      lengths.add(to - from);
    } else {
      words.addLengths(text, from, to, out.ids(), first, out.size(), lengths);
    }
  }

  /**
   * Loads the places of the pretokens {@code first} to {@code end - 1} that are longer than 7
   * bytes, so that the processor fetches all of them at once. Shorter ones are in near caches.
   */
  private void touch(byte[] text, int start, int[] ends, int first, int end) {
    int n = 0;
    int from = start;
    for (int i = first; i < end; i++) {
      longer[n] = i;
      // 1 for a longer one, which the next number then does not replace; without a branch
      n += (ShortPretokenCache.LONGEST - (ends[i] - from)) >>> 31;
      from = ends[i];
    }
    long[] table = cache.table();
    int shift = cache.shift();
    int setLog = cache.setLog();
    int lastInside = text.length - 16;
    long sum = 0;
    for (int k = 0; k < n; k++) {
      int at = longer[k] == first ? start : ends[longer[k] - 1];
      int length = ends[longer[k]] - at;
      if (at > lastInside) {
        break;
      }
      if (length <= PretokenCache.LONGEST) {
        long low = LittleEndianWords.lowInside(text, at, length);
        long high = LittleEndianWords.highInside(text, at, length);
        sum += table[CacheSets.set(PretokenCache.hash(low, high), shift, setLog)];
      } else if (length <= PretokenArena.LONGEST) {
        sum += arena.touch(text, at, length);
      }
    }
    touched += sum;
  }

  /**
   * Appends the ids of the pretokens {@code first} to {@code end - 1}, at most {@link #AHEAD}.
   *
   * @param start where pretoken {@code first} begins in {@code text}
   */
  private void appendBatch(byte[] text, int start, int[] ends, int first, int end, IdBuffer out) {
    int from = start;
    int i = first;
    while (i < end) {
      i = appendHits(text, from, ends, i, end, out);
      if (i < end) {
        int at = i == first ? start : ends[i - 1];
        appendOther(text, at, ends[i], out);
        from = ends[i];
        i++;
      }
    }
  }

  /**
   * Looks up the pretokens {@code first} to {@code end - 1} and appends their ids, as long as they
   * are short and the first of their set. This inner loop has no other work: even a rare call in it
   * slows all look-ups by a tenth, since no register survives a call.
   *
   * @param start where pretoken {@code first} begins in {@code text}
   * @return the number of the first pretoken that is not encoded
   */
  private int appendHits(byte[] text, int start, int[] ends, int first, int end, IdBuffer out) {
    int[] ids = out.ensure(PretokenCache.WRITTEN * (end - first));
    int size = out.size();
    long[] shorts = shortCache.table();
    int shortShift = shortCache.shift();
    int shortSetLog = shortCache.setLog();
    long[] table = cache.table();
    int shift = cache.shift();
    int setLog = cache.setLog();
    boolean writes = !onlyCounts;
    int lastInside = text.length - 16;
    int from = start;
    int i = first;
    for (; i < end && from <= lastInside; i++) {
      int to = ends[i];
      int length = to - from;
      if (length <= ShortPretokenCache.LONGEST) {
        long key = ShortPretokenCache.key(LittleEndianWords.inside(text, from), length);
        int entry = CacheSets.set(ShortPretokenCache.hash(key), shortShift, shortSetLog);
        long marks = shorts[entry] ^ key;
        if ((marks & ~ShortPretokenCache.COUNT) != 0) {
          break;
        }
        if (writes) {
          packing.unpack(shorts[entry + 1], ids, size);
        }
        size += (int) (marks >>> ShortPretokenCache.COUNT_SHIFT) + 1;
      } else if (length <= PretokenCache.LONGEST) {
        long low = LittleEndianWords.inside(text, from);
        long high = LittleEndianWords.highInside(text, from, length);
        int entry = CacheSets.set(PretokenCache.hash(low, high), shift, setLog);
        long last = PretokenCache.compare(table[entry + 1], high);
        if (table[entry] != low || Long.compareUnsigned(last, PretokenCache.IDS_ELSEWHERE) >= 0) {
          break;
        }
        if (writes) {
          PretokenCache.write(packing, table, entry, (int) last, ids, size);
        }
        size += (int) last + 1;
      } else {
        break;
      }
      from = to;
    }
    out.setSize(size);
    return i;
  }

  /**
   * Appends the ids of one pretoken, which {@link #appendHits} did not append: from a cache, else
   * as a whole token with {@code ignore_merges}, else merged, in parts if it has barriers.
   */
  private void appendOther(byte[] text, int from, int to, IdBuffer out) {
    boolean ownKey = false;
    if (find(text, from, to, ownKey, out)) {
      return;
    }
    int before = out.size();
    int whole = ignoreMerges ? words.idOfWhole(text, from, to) : -1;
    if (whole >= 0) {
      out.add(whole);
    } else if (barriers == null
        || isShortAscii(text, from, to)
        || barriers.next(text, from, to) == to) {
      words.merge(text, from, to, out);
    } else {
      appendParts(text, from, to, barriers, out);
    }
    remember(text, from, to, ownKey, before, out);
  }

  /**
   * Whether a pretoken has at most 15 bytes, all ASCII; it is merged without a look at barriers.
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
    boolean ownKey = ignoreMerges;
    if (!find(text, from, to, ownKey, out)) {
      int before = out.size();
      words.merge(text, from, to, out);
      remember(text, from, to, ownKey, before, out);
    }
  }

  /**
   * Appends the ids of {@code text[from, to)} and returns true if a cache has them.
   *
   * @param ownKey whether the text is a part whose ids may differ from those of the same pretoken,
   *     so that it has a key of its own
   */
  private boolean find(byte[] text, int from, int to, boolean ownKey, IdBuffer out) {
    int length = to - from;
    int found = CacheSets.ELSEWHERE;
    if (length <= ShortPretokenCache.LONGEST) {
      found = shortCache.find(shortKey(text, from, length, ownKey), out);
    }
    if (found == CacheSets.ELSEWHERE && length <= PretokenCache.LONGEST) {
      long low = LittleEndianWords.low(text, from, length);
      found = cache.find(low, highOfKey(text, from, length, ownKey), out);
    }
    if (found == CacheSets.ELSEWHERE && length <= PretokenArena.LONGEST) {
      return arena.find(text, from, to, kind(ownKey), out);
    }
    return found == CacheSets.FOUND;
  }

  /**
   * Adds the ids of {@code text[from, to)}, which begin at {@code first} in the buffer, to the
   * first cache that holds as many bytes and ids.
   *
   * @param ownKey as in {@link #find}
   */
  private void remember(byte[] text, int from, int to, boolean ownKey, int first, IdBuffer out) {
    int length = to - from;
    int[] ids = out.ids();
    int count = out.size() - first;
    if (length <= ShortPretokenCache.LONGEST
        && shortCache.add(shortKey(text, from, length, ownKey), ids, first, count)) {
      return;
    }
    if (length <= PretokenCache.LONGEST) {
      long low = LittleEndianWords.low(text, from, length);
      if (cache.add(low, highOfKey(text, from, length, ownKey), ids, first, count)) {
        return;
      }
    }
    if (length <= PretokenArena.LONGEST && count > 0 && count <= PretokenArena.MOST_IDS) {
      arena.add(text, from, to, kind(ownKey), ids, first, count);
    }
  }

  /** The key in the {@link ShortPretokenCache}. */
  private static long shortKey(byte[] text, int from, int length, boolean ownKey) {
    long key = ShortPretokenCache.key(LittleEndianWords.load(text, from, length), length);
    return ownKey ? key | ShortPretokenCache.PART : key;
  }

  /** The second long of the key in the {@link PretokenCache}. */
  private static long highOfKey(byte[] text, int from, int length, boolean ownKey) {
    long high = LittleEndianWords.high(text, from, length);
    return ownKey ? high | PretokenCache.PART : high;
  }

  /** The kind of the key in the {@link PretokenArena}. */
  private static int kind(boolean ownKey) {
    return ownKey ? PretokenArena.PART : PretokenArena.PRETOKEN;
  }
}

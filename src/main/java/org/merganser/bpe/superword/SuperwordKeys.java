package org.merganser.bpe.superword;

import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.TrainedBpe;

/**
 * Produces the keys that stage 2 of a SuperBPE training counts. A segment of text that stage 2 does
 * not cut is encoded with the vocabulary of stage 1. The keys are either its pairs of adjacent ids,
 * or runs of ids: the segment is cut at each pair that is not among the {@link WordPairs}. Runs of
 * a single id, in which nothing is merged, are left out. Not thread-safe.
 *
 * <p>In a key an id is {@value #ID_BYTES} bytes, the highest first.
 */
public final class SuperwordKeys {
  /** The bytes of an id in a key. */
  static final int ID_BYTES = 3;

  /** All ids in a key are below this. */
  static final int ID_BOUND = 1 << (Byte.SIZE * ID_BYTES);

  /** Receives keys. */
  @FunctionalInterface
  public interface KeySink {
    /**
     * Receives adjacent keys, each to be counted once. The arrays are only valid during the call.
     *
     * @param start where the first key begins
     * @param ends where each key ends and the next one begins
     * @param count the number of keys, 0 or more
     */
    void count(byte[] keys, int start, int[] ends, int count);
  }

  /** The maximum number of keys that are passed on at once. */
  private static final int BATCH = 1 << 12;

  /** Encodes segments by stage 1. */
  private final BpeEncoder encoder;

  /** Decides which pairs a merge may join. */
  private final SuperwordRule rule;

  /** The pairs at which runs are not cut; null to produce pairs. */
  private final @Nullable WordPairs uncut;

  /** The ids of the current segment. */
  private final IdBuffer ids = new IdBuffer(1 << 10);

  /** Scratch space: the end of the current segment, as the encoder takes it. */
  private final int[] oneEnd = new int[1];

  /** The keys of the current batch are {@code keys[0, length)}. */
  private byte[] keys = new byte[1 << 14];

  private int length;

  /** Where each key of the current batch ends. */
  private final int[] keyEnds = new int[BATCH];

  /** The number of keys in the current batch. */
  private int count;

  private SuperwordKeys(BpeEncoder encoder, TrainedBpe stage1, @Nullable WordPairs uncut) {
    if (stage1.tokens().size() > ID_BOUND) {
      throw new IllegalArgumentException(
          stage1.tokens().size() + " tokens; keys have ids below " + ID_BOUND);
    }
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    stage1.tokens().forEach(vocabulary::add);
    this.encoder = encoder;
    long noLimit = Long.MAX_VALUE; // SuperwordTrainer applies the limit of the job
    this.rule = new SuperwordRule(vocabulary, noLimit);
    this.uncut = uncut;
  }

  /**
   * Produces pairs, except those that no merge may join.
   *
   * @param encoder encodes by {@code stage1}
   */
  public static SuperwordKeys ofPairs(BpeEncoder encoder, TrainedBpe stage1) {
    WordPairs noRuns = null;
    return new SuperwordKeys(encoder, stage1, noRuns);
  }

  /**
   * Produces runs of ids, which are cut at all pairs but {@code uncut}.
   *
   * @param encoder encodes by {@code stage1}
   */
  public static SuperwordKeys ofRuns(BpeEncoder encoder, TrainedBpe stage1, WordPairs uncut) {
    return new SuperwordKeys(encoder, stage1, uncut);
  }

  /**
   * Passes on the keys of adjacent segments.
   *
   * @param start where the first segment begins in {@code text}
   * @param segmentEnds where each segment ends and the next one begins
   * @param number the number of segments
   */
  public void addAll(byte[] text, int start, int[] segmentEnds, int number, KeySink sink) {
    int from = start;
    for (int i = 0; i < number; i++) {
      ids.clear();
      oneEnd[0] = segmentEnds[i];
      encoder.encode(text, from, oneEnd, 1, ids);
      if (uncut == null) {
        addPairs(sink);
      } else {
        addRuns(uncut, sink);
      }
      from = segmentEnds[i];
    }
    flush(sink);
  }

  /** Adds the pairs of the current segment that a merge may join. */
  private void addPairs(KeySink sink) {
    int[] symbols = ids.ids();
    for (int i = 1; i < ids.size(); i++) {
      if (rule.allows(symbols[i - 1], symbols[i])) {
        addKey(i - 1, i + 1, sink);
      }
    }
  }

  /** Adds the runs of two ids and more, cut at each pair that is not among {@code uncutPairs}. */
  private void addRuns(WordPairs uncutPairs, KeySink sink) {
    int[] symbols = ids.ids();
    int from = 0;
    for (int i = 1; i < ids.size(); i++) {
      if (!uncutPairs.contains(symbols[i - 1], symbols[i])) {
        if (i - from > 1) {
          addKey(from, i, sink);
        }
        from = i;
      }
    }
    if (ids.size() - from > 1) {
      addKey(from, ids.size(), sink);
    }
  }

  /** Adds the key of {@code ids[from, to)} to the batch, after passing a full one on. */
  private void addKey(int from, int to, KeySink sink) {
    int needed = ID_BYTES * (to - from);
    if (count == BATCH || length > keys.length - needed) {
      flush(sink);
      if (needed > keys.length) {
        keys = new byte[Math.max(needed, 2 * keys.length)];
      }
    }
    int[] symbols = ids.ids();
    for (int i = from; i < to; i++) {
      put(symbols[i], keys, length);
      length += ID_BYTES;
    }
    keyEnds[count++] = length;
  }

  /** Passes the current batch on, which may be empty, and begins another one. */
  private void flush(KeySink sink) {
    int passedOn = count;
    length = 0;
    count = 0;
    sink.count(keys, 0, keyEnds, passedOn);
  }

  /** Writes an id below {@link #ID_BOUND} into a key. */
  static void put(int id, byte[] bytes, int at) {
    bytes[at] = (byte) (id >>> 16);
    bytes[at + 1] = (byte) (id >>> 8);
    bytes[at + 2] = (byte) id;
  }

  /** Reads an id from a key. */
  static int id(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 16) | ((bytes[at + 1] & 0xFF) << 8) | (bytes[at + 2] & 0xFF);
  }
}

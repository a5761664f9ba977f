package org.merganser.bpe.superword;

import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.train.GrowingVocabulary;
import org.merganser.bpe.train.TrainedBpe;

/**
 * Produces the keys that stage 2 of a SuperBPE training counts. A segment of text that stage 2 does
 * not cut is encoded with the vocabulary of stage 1. The keys are either the pairs of adjacent ids,
 * or the runs of ids between pairs that are not among the {@link WordPairs}. Runs of a single id,
 * in which nothing is merged, are left out. A run is at most as long as a document. Not
 * thread-safe.
 *
 * <p>In a key an id is {@value #ID_BYTES} bytes, the highest first.
 */
public final class WordRuns {
  static final int ID_BYTES = 3;

  /** Counts adjacent keys once each, like {@code PretokenCounts.addAll}. */
  @FunctionalInterface
  public interface Keys {
    void count(byte[] keys, int start, int[] ends, int count);
  }

  private static final int FLUSH = 1 << 12;

  private final BpeEncoder words;
  private final SuperwordRule rule;
  private final @Nullable WordPairs pairs;
  private final IdBuffer ids = new IdBuffer(1 << 10);
  private final int[] oneEnd = new int[1];

  private byte[] keys = new byte[1 << 14];

  private int length;
  private int[] ends = new int[FLUSH];
  private int count;

  private WordRuns(BpeEncoder words, TrainedBpe stage1, @Nullable WordPairs pairs) {
    GrowingVocabulary vocabulary = new GrowingVocabulary();
    stage1.tokens().forEach(vocabulary::add);
    this.words = words;
    this.rule = new SuperwordRule(vocabulary, Long.MAX_VALUE);
    this.pairs = pairs;
  }

  /** Counts pairs, except those that no merge may join; {@code words} encodes by stage 1. */
  public static WordRuns ofPairs(BpeEncoder words, TrainedBpe stage1) {
    return new WordRuns(words, stage1, null);
  }

  public static WordRuns between(BpeEncoder words, TrainedBpe stage1, WordPairs pairs) {
    return new WordRuns(words, stage1, pairs);
  }

  /**
   * Adds the keys of adjacent segments; the arguments are those of {@code
   * text.pretokenize.PretokenSink}.
   */
  public void addAll(byte[] text, int start, int[] segmentEnds, int number, Keys counts) {
    int from = start;
    for (int i = 0; i < number; i++) {
      ids.clear();
      oneEnd[0] = segmentEnds[i];
      words.encode(text, from, oneEnd, 1, ids);
      if (pairs == null) {
        addPairs(counts);
      } else {
        addRuns(pairs, counts);
      }
      from = segmentEnds[i];
    }
    flush(counts);
  }

  private void addPairs(Keys counts) {
    int[] symbols = ids.ids();
    for (int i = 1; i < ids.size(); i++) {
      if (rule.allows(symbols[i - 1], symbols[i])) {
        add(i - 1, i + 1, counts);
      }
    }
  }

  private void addRuns(WordPairs frequent, Keys counts) {
    int[] symbols = ids.ids();
    int from = 0;
    for (int i = 1; i < ids.size(); i++) {
      if (!frequent.contains(symbols[i - 1], symbols[i])) {
        if (i - from > 1) {
          add(from, i, counts);
        }
        from = i;
      }
    }
    if (ids.size() - from > 1) {
      add(from, ids.size(), counts);
    }
  }

  private void add(int from, int to, Keys counts) {
    int needed = ID_BYTES * (to - from);
    if (count == FLUSH || length > keys.length - needed) {
      flush(counts);
      if (needed > keys.length) {
        keys = new byte[Math.max(needed, 2 * keys.length)];
      }
    }
    int[] symbols = ids.ids();
    for (int i = from; i < to; i++) {
      put(symbols[i], keys, length);
      length += ID_BYTES;
    }
    ends[count++] = length;
  }

  private void flush(Keys counts) {
    counts.count(keys, 0, ends, count);
    length = 0;
    count = 0;
  }

  static void put(int id, byte[] bytes, int at) {
    bytes[at] = (byte) (id >>> 16);
    bytes[at + 1] = (byte) (id >>> 8);
    bytes[at + 2] = (byte) id;
  }

  static int id(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF);
  }
}

package org.merganser.bpe;

import java.util.Arrays;
import java.util.BitSet;

/**
 * One run of the trainer over words that are symbols already: HF's {@code count_pairs} and merge
 * loop, with the same queue, seen through flat arrays.
 *
 * <p>What HF does and a textbook would not, and this keeps: the count of a merged pair is not
 * zeroed; where the merged string is a token already, its id is reused, and a pair that was queued
 * before is queued again with its new words only, so that a pair may be merged twice.
 */
final class MergeLearner {
  private static final int PROGRESS_EVERY = 256;

  private final TrainerSettings settings;
  private final GrowingVocabulary vocabulary;
  private final Words words;
  private final PairTable pairs = new PairTable();
  private final MergeQueue queue;
  private final OccurrenceLists lists;
  private final long maxTokenLength;
  private final long minimum;

  /** Characters of each token. */
  private int[] lengths;

  private final Neighbours left;
  private final Neighbours right;

  /** New pairs of the merge at hand in the order of the words: symbol << 1 | side, distance. */
  private int[] logSymbols = new int[1 << 10];

  private int[] logDistances = new int[1 << 10];
  private int logged;

  /** The pair records merged, by rank. */
  private int[] merged = new int[1 << 10];

  private int merges;

  private long peakBytes;

  MergeLearner(TrainerSettings settings, GrowingVocabulary vocabulary, Words words) {
    this.settings = settings;
    this.vocabulary = vocabulary;
    this.words = words;
    Integer limit = settings.maxTokenLength();
    maxTokenLength = limit == null ? Long.MAX_VALUE : limit;
    minimum = Math.max(1, settings.minFrequency());
    int symbols = Math.max(vocabulary.size(), Math.min(settings.vocabSize(), 1 << 17)) + 1;
    lengths = new int[symbols];
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      lengths[id] = token.codePointCount(0, token.length());
    }
    left = new Neighbours(symbols);
    right = new Neighbours(symbols);
    queue = new MergeQueue(pairs, minimum);
    lists = new FirstPairs(words, pairs, lengths, maxTokenLength).count();
    for (int record = 0; record < pairs.size(); record++) {
      pairs.setQueuedCount(record, pairs.count(record));
    }
  }

  /** Merges until the vocabulary is full, no pair is left or the best pair is too rare. */
  TrainedBpe learn(BpeTrainer.Progress progress) {
    int before = vocabulary.size();
    int wanted = Math.max(0, settings.vocabSize() - before);
    while (vocabulary.size() < settings.vocabSize()) {
      int record = queue.poll();
      if (record < 0) {
        break;
      }
      int pair = pairs.find(pairs.key(record));
      long count = pairs.count(pair);
      if (pairs.queuedCount(record) != count) {
        pairs.setQueuedCount(record, count);
        queue.offer(record);
        continue;
      }
      if (count < minimum) {
        break;
      }
      merge(record);
      remember(pair);
      if (merges % PROGRESS_EVERY == 0) {
        progress.merges(vocabulary.size() - before, wanted);
      }
    }
    peakBytes = Math.max(peakBytes, memoryBytes());
    progress.merges(vocabulary.size() - before, wanted);
    return new TrainedBpe(vocabulary.tokens(), mergesByRank());
  }

  private void merge(int record) {
    int a = pairs.left(record);
    int b = pairs.right(record);
    int token = vocabulary.add(vocabulary.token(a) + vocabulary.token(b));
    if (token >= lengths.length) {
      lengths = Arrays.copyOf(lengths, lengths.length + (lengths.length >> 1) + 1);
      left.ensureSymbols(lengths.length);
      right.ensureSymbols(lengths.length);
    }
    lengths[token] = lengths[a] + lengths[b];
    mergeInWords(record, a, b, token);
    pairs.setQueuedCount(record, PairTable.CONSUMED);
    lists.free(record);
    updatePairs(a, b, token);
    left.clear();
    right.clear();
    logged = 0;
  }

  private void mergeInWords(int record, int a, int b, int token) {
    byte[] data = lists.data();
    int list = pairs.list(record);
    int end = lists.end(list);
    int word = -1;
    for (int at = lists.begin(list); at < end; ) {
      int distance = data[at++];
      if (distance < 0) {
        distance &= 0x7F;
        byte next = data[at++];
        int shift = 7;
        while (next < 0) {
          distance |= (next & 0x7F) << shift;
          shift += 7;
          next = data[at++];
        }
        distance |= next << shift;
      }
      word += distance;
      mergeInWord(word, a, b, token);
    }
  }

  /**
   * Left to right, as HF's {@code Word::merge}: a merged token is at once its right part's left.
   */
  private void mergeInWord(int word, int a, int b, int token) {
    int n = words.read(word);
    int[] symbols = words.symbols();
    long count = words.count();
    int length = lengths[token];
    int out = 0;
    int i = 0;
    while (i < n) {
      int symbol = symbols[i];
      if (symbol != a || i + 1 == n || symbols[i + 1] != b) {
        symbols[out++] = symbol;
        i++;
        continue;
      }
      i += 2;
      if (out > 0) {
        int previous = symbols[out - 1];
        left.lose(previous, count);
        if (lengths[previous] + (long) length < maxTokenLength) {
          log(previous << 1, left.gain(previous, word, count));
        }
      }
      symbols[out++] = token;
      if (i < n) {
        int next = symbols[i];
        right.lose(next, count);
        if (lengths[next] + (long) length < maxTokenLength) {
          if (next == token) {
            // (token, token) is always accounted on the left, so that it has one list.
            log(token << 1, left.gain(token, word, count));
          } else {
            log(next << 1 | 1, right.gain(next, word, count));
          }
        }
      }
    }
    if (out < n) {
      words.write(out, n);
    }
  }

  private void log(int symbolAndSide, int distance) {
    if (distance == 0) {
      return;
    }
    if (logged == logSymbols.length) {
      int larger = logged + (logged >> 1);
      logSymbols = Arrays.copyOf(logSymbols, larger);
      logDistances = Arrays.copyOf(logDistances, larger);
    }
    logSymbols[logged] = symbolAndSide;
    logDistances[logged++] = distance;
  }

  private void updatePairs(int a, int b, int token) {
    // All gains, then all losses: a pair may be on both sides or gain and lose in one merge.
    for (int i = 0; i < left.size(); i++) {
      gain(left, left.symbol(i), PairTable.key(left.symbol(i), token));
    }
    for (int i = 0; i < right.size(); i++) {
      gain(right, right.symbol(i), PairTable.key(token, right.symbol(i)));
    }
    for (int i = 0; i < left.size(); i++) {
      lose(left.lost(left.symbol(i)), PairTable.key(left.symbol(i), a));
    }
    for (int i = 0; i < right.size(); i++) {
      lose(right.lost(right.symbol(i)), PairTable.key(b, right.symbol(i)));
    }
    long bytes = wantedBytes(left) + wantedBytes(right);
    lists.ensure(bytes);
    queueGained(left);
    queueGained(right);
    for (int i = 0; i < logged; i++) {
      Neighbours side = (logSymbols[i] & 1) == 0 ? left : right;
      int symbol = logSymbols[i] >>> 1;
      int at = side.cursor(symbol);
      if (at >= 0) {
        side.setCursor(symbol, lists.write(at, logDistances[i]));
      }
    }
  }

  private void gain(Neighbours side, int symbol, long key) {
    if (side.gained(symbol) > 0) {
      int pair = pairs.findOrAdd(key);
      pairs.addToCount(pair, side.gained(symbol));
      side.setRecord(symbol, pair);
    }
  }

  private void lose(long count, long key) {
    if (count > 0) {
      int pair = pairs.find(key);
      // A pair that is too long for a token was never counted.
      if (pair >= 0) {
        pairs.addToCount(pair, -count);
      }
    }
  }

  private long wantedBytes(Neighbours side) {
    long bytes = 0;
    for (int i = 0; i < side.size(); i++) {
      int symbol = side.symbol(i);
      if (side.gained(symbol) > 0 && pairs.count(side.record(symbol)) > 0) {
        bytes += OccurrenceLists.listBytes(side.wordBytes(symbol));
      }
    }
    return bytes;
  }

  private void queueGained(Neighbours side) {
    for (int i = 0; i < side.size(); i++) {
      int symbol = side.symbol(i);
      if (side.gained(symbol) == 0) {
        continue;
      }
      int pair = side.record(symbol);
      long count = pairs.count(pair);
      if (count <= 0) {
        side.setCursor(symbol, -1);
        continue;
      }
      int record = pair;
      if (pairs.queuedCount(pair) != PairTable.NEVER_QUEUED) {
        record = pairs.addDuplicate(pairs.key(pair));
      }
      side.setCursor(symbol, lists.allocate(record, side.wordBytes(symbol)));
      pairs.setQueuedCount(record, count);
      queue.offer(record);
    }
  }

  private void remember(int pair) {
    if (merges == merged.length) {
      merged = Arrays.copyOf(merged, 2 * merges);
    }
    merged[merges++] = pair;
  }

  /** Where a pair was merged twice, its last rank counts. */
  private int[] mergesByRank() {
    BitSet seen = new BitSet(pairs.size());
    int[] ranked = new int[2 * merges];
    int at = ranked.length;
    for (int m = merges - 1; m >= 0; m--) {
      int pair = merged[m];
      if (!seen.get(pair)) {
        seen.set(pair);
        ranked[--at] = pairs.right(pair);
        ranked[--at] = pairs.left(pair);
      }
    }
    return Arrays.copyOfRange(ranked, at, ranked.length);
  }

  /** Bytes of all arrays now. */
  long memoryBytes() {
    return words.memoryBytes()
        + pairs.memoryBytes()
        + queue.memoryBytes()
        + lists.memoryBytes()
        + left.memoryBytes()
        + right.memoryBytes()
        + 8L * logSymbols.length
        + 4L * merged.length
        + 4L * lengths.length;
  }
}

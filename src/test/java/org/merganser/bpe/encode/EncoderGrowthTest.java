package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;

/** Large and hostile input: caches that grow and overflow, words without a barrier, no garbage. */
class EncoderGrowthTest {
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  EncoderGrowthTest() {
    for (int b = 0; b < 256; b++) {
      entries.add(new Entry(String.valueOf(ByteAlphabet.toChar(b)), b));
    }
    for (String merge :
        List.of("a a", "aa aa", "aaaa aaaa", "b a", "ba b", "ab ba", "a b", "aa b", "Ġ Ġ", "Ġ a")) {
      String[] parts = merge.split(" ");
      merges.addAll(List.of(parts));
      entries.add(new Entry(parts[0] + parts[1], entries.size()));
    }
    entries.removeIf(entry -> entry.token().equals("abba"));
    entries.add(new Entry("abba", 70_000));
  }

  private BpeModel model() {
    return model(70_000);
  }

  /** A model whose largest id is that of "abba". */
  private BpeModel model(int largest) {
    List<Entry> all = new ArrayList<>(entries);
    all.remove(all.size() - 1);
    all.add(new Entry("abba", largest));
    return ListedModel.of(all, merges, Options.NONE);
  }

  private List<Integer> ids(BpeEncoder encoder, byte[] word) {
    IdBuffer out = new IdBuffer(1);
    encoder.encode(word, 0, new int[] {word.length}, 1, out);
    return Arrays.stream(out.toArray()).boxed().toList();
  }

  @Test
  @Tag("long")
  void aFullCacheForgetsButNeverConfuses() {
    for (int largest : new int[] {400, 70_000, 3_000_000}) {
      long seed = Seeds.next();
      Random random = new Random(seed);
      BpeModel model = model(largest);
      BpeEncoder encoder = model.newEncoder(true);
      BpeCounter counter = model.newCounter(true);
      WordMerger merger = new WordMerger(mergeTable(model));
      byte[] text = new byte[30];
      int[] symbols = new int[30];
      // More distinct words than both caches hold; a word is met again now and then.
      for (int i = 0; i < 600_000; i++) {
        int length = 1 + random.nextInt(i % 8 == 0 ? 30 : 15);
        int word = random.nextInt(400_000);
        int rest = word;
        for (int k = 0; k < length; k++) {
          text[k] = (byte) "aabb ".charAt(rest % 5);
          rest /= 3;
          symbols[k] = text[k] == ' ' ? model.id("Ġ") : model.id(String.valueOf((char) text[k]));
        }
        int left = merger.merge(symbols, 0, length);
        IdBuffer out = new IdBuffer(1);
        encoder.encode(text, 0, new int[] {length}, 1, out);
        if (!Arrays.equals(out.ids(), 0, out.size(), symbols, 0, left)) {
          assertThat(out.toArray())
              .as("seed %d word %d largest id %d", seed, i, largest)
              .isEqualTo(Arrays.copyOf(symbols, left));
        }
        if (counter.count(text, 0, new int[] {length}, 1) != left) {
          assertThat(counter.count(text, 0, new int[] {length}, 1))
              .as("seed %d word %d largest id %d", seed, i, largest)
              .isEqualTo(left);
        }
      }
    }
  }

  /** Each encoder has caches of its own; the model is shared. */
  @Test
  void encodersOfTwoThreadsDoNotDisturbEachOther() throws Exception {
    BpeModel model = model(400);
    byte[] text = new byte[400_000];
    int[] ends = new int[text.length];
    int count = randomPretokens(new Random(Seeds.next()), text, ends);
    IdBuffer expected = new IdBuffer(text.length);
    model.newEncoder(true).encode(text, 0, ends, count, expected);
    int pretokens = count;
    Callable<int[]> task =
        () -> {
          BpeEncoder encoder = model.newEncoder(true);
          IdBuffer out = new IdBuffer(1);
          for (int i = 0; i < 3; i++) {
            out.clear();
            encoder.encode(text, 0, ends, pretokens, out);
          }
          return out.toArray();
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<int[]> each : threads.invokeAll(List.of(task, task))) {
        assertThat(each.get()).isEqualTo(expected.toArray());
      }
    } finally {
      threads.shutdown();
    }
  }

  /** Cuts text of a few letters into pretokens of up to 100 bytes; returns how many. */
  private static int randomPretokens(Random random, byte[] text, int[] ends) {
    int count = 0;
    for (int at = 0; at < text.length; ) {
      int to = Math.min(text.length, at + 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 12));
      for (; at < to; at++) {
        text[at] = (byte) "aaab ".charAt(random.nextInt(5));
      }
      ends[count++] = to;
    }
    return count;
  }

  private static MergeTable mergeTable(BpeModel model) {
    int[] pairs = new int[2 * model.mergeCount()];
    int[] results = new int[model.mergeCount()];
    for (int rank = 0; rank < results.length; rank++) {
      pairs[2 * rank] = model.mergeLeft(rank);
      pairs[2 * rank + 1] = model.mergeRight(rank);
      results[rank] = model.mergeResult(rank);
    }
    return new MergeTable(pairs, results, model.idBound());
  }

  @Test
  @Tag("long")
  void longWordsWithoutABarrierEqualTheQueue() {
    PlainBpe plain = new PlainBpe(entries, merges, Options.NONE);
    BpeEncoder encoder = model().newEncoder(true);
    String fibonacci = "a";
    for (String before = "b"; fibonacci.length() < 20_000; ) {
      String next = fibonacci + before;
      before = fibonacci;
      fibonacci = next;
    }
    for (String word :
        List.of(
            "a".repeat(20_001),
            "ab".repeat(10_000),
            "ba".repeat(10_000) + "a",
            " ".repeat(9_999) + "a",
            fibonacci)) {
      assertThat(ids(encoder, word.getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(plain.ids(word.replace(' ', 'Ġ')));
    }
  }

  @Test
  void aWordOfAMegabyteIsNoTrouble() {
    BpeEncoder encoder = model().newEncoder(true);
    byte[] word = "a".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    assertThat(ids(encoder, word)).hasSize(1 << 17).containsOnly(model().id("aaaaaaaa"));
  }

  @Test
  void allocatesNothingForAPretoken() {
    byte[] text = new byte[2_000_000];
    int[] ends = new int[text.length];
    int count = randomPretokens(new Random(1), text, ends);
    BpeEncoder encoder = model().newEncoder(true);
    BpeCounter counter = model().newCounter(true);
    IdBuffer out = new IdBuffer(0);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long allocated = Long.MAX_VALUE;
    // The caches grow in the first rounds.
    for (int i = 0; i < 20 && allocated >= 4096; i++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int k = 0; k < 5; k++) {
        out.clear();
        encoder.encode(text, 0, ends, count, out);
        assertThat(counter.count(text, 0, ends, count) == out.size()).isTrue();
      }
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    }
    assertThat(allocated).isLessThan(4096);
  }
}

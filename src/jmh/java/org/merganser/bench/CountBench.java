package org.merganser.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Measures counting the tokens of strings of 4 KB, as an application does that keeps a budget,
 * beside jtokkit. The counts are proved equal first. Times are CPU times of one thread: the best of
 * seven rounds, and their median, which suffers from what else runs on the machine. Sizes are those
 * of UTF-8. Half of the text, {@value #MOST_BYTES} bytes of all files alike, is what the caches
 * have seen before the other half is measured (warm), and then measured once more (again).
 *
 * <p>Run, after {@code ./merganser bench --help} has built the class path: {@code java -cp $(cat
 * target/bench.classpath):target/test-classes:target/classes org.merganser.bench.CountBench
 * tokenizer.json 'corpus/*.jsonl.zst'}
 */
public final class CountBench {
  /** The bytes of a string. */
  private static final int TEXT = 4096;

  private static final int ROUNDS = 7;
  private static final long MOST_BYTES = 20_000_000;

  private CountBench() {}

  public static void main(String[] args) throws IOException {
    Tokenizer tokenizer = Tokenizer.read(Path.of(args[0]));
    BenchCorpus corpus = BenchCorpus.read(List.of(args[1]), MOST_BYTES);
    List<String> before = texts(corpus.before());
    List<String> measured = texts(corpus.measured());
    long bytes = measured.stream().mapToLong(t -> t.getBytes(StandardCharsets.UTF_8).length).sum();
    double[] warm = new double[ROUNDS];
    double[] again = new double[ROUNDS];
    long allocated = 0;
    for (int round = -2; round < ROUNDS; round++) {
      TextEncoder encoder = tokenizer.newTextEncoder(SpecialText.TEXT, false);
      count(encoder::count, before);
      double first = speed(encoder::count, measured, bytes);
      count(encoder::count, measured);
      long start = Meter.allocatedBytes();
      double second = speed(encoder::count, measured, bytes);
      allocated = Meter.allocatedBytes() - start;
      if (round >= 0) {
        warm[round] = first;
        again[round] = second;
      }
    }
    System.out.printf(
        "%d texts, %d bytes: warm %s MB/s, again %s MB/s, %.1f bytes allocated a text%n",
        measured.size(),
        bytes,
        bestAndMedian(warm),
        bestAndMedian(again),
        (double) allocated / measured.size());
    for (Peer peer : JtokkitPeer.of(tokenizer)) {
      ToIntFunction<String> theirs = ((JtokkitPeer) peer)::count;
      long differing =
          measured.stream().filter(t -> theirs.applyAsInt(t) != tokenizer.count(t)).count();
      if (differing > 0) {
        System.out.println(peer.name() + ": " + differing + " counts differ");
        continue;
      }
      double[] speeds = new double[ROUNDS];
      long start = Meter.allocatedBytes();
      for (int round = 0; round < ROUNDS; round++) {
        speeds[round] = speed(theirs, measured, bytes);
      }
      allocated = (Meter.allocatedBytes() - start) / ROUNDS;
      System.out.printf(
          "%s: %s MB/s, %.0f bytes allocated a text%n",
          peer.name(), bestAndMedian(speeds), (double) allocated / measured.size());
      break;
    }
  }

  private static String bestAndMedian(double[] speeds) {
    return "%.1f (median %.1f)"
        .formatted(Arrays.stream(speeds).max().orElseThrow(), Meter.median(speeds));
  }

  /** The text of the documents in strings of {@value #TEXT} bytes or a little less. */
  private static List<String> texts(Texts documents) {
    List<String> texts = new ArrayList<>();
    for (byte[] document : documents.documents()) {
      int from = 0;
      while (document.length - from >= TEXT) {
        int to = from + TEXT;
        while (to < document.length && (document[to] & 0xC0) == 0x80) {
          to--;
        }
        texts.add(new String(document, from, to - from, StandardCharsets.UTF_8));
        from = to;
      }
    }
    return texts;
  }

  private static double speed(ToIntFunction<String> counter, List<String> texts, long bytes) {
    return Meter.megabytesPerSecond(bytes, Meter.cpuNanos(() -> count(counter, texts)));
  }

  private static long count(ToIntFunction<String> counter, List<String> texts) {
    long sum = 0;
    for (String text : texts) {
      sum += counter.applyAsInt(text);
    }
    return sum;
  }
}

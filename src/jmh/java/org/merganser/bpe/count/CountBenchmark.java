package org.merganser.bpe.count;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.merganser.bpe.train.ZipfPretokens;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures counting alone: pretokens whose boundaries are known are added to a new {@link
 * PretokenCounts}, 8 MiB of synthetic text an operation. The score is operations a second.
 *
 * <p>{@code java -cp target/test-classes:target/classes:$CP org.openjdk.jmh.Main CountBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class CountBenchmark {
  private static final int BYTES = 8 << 20;

  /** Distinct pretokens that the text is drawn from, by Zipf's law. */
  @Param({"30000", "1000000"})
  int vocabulary;

  private byte[] text;
  private final List<int[]> batches = new ArrayList<>();

  @Setup
  public void prepare() {
    text = new byte[BYTES];
    List<byte[]> words = new ArrayList<>();
    new ZipfPretokens(vocabulary, 1)
        .forEach((b, from, to, count) -> words.add(java.util.Arrays.copyOfRange(b, from, to)));
    java.util.Random random = new java.util.Random(5);
    int at = 0;
    int n = 0;
    int[] ends = new int[256];
    while (true) {
      // 1/x up to the vocabulary's size: rank r comes with a chance of about 1/r.
      byte[] word = words.get((int) Math.pow(vocabulary, random.nextDouble()) - 1);
      if (at + word.length > BYTES - 16) {
        break;
      }
      System.arraycopy(word, 0, text, at, word.length);
      at += word.length;
      ends[n++] = at;
      if (n == ends.length) {
        batches.add(ends);
        ends = new int[256];
        n = 0;
      }
    }
    proveEqual();
  }

  private void proveEqual() {
    Map<String, Long> expected = new HashMap<>();
    int from = 0;
    for (int[] ends : batches) {
      for (int end : ends) {
        expected.merge(
            new String(text, from, end - from, java.nio.charset.StandardCharsets.US_ASCII),
            1L,
            Long::sum);
        from = end;
      }
    }
    Map<String, Long> actual = new HashMap<>();
    fresh()
        .forEachSorted(
            (b, f, t, count) ->
                actual.put(
                    new String(b, f, t - f, java.nio.charset.StandardCharsets.US_ASCII), count));
    if (!actual.equals(expected)) {
      throw new IllegalStateException("PretokenCounts differs from a HashMap");
    }
  }

  private PretokenCounts fresh() {
    PretokenCounts counts = new PretokenCounts();
    int start = 0;
    for (int[] ends : batches) {
      counts.addAll(text, start, ends, ends.length);
      start = ends[ends.length - 1];
    }
    return counts;
  }

  /** An operation is 8 MiB: the score times 8.39 is MB/s. */
  @Benchmark
  public PretokenCounts count() {
    return fresh();
  }

  /** Counting, and then sorting and packing as a work unit does. */
  @Benchmark
  public byte[][] countAndPack() {
    return fresh().pack(8);
  }
}

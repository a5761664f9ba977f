package org.merganser.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TrainingPretokenizer;

/** Measures our encoder and counter on texts; speeds are megabytes (10^6 bytes) a CPU second. */
final class OurRuns {
  /** The bytes of text that are run before anything is timed, so that the JIT compiler is done. */
  private static final long JIT_BYTES = 100_000_000;

  /** The rounds of a measurement, of which the median counts. */
  private static final int ROUNDS = 7;

  private final Tokenizer tokenizer;

  OurRuns(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The usual pre-tokenizer of a byte-level vocabulary: the split by a pattern, then ByteLevel. */
  static PreTokenizerSpec preTokenizer(SplitPattern pattern) {
    return new PreTokenizerSpec.Sequence(
        List.of(
            new PreTokenizerSpec.Split(
                new TextPattern.Regex(pattern.regex()), PreTokenizerSpec.Behavior.ISOLATED, false),
            new PreTokenizerSpec.ByteLevel(false, false, false)));
  }

  /** An encoder with empty caches. */
  Encoder newEncoder() {
    return tokenizer.newEncoder(SpecialText.TEXT);
  }

  /** An encoder whose caches have seen the texts. */
  Encoder warmEncoder(Texts seen) {
    Encoder encoder = newEncoder();
    encode(encoder, seen, new IdBuffer(1 << 16));
    return encoder;
  }

  /** Encodes document by document into a buffer that is reused; returns the number of ids. */
  static long encode(Encoder encoder, Texts texts, IdBuffer out) {
    long ids = 0;
    for (byte[] document : texts.documents()) {
      out.clear();
      encoder.encode(document, 0, document.length, out);
      ids += out.size();
    }
    return ids;
  }

  /** The ids of a document. */
  int[] ids(byte[] document) {
    IdBuffer out = new IdBuffer(document.length / 3);
    newEncoder().encode(document, 0, document.length, out);
    return out.toArray();
  }

  /** Encodes until the JIT compiler is done, also with new encoders. */
  void compile(Texts texts) {
    Encoder encoder = newEncoder();
    IdBuffer out = new IdBuffer(1 << 16);
    for (long done = 0; done < JIT_BYTES; done += texts.bytes()) {
      encode(done % 3 == 0 ? newEncoder() : encoder, texts, out);
    }
  }

  /**
   * The cost of encoding documents of one shape.
   *
   * @param shape a name, such as lines
   * @param documents their number
   * @param warm MB/s with caches that have seen other text of the kind
   * @param again MB/s with caches that have seen this very text
   * @param cold MB/s of a new encoder's first pass
   * @param allocated bytes allocated for a megabyte of text, warm
   */
  record Encoding(
      String shape, long documents, double warm, double again, double cold, double allocated) {}

  /** Measures encoding; {@code before} is other text of the kind, which warms the caches. */
  Encoding encoding(String shape, Texts before, Texts measured) {
    compile(measured);
    IdBuffer out = new IdBuffer(1 << 16);
    double[] warm = new double[ROUNDS];
    double[] again = new double[ROUNDS];
    double[] cold = new double[ROUNDS];
    long allocated = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Encoder encoder = warmEncoder(before);
      long allocatedBefore = Meter.allocatedBytes();
      warm[i] = speed(measured, () -> encode(encoder, measured, out));
      allocated = Meter.allocatedBytes() - allocatedBefore;
      again[i] = speed(measured, () -> encode(encoder, measured, out));
      Encoder fresh = newEncoder();
      cold[i] = speed(measured, () -> encode(fresh, measured, out));
    }
    return new Encoding(
        shape,
        measured.documents().length,
        Meter.median(warm),
        Meter.median(again),
        Meter.median(cold),
        allocated * 1e6 / measured.bytes());
  }

  private static double speed(Texts texts, Runnable task) {
    return Meter.megabytesPerSecond(texts.bytes(), Meter.cpuNanos(task));
  }

  /** MB/s of finding pretokens alone, the normalizer included. */
  double scan(Texts texts) {
    TrainingPretokenizer pretokenizer = pretokenizer();
    return medianSpeed(texts, () -> split(pretokenizer, texts, (text, start, ends, n) -> {}));
  }

  /** MB/s of finding pretokens and counting them in a new table. */
  double count(Texts texts) {
    TrainingPretokenizer pretokenizer = pretokenizer();
    return medianSpeed(texts, () -> split(pretokenizer, texts, new PretokenCounts()::addAll));
  }

  private static double medianSpeed(Texts texts, Runnable task) {
    for (long done = 0; done < JIT_BYTES; done += texts.bytes()) {
      task.run();
    }
    double[] speeds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      speeds[i] = speed(texts, task);
    }
    return Meter.median(speeds);
  }

  private TrainingPretokenizer pretokenizer() {
    return new TrainingPretokenizer(tokenizer.normalizer(), tokenizer.preTokenizer(), List.of());
  }

  private static void split(
      TrainingPretokenizer pretokenizer,
      Texts texts,
      org.merganser.text.pretokenize.PretokenSink sink) {
    for (byte[] document : texts.documents()) {
      pretokenizer.split(document, 0, document.length, sink);
    }
  }

  /**
   * The speed of threads that do the same work at the same time, each with caches of its own.
   *
   * @param work a name
   * @param wall MB/s together by the clock, which other work on the machine slows down
   * @param cpu MB/s by the sum of their CPU times, times the threads
   */
  record Threads(String work, int threads, double wall, double cpu) {}

  /** Measures threads that encode. */
  Threads encodingThreads(int threads, Texts before, Texts measured) {
    return threads(
        "encode",
        threads,
        measured,
        () -> {
          Encoder encoder = warmEncoder(before);
          IdBuffer out = new IdBuffer(1 << 16);
          return () -> encode(encoder, measured, out);
        });
  }

  /** Measures threads that find and count pretokens. */
  Threads countingThreads(int threads, Texts measured) {
    return threads(
        "scan and count",
        threads,
        measured,
        () -> {
          TrainingPretokenizer pretokenizer = pretokenizer();
          return () -> split(pretokenizer, measured, new PretokenCounts()::addAll);
        });
  }

  /** The work of a thread. */
  private interface Worker {
    /** Prepares the work, and returns the part of it that is measured. */
    Runnable prepare();
  }

  private static Threads threads(String work, int threads, Texts measured, Worker worker) {
    double[] wall = new double[5];
    double[] cpu = new double[5];
    for (int round = 0; round < wall.length; round++) {
      CountDownLatch ready = new CountDownLatch(threads);
      CountDownLatch go = new CountDownLatch(1);
      long[] cpuNanos = new long[threads];
      List<Thread> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int number = t;
        Thread thread =
            new Thread(
                () -> {
                  Runnable task = worker.prepare();
                  ready.countDown();
                  await(go);
                  cpuNanos[number] = Meter.cpuNanos(task);
                });
        thread.start();
        running.add(thread);
      }
      await(ready);
      long start = System.nanoTime();
      go.countDown();
      running.forEach(OurRuns::join);
      long nanos = System.nanoTime() - start;
      long sum = 0;
      for (long n : cpuNanos) {
        sum += n;
      }
      wall[round] = Meter.megabytesPerSecond(threads * measured.bytes(), nanos);
      cpu[round] = Meter.megabytesPerSecond(threads * measured.bytes(), (double) sum / threads);
    }
    return new Threads(work, threads, Meter.median(wall), Meter.median(cpu));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The number of ids of all texts, and their SHA-256 as little-endian 32-bit integers. */
  record Ids(long tokens, String sha256) {}

  /** Encodes all texts, and returns the checksum of the ids. */
  Ids checksum(Texts texts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    Encoder encoder = newEncoder();
    IdBuffer out = new IdBuffer(1 << 16);
    long tokens = 0;
    for (byte[] document : texts.documents()) {
      out.clear();
      encoder.encode(document, 0, document.length, out);
      ByteBuffer bytes = ByteBuffer.allocate(4 * out.size()).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(out.ids(), 0, out.size());
      digest.update(bytes.array());
      tokens += out.size();
    }
    return new Ids(tokens, HexFormat.of().formatHex(digest.digest()));
  }
}

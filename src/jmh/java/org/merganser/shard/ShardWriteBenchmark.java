package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures writing a Parquet shard of two million ids, drawn by Zipf's law, to a file: million ids
 * a second (1 op = 1 id, so ops/us are millions a second).
 *
 * <p>{@code java -cp target/test-classes:target/classes:$CP org.openjdk.jmh.Main
 * ShardWriteBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ShardWriteBenchmark {
  private static final int IDS = 2_000_000;

  /** The ids of a document. */
  @Param({"100", "2000"})
  int length;

  private int[] ids;
  private Path folder;
  private int files;

  /** Draws the ids, and proves that a shard has them. */
  @Setup
  public void draw() throws IOException {
    Random random = new Random(11);
    ids = new int[IDS];
    for (int i = 0; i < IDS; i++) {
      ids[i] = (int) Math.pow(32_000, random.nextDouble()) - 1;
    }
    folder = Files.createTempDirectory("merganser-shard-");
    Path file = write();
    int at = 0;
    try (ShardReader reader = new ShardReader(file)) {
      ShardRow row = new ShardRow();
      for (; reader.next(row); at += row.count) {
        if (!Arrays.equals(row.ids, 0, row.count, ids, at, at + row.count)) {
          throw new IllegalStateException("ids differ in the document that begins at " + at);
        }
      }
    }
    if (at != IDS) {
      throw new IllegalStateException(at + " ids were read");
    }
    Files.delete(file);
  }

  private Path write() throws IOException {
    Path file = folder.resolve(files++ + ".parquet");
    ShardRow row = new ShardRow();
    row.file = "corpus.jsonl";
    row.ids = new int[length];
    row.count = length;
    try (ParquetShardWriter writer =
        new ParquetShardWriter(file, Map.of(), ShardColumns.DOCUMENTS)) {
      for (int at = 0; at < IDS; at += length) {
        row.docId = "corpus.jsonl#" + at;
        row.offset = at;
        System.arraycopy(ids, at, row.ids, 0, length);
        writer.write(row);
      }
    }
    return file;
  }

  @Benchmark
  @OperationsPerInvocation(IDS)
  public boolean writeShard() throws IOException {
    return Files.deleteIfExists(write());
  }

  @TearDown
  public void delete() throws IOException {
    Files.delete(folder);
  }
}

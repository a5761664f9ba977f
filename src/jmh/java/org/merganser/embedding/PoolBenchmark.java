package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * Looking vectors up by id, and pooling a document of 1,000 ids drawn by Zipf's law, from a table of
 * 32,000 rows: million ids a second (1 op = 1 id, so ops/us are millions a second).
 *
 * <p>{@code java -cp target/test-classes:target/classes:$CP org.openjdk.jmh.Main PoolBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolBenchmark {
  private static final int ROWS = 32_000;
  private static final int IDS = 1_000;

  @Param({"64", "256"})
  int dim;

  private final int[] ids = new int[IDS];
  private Path folder;
  private EmbeddingTable table;
  private Pooling pooling;
  private float[] out;

  /** Proves that pooling is the mean of the rows. */
  @Setup
  public void makeTable() throws IOException {
    folder = Files.createTempDirectory("merganser-pool-");
    Random random = new Random(12);
    float[] vectors = new float[ROWS * dim];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = random.nextFloat() - 0.5f;
    }
    Path parquet = folder.resolve("table.parquet");
    try (EmbeddingTableWriter writer =
        new EmbeddingTableWriter(parquet, dim, "F32", "PoolBenchmark", null)) {
      for (int row = 0; row < ROWS; row++) {
        writer.write(null, vectors, row * dim);
      }
    }
    table = EmbeddingTable.open(parquet, folder.resolve("scratch"));
    pooling = new Pooling(table, -1, false);
    out = new float[dim];
    double[] sum = new double[dim];
    for (int i = 0; i < IDS; i++) {
      ids[i] = (int) Math.pow(ROWS, random.nextDouble()) - 1;
      for (int d = 0; d < dim; d++) {
        sum[d] += vectors[ids[i] * dim + d];
      }
    }
    pooling.pool(ids, IDS, out);
    for (int d = 0; d < dim; d++) {
      if (out[d] != (float) (sum[d] / IDS)) {
        throw new IllegalStateException("component " + d + " is " + out[d]);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(IDS)
  public float[] pool() {
    pooling.pool(ids, IDS, out);
    return out;
  }

  @Benchmark
  @OperationsPerInvocation(IDS)
  public float lookup() {
    float seen = 0;
    for (int id : ids) {
      table.row(id, out, 0);
      seen += out[0];
    }
    return seen;
  }

  @TearDown
  public void delete() throws IOException {
    table.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

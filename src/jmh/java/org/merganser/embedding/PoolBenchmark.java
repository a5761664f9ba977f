package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
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
 * Measures looking up vectors by id, and pooling, from a table of 32,000 rows: million ids a second
 * (1 op = 1 id, so ops/us are millions a second). {@code pool} has a document of 1,000 ids drawn by
 * Zipf's law, of which three fifths are distinct; {@code poolDocuments} has 200,000 ids in 72
 * documents whose lengths, and whose shares of distinct ids, are like those of manuals and source
 * code.
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
  private static final int DOCUMENT_IDS = 200_000;

  /** Lengths of documents, each with the number of documents that have it. */
  private static final int[][] LENGTHS = {
    {110, 2},
    {190, 9},
    {380, 15},
    {750, 18},
    {1_400, 12},
    {2_900, 8},
    {5_700, 5},
    {11_500, 2},
    {87_370, 1}
  };

  @Param({"64", "256"})
  int dim;

  private final int[] ids = new int[IDS];
  private final List<int[]> documents = new ArrayList<>();
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
    table = EmbeddingTable.open(0, parquet, folder.resolve("scratch"));
    pooling = new Pooling(table);
    out = new float[dim];
    for (int i = 0; i < IDS; i++) {
      ids[i] = zipf(ROWS, random);
    }
    prove(ids, vectors);
    for (int[] length : LENGTHS) {
      for (int i = 0; i < length[1]; i++) {
        documents.add(document(length[0], random));
        prove(documents.get(documents.size() - 1), vectors);
      }
    }
    Collections.shuffle(documents, random);
    int total = documents.stream().mapToInt(document -> document.length).sum();
    if (total != DOCUMENT_IDS) {
      throw new IllegalStateException(total + " ids");
    }
  }

  private static int zipf(int most, Random random) {
    return (int) Math.pow(most, random.nextDouble()) - 1;
  }

  /** Ids drawn by Zipf's law from a vocabulary of the document's own, which grows as Heaps says. */
  private static int[] document(int length, Random random) {
    int[] own = new int[(int) (20 * Math.pow(length, 0.55))];
    for (int i = 0; i < own.length; i++) {
      own[i] = zipf(ROWS, random);
    }
    int[] document = new int[length];
    for (int i = 0; i < length; i++) {
      document[i] = own[zipf(own.length, random)];
    }
    return document;
  }

  private void prove(int[] document, float[] vectors) {
    double[] sum = new double[dim];
    for (int id : document) {
      for (int d = 0; d < dim; d++) {
        sum[d] += vectors[id * dim + d];
      }
    }
    pooling.pool(document, document.length, out);
    for (int d = 0; d < dim; d++) {
      if (out[d] != (float) (sum[d] / document.length)) {
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
  @OperationsPerInvocation(DOCUMENT_IDS)
  public float poolDocuments() {
    float seen = 0;
    for (int[] document : documents) {
      pooling.pool(document, document.length, out);
      seen += out[0];
    }
    return seen;
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
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

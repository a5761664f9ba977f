package org.merganser.pipeline.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.PooledRow;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** The join of one unit against a join that looks up a row at a time. */
final class UnitJoinerTest {
  @TempDir Path folder;
  private RunSpec spec;
  private FileRef tokenizer;
  private FileRef table;
  private ShardSet shards;

  /** Encodes a small corpus, a third of it for validation, and prepares to join its one unit. */
  private UnitJoiner joiner(String... settings) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines.append("{\"id\": \"d%d\", \"text\": \"%s\"}%n".formatted(i, "low er ".repeat(i)));
    }
    Path corpus = Files.writeString(folder.resolve("corpus.jsonl"), lines);
    Path encoded = folder.resolve("encoded");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ "%s" ], format: jsonl, validation: 0.3 }
            tokenizer: { train: { vocabSize: 262, pattern: gpt2, specialTokens: [ "<e>" ] } }
            shards: { endOfDocument: "<e>" }
            report: { enabled: false }
            output: "%s"
            """
                .formatted(corpus, encoded));
    CommandLineRun.of("run", job.toString()).succeeded();
    Path rows = folder.resolve("table.parquet");
    Jobs.table(rows, 270, 5);
    List<String> all =
        new ArrayList<>(
            List.of(
                Setting.of("shards.from", encoded.toString()),
                "shards.endOfDocument=<e>",
                Setting.of("embeddings.table", rows.toString()),
                Setting.of("output", folder.resolve("joined").toString())));
    all.addAll(List.of(settings));
    PreparedRun run = RunPreparation.prepare(JobReader.of(all, "test"));
    run.publish(true);
    spec = run.spec().withPaths(RunPaths.unstaged(run.spec().paths().output()));
    tokenizer = ((TokenizerSource.Ready) spec.tokenizer()).file();
    List<ShardSet> units = FinishedOutput.at(OutputPaths.of(encoded.toString())).shards();
    assertThat(units).hasSize(1);
    shards = units.get(0);
    table = Objects.requireNonNull(spec.table());
    return new UnitJoiner(spec, tokenizer, table);
  }

  /** The mean of the rows of a document's ids but for the end of document, one by one. */
  private Map<String, float[]> meansOneByOne(ShardSet side) throws IOException {
    EmbeddingTable open = WorkerTables.get(table);
    Map<String, float[]> means = new LinkedHashMap<>();
    for (ShardSet.Shard shard : side.shards()) {
      for (ShardRow row : ShardRows.of(Path.of(shard.location()))) {
        int end = row.ids[row.count - 1];
        double[] sum = new double[open.dim()];
        float[] vector = new float[open.dim()];
        int counted = 0;
        for (int i = 0; i < row.count; i++) {
          if (row.ids[i] != end) {
            open.row(row.ids[i], vector, 0);
            for (int d = 0; d < sum.length; d++) {
              sum[d] += vector[d];
            }
            counted++;
          }
        }
        for (int d = 0; d < sum.length; d++) {
          vector[d] = counted == 0 ? 0 : (float) (sum[d] / counted);
        }
        means.put(row.docId, vector);
      }
    }
    return means;
  }

  private Map<String, float[]> pooled(boolean validation) throws IOException {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    Path file = Path.of(spec.paths().at(OutputPaths.pooled(validation, shards.unit(), 0)));
    for (PooledRow row : PooledRow.read(file)) {
      vectors.put(row.docId, row.vector);
    }
    return vectors;
  }

  private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(List.copyOf(found.keySet())).isEqualTo(List.copyOf(expected.keySet()));
    expected.forEach((docId, vector) -> assertThat(found.get(docId)).as(docId).isEqualTo(vector));
  }

  @Test
  void pooledVectorsAreTheMeansOfEachSideOfTheSplit() throws IOException {
    joiner("embeddings.output=[pooled]").join(shards);
    assertThat(pooled(true)).isNotEmpty();
    assertSame(pooled(false), meansOneByOne(shards.training()));
    assertSame(pooled(true), meansOneByOne(shards.parts().get(1)));
  }

  @Test
  void aUnitThatWasJoinedIsLeftAlone() throws IOException {
    UnitJoiner joiner = joiner("embeddings.output=[pooled, sequence]");
    String first = joiner.join(shards);
    var times = OutputTree.times(folder.resolve("joined"), "");
    assertThat(new UnitJoiner(spec, tokenizer, table).join(shards)).isEqualTo(first);
    assertThat(OutputTree.times(folder.resolve("joined"), "")).isEqualTo(times);
  }

  @Test
  void aUnitWhoseFileChangedIsJoinedAgain() throws IOException {
    UnitJoiner joiner = joiner("embeddings.output=[pooled, sequence]");
    joiner.join(shards);
    var sums = OutputTree.sums(folder.resolve("joined"));
    Path file = folder.resolve("joined").resolve(OutputPaths.sequence(false, shards.unit(), 0));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    joiner.join(shards);
    assertThat(OutputTree.sums(folder.resolve("joined"))).isEqualTo(sums);
  }
}

package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.PooledRow;
import org.merganser.embedding.Pooling;
import org.merganser.job.JobReader;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.spec.Stage;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.tokenizer.Tokenizer;

/**
 * The id of endOfDocument is left out of a mean where it was appended, and not where the text has
 * it.
 */
@Tag("run")
final class PooledEndRunTest {
  private static final String END = "<|endoftext|>";

  @TempDir static Path folder;
  private static Path run;
  private static int end;

  /** A line of several parts that end with the token, and lines whose text ends with it. */
  @BeforeAll
  static void runWithTheTokenInTheText() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    Files.writeString(
        corpus.resolve("a.txt"),
        "before\n" + endings(5_000) + "\nall " + END + "\n" + END + "\nbehind\n");
    run = folder.resolve("run");
    run(run, corpus, "lines", "4096", "tokenizer.train.vocabSize=600");
    end = Tokenizer.read(run.resolve("tokenizer/tokenizer.json")).id(END);
  }

  /** A text that may be cut before each space, which follows the token. */
  private static String endings(int count) {
    return ("rises" + END + " ").repeat(count).strip();
  }

  private static void run(Path out, Path corpus, String format, String limit, String tokenizer) {
    Jobs.lean(
            out,
            "corpus.inputs=['" + corpus + "']",
            "corpus.format=" + format,
            "corpus.maxDocumentBytes=" + limit,
            "shards.groupBy=null",
            "shards.endOfDocument=" + END,
            "tokenizer.specialText=parse",
            tokenizer)
        .succeeded();
  }

  private static Map<String, PooledRow> pooled(Path out) throws IOException {
    Map<String, PooledRow> rows = new HashMap<>();
    for (Path file : OutputTree.paths(out.resolve("embedded/pooled"))) {
      for (PooledRow row : PooledRow.read(file)) {
        assertThat(rows.put(row.docId + "#" + row.part, row)).isNull();
      }
    }
    return rows;
  }

  @Test
  void onlyTheIdThatWasAppendedIsLeftOut() throws IOException {
    assertThat(middlePartsThatEndWithTheToken(run)).isGreaterThan(10);
  }

  /** A text of this size has a unit for each 32 MiB. */
  @Test
  void theEndOfAUnitInTheMiddleOfADocumentIsText() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("large"));
    Files.writeString(corpus.resolve("a.txt"), endings(3_800_000));
    Path out = folder.resolve("large-run");
    String tokenizer =
        "tokenizer={load: '" + run + "/tokenizer/tokenizer.json', specialText: parse}";
    run(out, corpus, "text", "16777216", tokenizer);
    assertThat(OutputTree.paths(out.resolve("shards/parquet"))).hasSizeGreaterThan(1);
    assertThat(middlePartsThatEndWithTheToken(out)).isEqualTo(pooled(out).size() - 1);
  }

  /** Checks the mean of each row; returns how many end with the token and not their document. */
  private static int middlePartsThatEndWithTheToken(Path out) throws IOException {
    EmbeddingTable table =
        EmbeddingTable.open(0, Path.of("sample-data/embeddings.parquet"), folder.resolve("flat"));
    Pooling pooling = new Pooling(table);
    Map<String, PooledRow> pooled = pooled(out);
    List<ShardRow> rows = ShardRows.of(out.resolve("shards/parquet"));
    int middles = 0;
    for (int i = 0; i < rows.size(); i++) {
      ShardRow row = rows.get(i);
      boolean middle = i + 1 < rows.size() && rows.get(i + 1).part > 0;
      int[] ids = ShardRows.ids(row);
      boolean ends = ids[ids.length - 1] == end;
      assertThat(ends || middle).as(row.docId + " " + row.part).isTrue();
      middles += middle && ends ? 1 : 0;
      PooledRow mean = pooled.remove(row.docId + "#" + row.part);
      assertThat(mean.tokens)
          .as("%s %d of %d ids, middle: %s", row.docId, row.part, ids.length, middle)
          .isEqualTo(middle ? ids.length : ids.length - 1);
      float[] expected = new float[table.dim()];
      pooling.pool(ids, mean.tokens, expected);
      assertThat(mean.vector).isEqualTo(expected);
    }
    assertThat(pooled).isEmpty();
    return middles;
  }

  @Test
  void aJoinCountsADocumentOfSeveralPartsOnce() throws IOException {
    MerganserRun join =
        MerganserRun.prepare(
            JobReader.of(
                List.of(
                    "shards={from: '" + run + "'}",
                    "embeddings={table: sample-data/embeddings.parquet, output: [pooled]}",
                    "output=" + folder.resolve("counted")),
                "test"),
            List.of(),
            PreparationOptions.NONE);
    join.execute(new MerganserRun.Options("test", true, warning -> {}, false));
    long documents =
        ShardRows.of(run.resolve("shards/parquet")).stream().filter(row -> row.part == 0).count();
    assertThat(join.figures().get(Stage.JOIN).get(StageFigures.Figure.DOCUMENTS))
        .isEqualTo(documents);
  }

  @Test
  void aJoinOfTheFinishedRunGivesTheSame() throws IOException {
    Path again = folder.resolve("again");
    CommandLineRun.line(
            "embed %s --table sample-data/embeddings.parquet --outputs pooled --output %s",
            run, again)
        .succeeded();
    assertThat(OutputTree.sums(again, "embedded/pooled"))
        .isEqualTo(OutputTree.sums(run, "embedded/pooled"))
        .isNotEmpty();
  }
}

package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.shard.Duck;

/** Evidence that something is learned, on half of the English novels of the conformance corpus. */
@Tag("conformance")
final class LearnedVectorsConformanceTest {
  @TempDir static Path folder;
  private static Path out;

  @BeforeAll
  static void learnFromNovels() throws IOException {
    out = folder.resolve("novels");
    Path job =
        Files.writeString(
            folder.resolve("novels.yaml"),
            """
            corpus:
              inputs: [ %s/corpus/en-novels-eltec.jsonl.zst ]
              format: jsonl
            tokenizer: {train: {vocabSize: 8192, pattern: qwen2, specialTokens: [ "<|end|>" ]}}
            shards: {endOfDocument: "<|end|>"}
            embeddings: {learn: {dim: 64}, output: [ rows ]}
            output: %s
            """
                .formatted(SharedData.dir().toAbsolutePath(), out));
    CommandLineRun.of("run", job.toString()).succeeded();
  }

  @Test
  void putsWordsOfAKindNearEachOther() throws SQLException {
    assertThat(near("Ġmother")).contains("Ġfather", "Ġbrother", "Ġsister");
    assertThat(near("Ġthree")).contains("Ġtwo", "Ġfour", "Ġfive");
    assertThat(near("Ġgreen")).contains("Ġgrass", "Ġleaves");
  }

  /** The ten tokens whose vectors have the highest cosine to that of one. */
  private static List<String> near(String token) throws SQLException {
    String table = "'" + out.resolve("learned/embeddings.parquet") + "'";
    return Duck.query(
        "SELECT b.token FROM %s a, %s b WHERE a.token = '%s' AND a.id <> b.id AND"
            + " list_sum(list_transform(b.embedding, x -> abs(x))) > 0 ORDER BY"
            + " list_cosine_similarity(a.embedding, b.embedding) DESC LIMIT 10",
        table, table, token);
  }
}

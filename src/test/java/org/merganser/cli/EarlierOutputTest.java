package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.dataset.Manifest;
import org.merganser.pipeline.OutputTree;

/** An output folder of the version before: it is read, and no run continues it unasked. */
class EarlierOutputTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/earlier-version");

  @TempDir Path folder;
  private Path out;
  private Path job;

  @BeforeEach
  void copyTheFolder() throws IOException {
    out = folder.resolve("out");
    OutputTree.copy(GOLDEN, out);
    Files.writeString(
        folder.resolve("corpus.jsonl"), "{\"id\": \"a\", \"text\": \"A rank orders merges.\"}\n");
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus:
              inputs: [ corpus.jsonl ]
            tokenizer:
              train: { vocabSize: 280, pattern: gpt2, specialTokens: [ "<|endoftext|>" ] }
            shards: { endOfDocument: "<|endoftext|>" }
            report: { enabled: false }
            output: out
            """);
  }

  @Test
  void isReadByCatVerifyAndInspect() {
    assertThat(CommandLineRun.of("cat", out.toString()).succeeded().out())
        .contains("== a: 32 ids, corpus.jsonl at 0")
        .contains("A merge joins two tokens; a rank orders the merges.<|endoftext|>")
        .contains("Füße, 東京, 🌲");
    assertThat(CommandLineRun.of("verify", out.toString()).succeeded().out())
        .contains("is whole", "13 files");
    assertThat(CommandLineRun.of("inspect", out.toString()).succeeded().out())
        .contains("\" merg\"");
  }

  @Test
  void isJoinedWithATable() {
    Path joined = folder.resolve("joined");
    CommandLineRun.line("embed %s --table sample-data/embeddings.parquet --output %s", out, joined)
        .succeeded();
    assertThat(joined.resolve("embedded/rows.parquet")).exists();
    assertThat(joined.resolve("embedded/pooled/part-0000000-000.parquet")).exists();
  }

  @Test
  void isNotContinuedByARun() throws IOException {
    byte[] before = Files.readAllBytes(out.resolve(Manifest.FILE));
    assertThat(CommandLineRun.of("run", job.toString()).endedWith(2).err())
        .contains(
            "was written by an earlier version of merganser (manifest.json has schema 1, this"
                + " version writes 2)",
            "add --replace to make its 11 files anew, or name another output");
    assertThat(Files.readAllBytes(out.resolve(Manifest.FILE))).isEqualTo(before);
  }

  @Test
  void isReplacedWhereThatIsAsked() {
    CommandLineRun.of("run", job.toString(), "--replace").succeeded();
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").succeeded().out())
        .contains("is whole");
    assertThat(out.resolve("shards/megatron/part-0000000-000.bin")).doesNotExist();
    assertThat(out.resolve("tokenizer/tokenizer.gguf")).doesNotExist();
  }
}

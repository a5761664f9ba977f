package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that only learns a vocabulary says what it lost of its text, and ends with 3. */
@Tag("run")
final class TrainingLossTest {
  private static final String LINE = "{\"text\":\"the cat and the dog and the bird %d\"}\n";

  @TempDir Path folder;

  @BeforeEach
  void writeCorpus() throws IOException {
    Files.createDirectories(folder.resolve("corpus"));
    write("whole.jsonl", lines(500));
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve("corpus").resolve(name), content);
  }

  private static byte[] lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(LINE.formatted(i));
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(stored)) {
      out.write(content);
    }
    return stored.toByteArray();
  }

  private CommandLineRun train(String... more) {
    List<String> words =
        new ArrayList<>(List.of("train", "--input", folder + "/corpus", "--output"));
    words.addAll(List.of(folder + "/out", "--pattern", "gpt2", "--vocab-size", "280"));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private void lost(CommandLineRun run, String... said) {
    run.endedWith(3);
    assertThat(run.out()).contains(said).contains("NOT WHOLE").doesNotContain("bytes per token");
    assertThat(folder.resolve("out/tokenizer.json")).exists();
  }

  @Test
  void aCompressedFileWithADamagedFirstByteIsNamedEachTime() throws IOException {
    byte[] damaged = gzip(lines(100));
    damaged[0] ^= 1;
    write("damaged.jsonl.gz", damaged);
    lost(train(), "damaged.jsonl.gz gave no document (corrupt 1)");
    CommandLineRun again = train();
    lost(again, "Nothing to do", "damaged.jsonl.gz gave no document (corrupt 1)");
  }

  @Test
  void aCutFileIsNamedAlsoWhereTokensSpanWords() throws IOException {
    byte[] whole = gzip(lines(20_000));
    write("cut.jsonl.gz", Arrays.copyOf(whole, whole.length / 2));
    lost(train("--superwords", "0.9"), "cut.jsonl.gz is cut or damaged (truncated 2)");
  }

  @Test
  void brokenLinesAboveTheLimitAreCountedAndTheVocabularyIsKept() throws IOException {
    write("broken.jsonl", "not json\n".repeat(50).getBytes(StandardCharsets.UTF_8));
    lost(
        train(),
        "broken.jsonl gave no document (invalid-json 50)",
        "50 of 550 records are dead letters (9.09 %)");
    write("broken.jsonl", "not json\n".getBytes(StandardCharsets.UTF_8));
    write("whole.jsonl", lines(1_500));
    assertThat(train("--replace").succeeded().out()).contains("the job allows it");
  }

  private CommandLineRun run(String rate, String... more) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ corpus ] }
            tokenizer: { train: { vocabSize: 280, pattern: gpt2 } }
            shards: { formats: [] }
            output: out
            """);
    List<String> words = new ArrayList<>(List.of("run", job.toString()));
    words.addAll(List.of("--set", "corpus.maxDeadLetterRate=" + rate));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  @Test
  void aJobWithAnotherLimitJudgesTheSameAccount() throws IOException {
    write("broken.jsonl", "not json\n".repeat(50).getBytes(StandardCharsets.UTF_8));
    assertThat(run("0.5").succeeded().out()).contains("the job allows it");
    lost(run("0.05"), "more than corpus.maxDeadLetterRate 0.05 allows");
  }

  @Test
  void aWholeCorpusIsSaidToBeWhole() {
    assertThat(train("--verbose").succeeded().out()).contains("whole: no record was lost");
  }
}

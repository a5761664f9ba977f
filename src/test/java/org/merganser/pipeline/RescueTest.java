package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.Totals;
import org.merganser.shard.Duck;
import org.merganser.verify.OutputVerification;

/** Records that were dead letters become documents under other settings, and only they. */
final class RescueTest {
  @TempDir static Path folder;
  private static Path corpus;
  private static Path out;

  @BeforeAll
  static void runAJobWithDeadLetters() throws IOException {
    corpus = Files.createDirectory(folder.resolve("corpus"));
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      byte[] bytes =
          ("{\"id\":\"d" + i + "\",\"text\":\"caf? number " + i + "\"}\n")
              .getBytes(StandardCharsets.UTF_8);
      if (i % 10 == 3) {
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xE9;
      }
      lines.writeBytes(bytes);
    }
    lines.writeBytes(
        ("{\"id\":\"long\",\"text\":\"" + "x".repeat(3000) + "\"}\n")
            .getBytes(StandardCharsets.UTF_8));
    lines.writeBytes("no JSON\n".getBytes(StandardCharsets.UTF_8));
    Files.write(corpus.resolve("a.jsonl"), lines.toByteArray());
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(corpus.resolve("b.jsonl.gz")))) {
      gzip.write("{\"text\":\"good\"}\n".getBytes(StandardCharsets.UTF_8));
      gzip.write("{\"text\":\"bad \u00ff\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    Files.writeString(corpus.resolve("c.jsonl"), "{\"text\":\"nothing wrong here\"}\n");
    out = folder.resolve("out");
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        "corpus: {maxDeadLetterRate: 1, inputs: ['"
            + corpus
            + "'], maxDocumentBytes: 2048, maxWholeDocumentBytes: 2048}\n"
            + "tokenizer: {train: {vocabSize: 300, pattern: gpt2}}\n"
            + "output: '"
            + out
            + "'\n");
    CommandLineRun.of("run", job.toString()).succeeded();
    assertThat(totals(out).deadLetters())
        .isEqualTo(Map.of("invalid-json", 1L, "invalid-utf8", 21L, "too-large", 1L));
  }

  private static Totals totals(Path run) throws IOException {
    return Manifest.read(Files.readAllBytes(run.resolve(Manifest.FILE)), "manifest").totals();
  }

  private static CommandLineRun rescue(Path into, String... settings) {
    return CommandLineRun.with(
            List.of(settings), "rescue", out.toString(), "--output", into.toString())
        .succeeded();
  }

  @Test
  void encodesWhatIsADocumentNowWithItsIdAndNothingElse() throws Exception {
    Path rescued = folder.resolve("rescued");
    CommandLineRun ran = rescue(rescued, "corpus.invalidUtf8=replace");
    assertThat(ran.out())
        .contains("Of 23 dead letters 21 are documents now, 2 are still dead, 0 were not");
    assertThat(OutputVerification.verify(rescued, true)).isEmpty();
    assertThat(rescued.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(out.resolve("tokenizer/tokenizer.json"));
    List<String> ids = Duck.query("SELECT doc_id FROM '" + rescued + "/shards/parquet/*.parquet'");
    assertThat(ids).hasSize(21).contains("d3", "d193", "b.jsonl.gz#16").doesNotContain("d4");
    assertThat(Files.readString(rescued.resolve("inputs.jsonl"))).doesNotContain("c.jsonl");
  }

  @Test
  void takesALargerLimitAndGivesTheSameFromTwoRescues() throws IOException {
    Path rescued = folder.resolve("larger");
    CommandLineRun ran =
        rescue(rescued, "corpus.invalidUtf8=bytes", "corpus.maxWholeDocumentBytes=1048576");
    assertThat(ran.out()).contains("22 are documents now, 1 are still dead");
    assertThat(totals(rescued).records()).isEqualTo(23);
    Path again = folder.resolve("again");
    rescue(again, "corpus.invalidUtf8=bytes", "corpus.maxWholeDocumentBytes=1048576");
    assertThat(OutputTree.sums(again)).isEqualTo(OutputTree.sums(rescued));
  }

  /** Rows of a run: document and part. */
  private static List<String> rows(Path run) throws Exception {
    return Duck.query(
        "SELECT doc_id || ' ' || part FROM '" + run + "/shards/parquet/*.parquet' ORDER BY ALL");
  }

  @Test
  void encodesThePartsOfALargeDocumentThatWereDead() throws Exception {
    Path large = Files.createDirectory(folder.resolve("large"));
    String words = "Some words of a text that is long. ";
    byte[] good = words.repeat(700).getBytes(StandardCharsets.UTF_8);
    byte[] bad = good.clone();
    bad[9000] = (byte) 0xE9; // in part 4, of 2,048 bytes each
    bad[bad.length - 1] = (byte) 0xE9; // in the last part
    Files.write(large.resolve("bad.txt"), bad);
    bad = good.clone();
    bad[5] = (byte) 0xE9; // in part 0
    Files.write(large.resolve("begins-badly.txt"), bad);
    Path first = folder.resolve("large-out");
    Path job = folder.resolve("large.yaml");
    Files.writeString(
        job,
        "corpus: {maxDeadLetterRate: 1, inputs: ['"
            + large
            + "'], format: text, maxDocumentBytes: 4096}\n"
            + "tokenizer: {train: {vocabSize: 300, pattern: gpt2,"
            + " specialTokens: ['<|endoftext|>']}}\n"
            + "shards: {endOfDocument: '<|endoftext|>'}\n"
            + "output: '"
            + first
            + "'\n");
    CommandLineRun.of("run", job.toString()).succeeded();
    assertThat(totals(first).deadLetters()).isEqualTo(Map.of("invalid-utf8", 3L));
    assertThat(OutputVerification.verify(first, true)).isEmpty();

    Path rescued = folder.resolve("large-rescued");
    String[] command = {"rescue", first.toString(), "--output", rescued.toString(), "--set", ""};
    command[5] = "corpus.invalidUtf8=bytes";
    assertThat(CommandLineRun.of(command).succeeded().out())
        .contains(
            "Of 3 dead letters 3 are documents now (2 of them later parts of one), 0 are still"
                + " dead, 0 were not");
    assertThat(OutputVerification.verify(rescued, true)).isEmpty();
    assertThat(rows(rescued)).containsExactly("bad.txt 11", "bad.txt 4", "begins-badly.txt 0");
    assertThat(rows(first)).contains("bad.txt 3", "bad.txt 5").doesNotContain("bad.txt 4");

    // Cut in other places, no part is what it was.
    Path elsewhere = folder.resolve("large-elsewhere");
    command[3] = elsewhere.toString();
    String[] other = Arrays.copyOf(command, 8);
    other[6] = "--set";
    other[7] = "corpus.maxDocumentBytes=5000";
    assertThat(CommandLineRun.of(other).succeeded().out())
        .contains("Of 3 dead letters 0 are documents now, 0 are still dead, 3 were not looked at");

    Path unfixed = folder.resolve("large-unfixed");
    command[3] = unfixed.toString();
    command[5] = "corpus.invalidUtf8=deadLetter";
    assertThat(CommandLineRun.of(command).succeeded().out())
        .contains("Of 3 dead letters 0 are documents now, 3 are still dead");
    assertThat(unfixed.resolve("shards")).doesNotExist();
  }

  @Test
  void withoutAFixAllStaysDead() throws IOException {
    assertThat(rescue(folder.resolve("unfixed")).out())
        .contains("Of 23 dead letters 0 are documents now, 23 are still dead");
  }
}

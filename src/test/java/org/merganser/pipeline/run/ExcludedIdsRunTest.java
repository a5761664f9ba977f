package org.merganser.pipeline.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.shard.ShardRows;

/** Documents whose ids a job names leave no trace but in the accounts. */
@Tag("run")
final class ExcludedIdsRunTest {
  private static final String SETTINGS =
      "tokenizer: { train: { vocabSize: 300, pattern: gpt2, minFrequency: 1 } }\n";

  @TempDir Path folder;

  @BeforeEach
  void writeACorpus() throws IOException {
    Files.writeString(
        folder.resolve("a.jsonl"),
        """
        {"id":"a1","text":"same text"}
        {"id":"a2","text":"low lower lowest"}
        {"id":"a3","text":"same text"}
        no JSON
        """);
    Files.writeString(
        folder.resolve("b.jsonl"),
        "{\"id\":\"b1\",\"text\":\"new newer\"}\n{\"id\":\"a2\",\"text\":\"other low\"}\n");
    Files.writeString(folder.resolve("ids.txt"), "a1\na2\nnobody\nnobody\n");
  }

  private CommandLineRun run(String out, String corpus, String... more) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ '*.jsonl' ], maxDeadLetterRate: 1, %s }
            %soutput: %s
            """
                .formatted(corpus, SETTINGS, out));
    return CommandLineRun.line("run %s %s", file, more);
  }

  private List<String> ids(String out) throws IOException {
    return ShardRows.of(folder.resolve(out).resolve("shards/parquet")).stream()
        .map(row -> row.docId)
        .toList();
  }

  private Manifest manifest(String out) throws IOException {
    return Manifest.read(Files.readAllBytes(folder.resolve(out).resolve(Manifest.FILE)), out);
  }

  @Test
  void areLeftOutOfEverythingAndAccountedFor() throws IOException {
    String summary = run("out", "excludeIds: ids.txt").succeeded().out();
    assertThat(summary)
        .containsPattern("excluded by id +3 left out\n  ids not found +1 match no document");
    assertThat(ids("out")).containsExactly("a3", "b1");
    Manifest manifest = manifest("out");
    assertThat(manifest.totals().sums().excluded()).isEqualTo(3);
    assertThat(manifest.totals().sums().records()).isEqualTo(6);
    assertThat(manifest.excludedIds().ids()).isEqualTo(3);
    assertThat(manifest.excludedIds().withoutDocument()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("out/inputs.jsonl")))
        .contains("\"duplicates\":0,\"excluded\":2,\"blank\":0")
        .contains("\"duplicates\":0,\"excluded\":1,\"blank\":0");
    assertThat(ManifestVerification.check("" + folder.resolve("out"), true).findings()).isEmpty();
    assertThat(Files.readString(folder.resolve("out/report.html"))).contains("\"excluded\":3");
    Files.createDirectory(folder.resolve("rest"));
    Files.writeString(folder.resolve("rest/a.jsonl"), "{\"id\":\"a3\",\"text\":\"same text\"}\n");
    Files.writeString(folder.resolve("rest/b.jsonl"), "{\"id\":\"b1\",\"text\":\"new newer\"}\n");
    run("without", "excludeIds: []", "--set", "corpus.inputs=['" + folder + "/rest/*.jsonl']")
        .succeeded();
    assertThat(folder.resolve("out/tokenizer/tokenizer.json"))
        .as("what is learned")
        .hasSameBinaryContentAs(folder.resolve("without/tokenizer/tokenizer.json"));
    assertThat(manifest("without").excludedIds()).isNull();
    assertThat(Files.readString(folder.resolve("without/inputs.jsonl"))).doesNotContain("excluded");
  }

  @Test
  void aDuplicateOfADocumentThatIsLeftOutIsKept() throws IOException {
    run("out", "excludeIds: ids.txt, deduplicate: exact").succeeded();
    assertThat(ids("out")).containsExactly("a3", "b1");
    assertThat(manifest("out").totals().sums().duplicates()).isZero();
    run("all", "deduplicate: exact").succeeded();
    assertThat(ids("all")).containsExactly("a1", "a2", "b1", "a2");
    assertThat(manifest("all").totals().sums().duplicates()).isEqualTo(1);
  }

  @Test
  void aDocumentInPartsIsLeftOutAsOne() throws IOException {
    Files.createDirectory(folder.resolve("books"));
    String text = "low lower lowest\n".repeat(20_000);
    Files.writeString(folder.resolve("books/large.txt"), text);
    Files.writeString(folder.resolve("books/same.txt"), text);
    byte[] damaged = text.getBytes(UTF_8);
    damaged[200_000] = (byte) 0xFF;
    Files.write(folder.resolve("books/damaged.txt"), damaged);
    Files.writeString(folder.resolve("ids.txt"), "large.txt\ndamaged.txt\n");
    String settings = "corpus.inputs=['" + folder.resolve("books") + "']";
    run(
            "out",
            "excludeIds: ids.txt, deduplicate: exact, maxDocumentBytes: 65536",
            "--set",
            settings)
        .succeeded();
    Manifest manifest = manifest("out");
    assertThat(manifest.totals().sums().excluded()).isEqualTo(2);
    assertThat(manifest.totals().sums().deadLetters()).containsEntry("invalid-utf8", 1L);
    assertThat(manifest.totals().sums().documents()).isEqualTo(1);
    assertThat(ids("out")).isNotEmpty().containsOnly("same.txt");
    assertThat(manifest.excludedIds().withoutDocument()).isZero();
    assertThat(ManifestVerification.check("" + folder.resolve("out"), true).findings()).isEmpty();
  }

  @Test
  void theListCountsByItsIdsAlone() throws IOException {
    run("out", "excludeIds: ids.txt").succeeded();
    try (OutputStream gzip =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("ids.gz")))) {
      gzip.write("nobody\r\na2\r\n".getBytes(UTF_8));
    }
    Files.writeString(folder.resolve("more.txt"), "a1\n");
    String again = run("out", "excludeIds: [ ids.gz, 'mor?.txt' ]", "--replace").succeeded().out();
    assertThat(again).contains("1 kept").doesNotContain("encoded, 0 kept");
    Files.writeString(folder.resolve("more.txt"), "b1\n");
    run("out", "excludeIds: [ ids.gz, 'mor?.txt' ]", "--replace").succeeded();
    assertThat(ids("out")).containsExactly("a1", "a3");
  }

  @Test
  void countAndEncodeTakeTheFlag() throws IOException {
    run("out", "excludeIds: []").succeeded();
    String tokenizer = folder.resolve("out/tokenizer/tokenizer.json").toString();
    String counted =
        CommandLineRun.line(
                "count --tokenizer %s --input %s --exclude-ids %s --json",
                tokenizer, folder.resolve("b.jsonl"), folder.resolve("ids.txt"))
            .succeeded()
            .out();
    assertThat(counted)
        .contains("\"documents\" : 1,")
        .contains("\"excluded\" : 1,")
        .contains("\"withoutDocument\" : 2");
    String ids = folder.resolve("ids.txt").toString();
    String job = folder.resolve("job.yaml").toString();
    assertThat(
            CommandLineRun.of("count", job, "--tokenizer", tokenizer, "--exclude-ids", ids).err())
        .contains("--exclude-ids has no effect beside " + job);
    assertThat(
            CommandLineRun.of("count", "--tokenizer", tokenizer, "--exclude-ids", ids)
                .endedWith(2)
                .err())
        .contains("corpus.inputs: is required");
  }

  @Test
  void aListThatIsNotThereOrDamagedIsAnErrorThatNamesIt() throws IOException {
    assertThat(run("out", "excludeIds: nothing.txt").endedWith(2).err())
        .contains("corpus.excludeIds: input ")
        .contains("nothing.txt does not exist");
    Files.write(folder.resolve("bad.gz"), new byte[] {31, -117, 8, 0, 0});
    assertThat(run("out", "excludeIds: bad.gz").endedWith(2).err())
        .contains("corpus.excludeIds: " + folder.resolve("bad.gz") + " is damaged: ")
        .doesNotContain("corpus.excludeIds: corpus.excludeIds");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}

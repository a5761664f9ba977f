package org.merganser.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.read.Compressed;
import org.merganser.json.Json;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.tokenizer.Tokenizer;

/** Bad input ends in a clear error or in a dead letter, never in silence. */
@Tag("run")
final class BadInputTest {
  @TempDir static Path shared;
  private static Path tokenizer;

  @TempDir Path folder;

  @BeforeAll
  static void trainATokenizer() throws IOException {
    Path corpus =
        Files.writeString(shared.resolve("text.txt"), "low lower lowest newer wider ".repeat(20));
    Jobs.train(
        shared.resolve("tokenizer"),
        "--input %s --vocab-size 300 --pattern qwen2 --special-token <|end|>",
        corpus);
    tokenizer = shared.resolve("tokenizer/tokenizer.json");
  }

  /** Runs a job that loads the tokenizer and encodes {@code inputs}. */
  private CommandLineRun encode(Path inputs, String... more) throws IOException {
    String job =
        """
        corpus: { inputs: [ '%s' ] }
        tokenizer: { load: '%s' }
        output: '%s'
        """
            .formatted(inputs, tokenizer, out());
    return run(Files.writeString(folder.resolve("job.yaml"), job).toString(), more);
  }

  private static CommandLineRun run(String job, String... more) {
    Stream<String> settings =
        Stream.of(more)
            .flatMap(word -> word.startsWith("--") ? Stream.of(word) : Stream.of("--set", word));
    return CommandLineRun.line("run %s %s", job, settings.toList());
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void nothingWasWritten() {
    assertThat(out()).doesNotExist();
  }

  @Test
  void makesDeadLettersOfBrokenRecordsAndDamagedFilesAndPassesOnlyWhenAsked()
      throws IOException, SQLException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes("{\"id\": \"good\", \"text\": \"low lower\"}\n".getBytes(UTF_8));
    lines.writeBytes("{\"text\": \"low\n".getBytes(UTF_8));
    lines.writeBytes("{\"body\": \"low\"}\n".getBytes(UTF_8));
    lines.writeBytes("{\"text\": 7}\n".getBytes(UTF_8));
    lines.writeBytes("{\"text\": \"bad \u00ff\"}\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(corpus.resolve("a.jsonl"), lines.toByteArray());
    byte[] record = "{\"text\": \"wider\"}\n".repeat(1000).getBytes(UTF_8);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(record);
    }
    Files.write(corpus.resolve("b.jsonl.gz"), half(gzip.toByteArray()));
    byte[] random = new byte[20_000];
    new Random(1).nextBytes(random);
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) ('a' + (random[i] & 15));
    }
    Files.write(corpus.resolve("c.txt.zst"), half(Zstd.compress(random)));

    CommandLineRun ran = encode(corpus).endedWith(3);
    Map<String, Long> reasons =
        MerganserRun.manifest(out().toString()).totals().sums().deadLetters();
    assertThat(reasons)
        .containsEntry("invalid-json", 1L)
        .containsEntry("missing-text", 1L)
        .containsEntry("text-not-string", 1L)
        .containsEntry("invalid-utf8", 1L)
        .containsEntry("truncated", 3L)
        .hasSize(5);
    assertThat(ran.out()).containsPattern("dead letters +7\n");
    List<String> letters = deadLetters();
    assertThat(letters).hasSize(7);
    assertThat(letters.get(0))
        .startsWith("{\"file\":\"a.jsonl\",\"record\":1,\"offset\":36,\"length\":13,\"sha256\":\"")
        .contains("\"reason\":\"invalid-json\"");
    assertThat(ManifestVerification.check("" + out(), true).findings()).isEmpty();
    assertThat(ran.out()).endsWith("merganser cat " + out() + " --dead-letters\n");
    assertThat(ran.err())
        .containsPattern("merganser: NOT WHOLE: 7 of \\d+ records are dead letters")
        .contains("  the first: a.jsonl, line 2, byte 36: invalid-json: ")
        .endsWith("  all of them: merganser cat " + out() + " --dead-letters\n");
    assertThat(CommandLineRun.of("cat", out().toString(), "--dead-letters").succeeded().out())
        .startsWith("== a.jsonl, record 1 at byte 36, 13 bytes: invalid-json\n   ")
        .contains(": invalid-utf8\n   ")
        .contains("\\xFF");
    assertThat(
            CommandLineRun.of("cat", out().toString(), "--dead-letters", "--jsonl", "--limit", "1")
                .succeeded()
                .out())
        .startsWith(letters.get(0).substring(0, letters.get(0).length() - 1) + ",\"text\":\"");
    assertThat(corpusLine(ran))
        .matches(
            "corpus +NOT WHOLE: 7 of \\d+ records are dead letters \\(.* %\\), and files that are"
                + " cut, damaged or not supported lost an unknown number of records; damaged files"
                + " and rows are allowed only by corpus.maxDeadLetterRate: 1; more than"
                + " corpus.maxDeadLetterRate 0.001 allows");
    assertThat(encode(corpus).endedWith(3).out()).startsWith("Nothing to do");

    CommandLineRun allowed = encode(corpus, "corpus.maxDeadLetterRate=1").succeeded();
    assertThat(allowed.out()).containsPattern("dead letters +7\n");
    assertThat(corpusLine(allowed)).endsWith("; the job allows it (corpus.maxDeadLetterRate)");
    CommandLineRun failing =
        encode(corpus, "corpus.maxDeadLetterRate=1", "corpus.failOnDeadLetters=true").endedWith(3);
    assertThat(corpusLine(failing)).endsWith("; corpus.failOnDeadLetters allows none");
  }

  private static String corpusLine(CommandLineRun ran) {
    return ran.out().lines().filter(line -> line.startsWith("corpus  ")).findFirst().orElse("");
  }

  @Test
  void namesTheFilesThatAreCutOrDamagedAndDoesNotBlameTheRate() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.jsonl"), "{\"text\": \"low\"}\n".repeat(10_000));
    byte[] good = Compressed.gzip("{\"text\": \"lower\"}\n".repeat(100));
    Files.write(corpus.resolve("cut.jsonl.gz"), Arrays.copyOf(good, good.length - 1));
    byte[] first = good.clone();
    first[0] ^= 1;
    Files.write(corpus.resolve("first.csv.gz"), first);
    CommandLineRun ran = encode(corpus).endedWith(3);
    assertThat(ran.out())
        .contains("  look: cut.jsonl.gz is cut or damaged (truncated 2)\n")
        .contains("  look: first.csv.gz gave no document (corrupt 1)\n");
    assertThat(corpusLine(ran))
        .isEqualTo(
            "corpus           NOT WHOLE: 3 of 10,102 records are dead letters (0.0297 %), and files"
                + " that are cut, damaged or not supported lost an unknown number of records;"
                + " damaged files and rows are allowed only by corpus.maxDeadLetterRate: 1");
  }

  @Test
  void allowsOneDeadLetterInAThousandRecordsAndSaysSo() throws IOException {
    String good = "{\"text\": \"low\"}\n";
    Path file = write("a.jsonl", good.repeat(999) + "{}\n");
    assertThat(corpusLine(encode(file).succeeded()))
        .isEqualTo(
            "corpus           NOT WHOLE: 1 of 1,000 records are dead letters (0.10 %); the job"
                + " allows it (corpus.maxDeadLetterRate)");
    write("a.jsonl", good.repeat(998) + "{}\n");
    assertThat(corpusLine(encode(file).endedWith(3)))
        .endsWith("corpus.maxDeadLetterRate 0.001 allows");
    write("a.jsonl", good.repeat(998));
    assertThat(encode(file).succeeded().out()).containsPattern("dead letters +0\n");
  }

  /** Everyone's first mistake. */
  @Test
  void aRunThatKeepsNoDocumentFailsAndSaysWhatTheFileHasInstead() throws IOException {
    Path file = write("a.jsonl", "{\"path\": 1, \"body\": \"low\", \"kind\": 2}\n".repeat(50));
    String found =
        "a.jsonl at 0: missing-text: there is no field text (corpus.textField); the line has the"
            + " fields path, body, kind";
    CommandLineRun ran = encode(file).endedWith(3);
    assertThat(ran.err())
        .contains(
            "no document was kept: 1 file (a.jsonl) with 50 records: dead letters 50 (missing-text"
                + " 50)")
        .contains(found);
    assertThat(out().resolve("manifest.json")).doesNotExist();
    assertThat(encode(file).endedWith(3).err()).contains(found); // as the first time
    assertThat(
            CommandLineRun.line(
                    "train --input %s --vocab-size 300 --pattern qwen2 --output %s",
                    file, folder.resolve("trained"))
                .endedWith(3)
                .err())
        .contains("there is no text to train on")
        .contains(found);
    encode(file, "corpus.textField=body").succeeded();
  }

  @Test
  void theSummaryNamesTheFilesThatGaveNoDocument() throws IOException, SQLException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.jsonl"), "{\"text\": \"low\"}\n".repeat(20));
    Files.writeString(corpus.resolve("b.jsonl"), "{\"body\": \"low\"}\n".repeat(7));
    Files.writeString(corpus.resolve("c\u001b[31m.pdf"), "%PDF-1.7\n");
    Duck.query(
        "copy (select 'low' as body, i as id from range(5434) t(i)) to '%s' (format parquet)",
        corpus.resolve("d.parquet"));
    CommandLineRun ran = encode(corpus).endedWith(3);
    assertThat(ran.out())
        .contains("  look: b.jsonl gave no document (missing-text 7)\n")
        .contains("  look: c\\u001B[31m.pdf gave no document (unsupported 1)\n")
        .contains("  look: d.parquet gave no document (missing-text 5434)\n")
        .doesNotContain("\u001b");
    assertThat(corpusLine(ran)).startsWith("corpus           NOT WHOLE: 5,442 of 5,462 records");
    assertThat(encode(corpus).endedWith(3).out()).contains("look: b.jsonl gave no document");
  }

  /** What is said in sentences is for people; names of stages have spaces, and so has Python. */
  @Test
  void theResultAsJsonHasFiguresAndNamesWhereTheSummaryHasSentences() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.jsonl"), "{\"text\": \"low\"}\n\n".repeat(20));
    for (int i = 0; i < 11; i++) {
      Files.writeString(corpus.resolve("b%02d.jsonl".formatted(i)), "{}\n".repeat(i + 1));
    }
    CommandLineRun ran = encode(corpus, "shards.groupBy=lang", "--json").endedWith(3);
    assertThat(ran.err()).contains("and 1 more files").contains("no document has a group");
    assertThat(ran.out())
        .doesNotContainPattern("\"(?!stage\"|python\")[a-zA-Z]+\" : \"[^\"]* ")
        .doesNotContain("\"corpus\"", "\"found\"", "\"wanted\"", "\"advice\"");
    JsonNode json = Json.MAPPER.readTree(ran.out());
    assertThat(json.path("records").longValue()).isEqualTo(86);
    assertThat(json.at("/lost/files").intValue()).isEqualTo(11);
    assertThat(json.at("/lost/first")).hasSize(10);
    assertThat(json.at("/lost/first/9/path").textValue()).isEqualTo("b09.jsonl");
    assertThat(json.at("/lost/first/9/deadLetters/missing-text").intValue()).isEqualTo(10);
    assertThat(json.path("fieldWithoutGroups").textValue()).isEqualTo("lang");
    assertThat(json.path("vocabularyChange").isNull()).isTrue();
    JsonNode check = json.at("/verdict/0");
    assertThat(check.path("name").textValue()).isEqualTo("dead-letters");
    assertThat(check.path("value").intValue()).isEqualTo(66);
    assertThat(check.path("limit").intValue()).isZero();
  }

  @Test
  void tellsAllUnusableInputsInOneRunAndNoControlCharacter() throws IOException {
    Path file = write("a.txt", "low");
    String err =
        encode(file, "corpus.inputs=[\"no\\e[2J.txt\", '" + folder + "/*.none', '" + file + "']")
            .endedWith(2)
            .err();
    assertThat(err)
        .startsWith("merganser: 2 inputs cannot be used:\n  input no\\u001B[2J.txt ")
        .contains("/*.none matches no file")
        .doesNotContain("\u001b");
    nothingWasWritten();
  }

  /** Such a value was the key of a JSON object that could not be read again. */
  @Test
  void aGroupOfFiftyThousandCharactersIsCut() throws IOException {
    String line = "{\"text\": \"low\", \"lang\": \"%s\"}\n";
    Path file = write("a.jsonl", line.formatted("x".repeat(50_000)) + line.formatted("en"));
    encode(file, "shards.groupBy=lang").succeeded();
    assertThat(encode(file, "shards.groupBy=lang").succeeded().out()).startsWith("Nothing to do");
  }

  private List<String> deadLetters() throws IOException {
    List<String> letters = new ArrayList<>();
    for (Path file : OutputTree.paths(out().resolve("dead-letters"))) {
      try (ZstdInputStream in = new ZstdInputStream(Files.newInputStream(file))) {
        letters.addAll(new String(in.readAllBytes(), UTF_8).lines().toList());
      }
    }
    return letters;
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  @Test
  void treatsInvalidUtf8AsTheJobSays() throws IOException {
    byte[] text = {'l', 'o', 'w', (byte) 0xE2, (byte) 0x82, ' ', (byte) 0xFF, '!'};
    Path file = Files.write(folder.resolve("bad.txt"), text);
    assertThat(encode(file).endedWith(3).err()).contains("invalid-utf8");
    assertThat(CommandLineRun.of("cat", "--dead-letters", "--jsonl", out().toString()).out())
        .contains("invalid-utf8")
        .contains("bG934oIg/yE=");
    assertThat(out().resolve("shards")).doesNotExist();

    encode(file, "corpus.invalidUtf8=replace").succeeded();
    assertThat(new String(decoded(), UTF_8)).isEqualTo("low\uFFFD \uFFFD!");
    assertThat(out().resolve("dead-letters/part-0000000.jsonl.zst")).doesNotExist();

    encode(file, "corpus.invalidUtf8=bytes", "--replace").succeeded();
    assertThat(decoded()).isEqualTo(text);
  }

  private byte[] decoded() throws IOException {
    IdBuffer ids = new IdBuffer(64);
    for (ShardRow row : ShardRows.of(out().resolve("shards/parquet"))) {
      Arrays.stream(ShardRows.ids(row)).forEach(ids::add);
    }
    return Tokenizer.read(tokenizer).decode(ids, false);
  }

  @Test
  void refusesAVocabularyThatCannotHoldTheBytesAndSpecialTokens() {
    CommandLineRun ran = sample("tokenizer.train.vocabSize=256").endedWith(2);
    assertThat(ran.err())
        .isEqualTo(
            "merganser: pipelines/sample.yaml: tokenizer.train.vocabSize: 256 is below 257, the 256"
                + " bytes and 1 special tokens that are always in the vocabulary\n");
    nothingWasWritten();
  }

  @Test
  void refusesAPatternOrFamilyItDoesNotKnow() {
    assertThat(sample("tokenizer.train.pattern=Qwen2").endedWith(2).err())
        .contains("tokenizer.train: pattern: \"Qwen2\" is neither gpt2, cl100k, qwen2, qwen3.5,");
    assertThat(sample("tokenizer.train.pattern='(['").endedWith(2).err())
        .contains("tokenizer.train: pattern: \"([\" is neither gpt2,");
    assertThat(
            sample("tokenizer.train.pattern=null", "tokenizer.train.family=mamba")
                .endedWith(2)
                .err())
        .contains("\"mamba\"")
        .contains("qwen3.5");
    assertThat(sample("tokenizer.train.pattern=gtp2").endedWith(2).err())
        .endsWith("it is only a word; did you mean \"gpt2\"?\n");
    assertThat(
            sample("tokenizer.train.pattern=null", "tokenizer.train.family=lama3")
                .endedWith(2)
                .err())
        .endsWith("qwen3.5, deepseek3; did you mean \"llama3\"?\n");
  }

  @Test
  void refusesFlagsThatNeitherItNorBeamKnows() {
    CommandLineRun ran = sample("--targetParalelism=2").endedWith(2);
    assertThat(ran.err())
        .startsWith(
            "merganser: there is no option --targetParalelism here; did you mean"
                + " \"--targetParallelism\"?");
    assertThat(sample("--runner=FlinkRunner").endedWith(2).err())
        .contains("target/flink/merganser-flink.jar");
    assertThat(sample("--runner=SparkRunner", "--sparkMaster=local[2]").endedWith(2).err())
        .startsWith("merganser: flags: this build has no SparkRunner, only the DirectRunner;")
        .contains("mvn -f src/clusters -pl spark -am");
    assertThat(CommandLineRun.of("run", "pipelines/sample.yaml", "extra").endedWith(2).err())
        .startsWith("merganser: there is no place for the argument \"extra\"");
    nothingWasWritten();
  }

  @Test
  void namesTheBuildThatReadsALocationOfAnotherStore() {
    assertThat(sample("corpus.inputs=['s3://bucket/text/*.jsonl']").endedWith(2).err())
        .startsWith("merganser: s3://bucket/text/*.jsonl: this build has no file system for \"s3\"")
        .contains("mvn -Ps3");
    assertThat(sample("embeddings.table=gs://bucket/table.parquet").endedWith(2).err())
        .contains("gs://bucket/table.parquet: this build has no file system for \"gs\"")
        .contains("mvn -f src/clusters -pl dataflow -am");
    assertThat(sample("corpus.inputs=['ftp://host/text']").endedWith(2).err())
        .contains("there are builds for s3 and gs");
    nothingWasWritten();
  }

  private CommandLineRun sample(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "output=" + out();
    return run("pipelines/sample.yaml", all);
  }

  @Test
  void refusesAFileThatIsNoTokenizer() throws IOException {
    Path file = write("a.txt", "low");
    assertThat(encode(file, "tokenizer.load=" + file).endedWith(2).err()).contains("a.txt");
    nothingWasWritten();
  }

  @Test
  void refusesAWrongEmbeddingTableBeforeAnyTextIsRead() throws IOException, SQLException {
    // The corpus is a folder whose reading would fail: the table is refused before.
    Path absent = folder.resolve("absent");
    Path table = folder.resolve("table.parquet");
    Duck.query(
        "copy (select i::integer as id, [i, 1]::float[] as embedding from range(100) t(i))"
            + " to '%s' (format parquet)",
        table);
    assertThat(encode(absent, "embeddings.table=" + table).endedWith(2).err())
        .startsWith(
            "merganser: embeddings.table: " + table + " has 100 rows, the vocabulary needs ")
        .contains("are missing; take the table that belongs to the tokenizer");
    assertThat(encode(absent, "embeddings.table=" + absent).endedWith(2).err())
        .contains("embeddings.table: " + absent + ": there is no such file; make one with:");
    nothingWasWritten();
  }

  @Test
  void refusesToJoinWhatIsNoFinishedRun() throws IOException {
    Path noRun = Files.createDirectory(folder.resolve("no-run"));
    CommandLineRun ran =
        CommandLineRun.line(
            "embed --run %s --table sample-data/embeddings.parquet --output %s", noRun, out());
    assertThat(ran.endedWith(2).err())
        .isEqualTo(
            "merganser: %s: has no manifest.json, so there is no finished run here; run its job (again) first\n"
                .formatted(noRun));
  }

  /**
   * A real write that the operating system refuses: a process that may write no file above 4 MiB
   * (ulimit -f), as on a disk that is full, only sooner.
   */
  @Test
  @Tag("long")
  void saysWhichFilesCouldNotBeWrittenLeavesNoneHalfWrittenAndGoesOnLater()
      throws IOException, InterruptedException {
    assumeThat(Path.of("/bin/sh")).exists();
    Path corpus = write("noise.txt", noise(3_300_000));
    String[] args =
        CommandLineRun.words(
            "encode --tokenizer %s --input %s --output %s", tokenizer, corpus, out());
    List<String> command =
        new ArrayList<>(
            List.of("/bin/sh", "-c", "ulimit -f 4096 && LC_ALL=C.UTF-8 exec \"$0\" \"$@\""));
    command.addAll(JavaProcess.command(List.of("-Xmx1g"), "org.merganser.cli.Main", List.of(args)));
    Path log = folder.resolve("log");
    Process process =
        ChildProcess.start(
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
    int exitCode = process.waitFor();
    assertThat(exitCode).as(Files.readString(log)).isEqualTo(1);
    assertThat(Files.readString(log))
        .contains(
            "merganser: "
                + out()
                + ": the files of unit 0 cannot be written: "
                + out()
                + "/.merganser-staged/")
        .contains(": File too large; nothing half-written was left there")
        .contains("the same command continues the run");
    assertThat(out().resolve("manifest.json")).doesNotExist();
    assertThat(OutputTree.files(out()))
        .noneMatch(path -> path.contains("shards/") || path.contains(".tmp-"));
    CommandLineRun.of(args).succeeded();
    assertThat(ManifestVerification.check("" + out(), true).findings()).isEmpty();
  }

  private static String noise(int bytes) {
    Random random = new Random(4);
    StringBuilder text = new StringBuilder(bytes);
    while (text.length() < bytes) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }
}

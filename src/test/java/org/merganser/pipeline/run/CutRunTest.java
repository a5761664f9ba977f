package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.verify.FolderVerification;
import org.merganser.pipeline.verify.VerificationReport;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.Statistics;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** Documents above the limit are cut into parts, and nothing else changes by it. */
@Tag("run")
final class CutRunTest {
  @TempDir static Path folder;
  private static Path corpus;

  @BeforeAll
  static void writeLargeDocuments() throws IOException {
    corpus = Files.createDirectory(folder.resolve("corpus"));
    byte[] europe = Files.readAllBytes(Path.of("sample-data/corpus/europe.jsonl"));
    String text = new String(europe, StandardCharsets.UTF_8).substring(0, 100_000);
    Files.writeString(corpus.resolve("book.txt"), text);
    Files.writeString(corpus.resolve("tail.txt"), text.substring(50_000, 50_900));
  }

  private static Path run(String name, Path input, String... settings) throws IOException {
    Path out = folder.resolve(name);
    Jobs.lean(
            out,
            List.of(
                "corpus.inputs=['" + input + "']",
                "corpus.format=text",
                "corpus.maxDeadLetterRate=1",
                "shards.groupBy=null",
                "shards.endOfDocument=<|endoftext|>",
                "tokenizer.train.vocabSize=600"),
            settings)
        .succeeded();
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    return out;
  }

  /** The ids of each document, its parts put together, and how many parts it has. */
  private record Ids(Map<String, String> ids, Map<String, Integer> parts) {
    static Ids of(Path out) throws IOException {
      Ids all = new Ids(new TreeMap<>(), new TreeMap<>());
      for (ShardRow row : ShardRows.of(out.resolve("shards/parquet"))) {
        String ids = Arrays.toString(ShardRows.ids(row));
        String bare = ids.substring(1, ids.length() - 1);
        all.ids.merge(row.docId, bare, (a, b) -> a + ", " + b);
        all.parts.merge(row.docId, 1, Integer::sum);
      }
      return all;
    }
  }

  private static RecordSums totals(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), "manifest")
        .totals()
        .sums();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2", "o200k", "deepseek3"})
  void theVocabularyAndTheIdsAreThoseOfTheWholeDocument(String pattern) throws IOException {
    String[] settings = {
      "tokenizer.train.pattern=" + pattern, "tokenizer.train.normalizer=nfc", "embeddings=null"
    };
    Path whole = run(pattern + "-whole", corpus, settings);
    String[] limited = Arrays.copyOf(settings, 4);
    limited[3] = "corpus.maxDocumentBytes=4096";
    Path cut = run(pattern + "-cut", corpus, limited);
    assertThat(cut.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(whole.resolve("tokenizer/tokenizer.json"));
    assertThat(Ids.of(cut).ids()).isEqualTo(Ids.of(whole).ids());
    assertThat(Ids.of(cut).parts().get("book.txt")).isGreaterThan(20);
    assertThat(Ids.of(cut).parts()).containsEntry("tail.txt", 1);
    assertThat(totals(cut)).isEqualTo(totals(whole));
  }

  @Test
  void saysThatOneDocumentOfManyHasMuchOfTheText() throws IOException {
    Path lines = folder.resolve("lines.txt");
    List<String> texts = new ArrayList<>(Collections.nCopies(110, "a short text"));
    Files.write(lines, texts);
    assertThat(summary("short", lines)).doesNotContain("look:");
    texts.add(57, "a long text ".repeat(50));
    Files.write(lines, texts);
    assertThat(summary("giant", lines))
        .containsPattern(
            "look: the document lines.txt#741 of lines.txt has \\d+ of \\d+ tokens; check that it"
                + " is one document\n");
    assertThat(summary("checked", lines, "report={enabled: true, granularities: false}"))
        .doesNotContain("look:")
        .contains("largest-document");
  }

  private static String summary(String name, Path lines, String... more) throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "corpus.inputs=['" + lines + "']",
                "corpus.format=lines",
                "shards.groupBy=null",
                "embeddings=null",
                "tokenizer.train.vocabSize=300"));
    settings.addAll(List.of(more));
    return Jobs.lean(folder.resolve(name), settings).succeeded().out();
  }

  /** The tokenizer of Mistral has no pre-tokenizer, and so no place to cut. */
  @ParameterizedTest
  @Tag("conformance")
  @ValueSource(strings = {"gpt2", "qwen2_5_derived", "gptoss", "gpt35turbo", "mistral_7b_v01"})
  void theIdsOfAPublishedTokenizerAreThoseOfTheWholeDocument(String name) throws IOException {
    Path json = SharedData.dir().resolve("tokenizers").resolve(name).resolve("tokenizer.json");
    String[] settings = {
      "tokenizer={load: '" + json + "'}", "shards.endOfDocument=null", "embeddings=null"
    };
    Ids whole = Ids.of(run("loaded-" + name, corpus, settings));
    String[] limited = Arrays.copyOf(settings, 5);
    limited[3] = "corpus.maxDocumentBytes=4096";
    limited[4] = "corpus.maxWholeDocumentBytes=200000";
    Ids cut = Ids.of(run("loaded-cut-" + name, corpus, limited));
    assertThat(cut.ids()).isEqualTo(whole.ids());
    assertThat(cut.parts().get("book.txt") > 20).isEqualTo(!name.startsWith("mistral"));
  }

  /** Only the known patterns have a rule. */
  @Test
  void aDocumentThatCannotBeCutIsEncodedWholeUpToTheLimitOfTheJob() throws IOException {
    String pattern = "tokenizer.train.pattern='\\w+(?=, )|\\w+|\\W'";
    String size = "corpus.maxDocumentBytes=60000";
    Path unlimited = run("unlimited", corpus, pattern);
    Path whole = run("uncut", corpus, pattern, size);
    assertThat(totals(whole)).isEqualTo(totals(unlimited));
    assertThat(Ids.of(whole).ids()).isEqualTo(Ids.of(unlimited).ids());
    assertThat(Ids.of(whole).parts()).containsEntry("book.txt", 1);
    Path dead = run("uncut-dead", corpus, pattern, size, "corpus.maxWholeDocumentBytes=60000");
    assertThat(totals(dead).deadLetters()).isEqualTo(Map.of("too-large", 1L));
    assertThat(Ids.of(dead).parts()).containsOnlyKeys("tail.txt");
  }

  /** A line that several ranges, and so several units, have parts of. */
  @Test
  void givesPooledVectorsOfPartsWhoseMeanIsThatOfTheDocument() throws Exception {
    Path lines = Files.createDirectory(folder.resolve("lines"));
    String text = Files.readString(corpus.resolve("book.txt")).replaceAll("\\s+", " ");
    Files.writeString(
        lines.resolve("a.txt"), "before\n" + text.repeat(66) + "\n" + text + "\nbehind\n");
    Path whole = run("pooled-whole", lines, "corpus.format=lines");
    Path cut = run("pooled-cut", lines, "corpus.format=lines", "corpus.maxDocumentBytes=500000");
    assertThat(OutputTree.sums(cut, "shards/")).hasSizeGreaterThan(1);
    assertThat(Ids.of(cut).ids()).isEqualTo(Ids.of(whole).ids());
    String values =
        "SELECT doc_id, d, sum(num_tokens * v) / sum(num_tokens) AS v FROM (SELECT doc_id,"
            + " num_tokens, unnest(embedding) AS v, generate_subscripts(embedding, 1) AS d FROM '%s"
            + "/embedded/pooled/*.parquet') GROUP BY ALL";
    assertThat(
            Duck.query(
                "SELECT count(DISTINCT c.doc_id), count(DISTINCT w.doc_id), max(abs(c.v - w.v)) <"
                    + " 1e-5 FROM (%s) c FULL JOIN (%s) w USING (doc_id, d)",
                values.formatted(cut), values.formatted(whole)))
        .containsExactly("4|4|true");
    assertThat(
            Duck.query(
                "SELECT count(*) > 4, sum(s.num_tokens - p.num_tokens) = count(DISTINCT doc_id),"
                    + " bool_and(s.num_tokens - p.num_tokens BETWEEN 0 AND 1) FROM"
                    + " '%s/embedded/pooled/*.parquet' p FULL JOIN '%s/shards/parquet/*.parquet' s"
                    + " USING (doc_id, part)",
                cut, cut))
        .containsExactly("true|true|true");
    assertThat(cut.resolve("embedded/rows.parquet"))
        .hasSameBinaryContentAs(whole.resolve("embedded/rows.parquet"));
  }

  /**
   * The large line is in several units; small ones before and after it share the first and last.
   */
  @Test
  void countsTheLengthOfADocumentInSeveralUnitsOnce() throws Exception {
    Path lines = Files.createDirectory(folder.resolve("lengths"));
    String text = Files.readString(corpus.resolve("book.txt")).replaceAll("\\s+", " ");
    Files.writeString(
        lines.resolve("a.txt"), "before\n" + text.repeat(88) + "\n" + text + "\nbehind\n");
    Files.writeString(lines.resolve("b.txt"), text.substring(0, 60_000) + "\n");
    String[] settings = {
      "corpus.format=lines",
      "corpus.maxDocumentBytes=50000",
      "report={enabled: true, granularities: false}",
      "embeddings=null",
      "--targetParallelism=1"
    };
    Path out = run("lengths-1", lines, settings);
    settings[4] = "--targetParallelism=4";
    assertThat(OutputTree.sums(run("lengths-4", lines, settings))).isEqualTo(OutputTree.sums(out));
    Map<String, Long> expected = new TreeMap<>();
    for (ShardRow row : ShardRows.of(out.resolve("shards/parquet"))) {
      expected.merge(row.docId, (long) row.count, Long::sum);
    }
    Path json = out.resolve("statistics.json");
    DocumentLengths lengths = Statistics.read(Files.readAllBytes(json), "" + json).lengths();
    assertThat(OutputTree.sums(out, "shards/")).hasSizeGreaterThan(2);
    assertThat(
            lengths.longest().stream()
                .collect(Collectors.toMap(MeasuredDocument::id, MeasuredDocument::tokens)))
        .isEqualTo(expected)
        .hasSize(5);
    assertThat(lengths.all().documents()).isEqualTo(5);
    assertThat(lengths.all().above().get(4).documents()).isEqualTo(1);
    assertThat(lengths.all().above().get(4).tokens())
        .isEqualTo(expected.values().stream().mapToLong(tokens -> tokens).max().orElseThrow());
    assertThat(lengthsOfShards(out)).isEqualTo(lengths);
    settings[2] = "report.enabled=false";
    Path without = run("lengths-without", lines, settings);
    assertThat(lengths(without)).isEqualTo(lengths);
    assertThat(without.resolve("statistics.json")).doesNotExist();
    assertThat(data(without)).isEqualTo(data(out));
    Path counted = folder.resolve("lengths-counted");
    CommandLineRun.line(
            "count --tokenizer %s --input %s --format lines --end-of-document <|endoftext|>"
                + " --output %s --set corpus.maxDocumentBytes=50000",
            out, lines, counted)
        .succeeded();
    assertThat(lengths(counted)).isEqualTo(lengths);
  }

  private static DocumentLengths lengths(Path out) throws IOException {
    return FinishedOutput.at(OutputPaths.of(out.toString())).lengths();
  }

  private static String data(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), "manifest").data();
  }

  private static DocumentLengths lengthsOfShards(Path out) throws IOException {
    Path made = folder.resolve(out.getFileName() + "-npy");
    Path job = folder.resolve(out.getFileName() + "-npy.yaml");
    Files.writeString(
        job, "shards: { from: [ '%s' ], formats: [ npy ] }%noutput: '%s'%n".formatted(out, made));
    CommandLineRun.of("run", job.toString()).succeeded();
    return lengths(made);
  }

  /** The line is in two units of each of two files, which it ends and begins. */
  @Test
  void leavesOutALargeDocumentThatWasThereBefore() throws IOException {
    Path lines = Files.createDirectory(folder.resolve("twice"));
    Path once = Files.createDirectory(folder.resolve("once"));
    String text = Files.readString(corpus.resolve("book.txt")).replaceAll("\\s+", " ").repeat(66);
    Files.writeString(lines.resolve("a.txt"), "before\n" + text + "\nbehind\n");
    Files.writeString(lines.resolve("b.txt"), text + "\nbefore\nnew\n");
    Files.writeString(once.resolve("a.txt"), "before\n" + text + "\nbehind\n");
    Files.writeString(once.resolve("b.txt"), "new\n");
    String[] settings = {
      "corpus.format=lines",
      "corpus.maxDocumentBytes=500000",
      "corpus.deduplicate=exact",
      "tokenizer.train.vocabSize=300",
      "embeddings=null"
    };
    Path out = run("distinct", lines, settings);
    Path rest = run("distinct-rest", once, settings);
    assertThat(out.resolve("tokenizer/tokenizer.json"))
        .hasSameBinaryContentAs(rest.resolve("tokenizer/tokenizer.json"));
    Ids expected = Ids.of(rest);
    Ids found = Ids.of(out);
    assertThat(List.copyOf(found.ids().values()))
        .containsExactlyInAnyOrderElementsOf(expected.ids().values());
    assertThat(found.ids()).containsKeys("a.txt#7").doesNotContainKey("b.txt#0");
    assertThat(totals(out).duplicates()).isEqualTo(2);
    assertThat(totals(out).documents()).isEqualTo(totals(rest).documents()).isEqualTo(4);
    Path alone = folder.resolve("distinct-alone");
    settings = Arrays.copyOf(settings, settings.length + 1);
    settings[settings.length - 1] = "--targetParallelism=1";
    run("distinct-alone", lines, settings);
    assertThat(OutputTree.sums(alone)).isEqualTo(OutputTree.sums(out));
  }

  @Test
  void aDocumentWhoseMiddlePartIsDeadIsWholeToVerify() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("middle"));
    byte[] bytes = Files.readString(corpus.resolve("book.txt")).getBytes(StandardCharsets.UTF_8);
    bytes[20_000] = (byte) 0xFF;
    Files.write(broken.resolve("a.txt"), bytes);
    bytes[20_000] = 'x';
    bytes[3] = (byte) 0xFF;
    Files.write(broken.resolve("b.txt"), bytes);
    Files.writeString(broken.resolve("c.txt"), "x <|endoftext|>");
    Path out =
        run("middle-out", broken, "corpus.maxDocumentBytes=4096", "tokenizer.specialText=reject");
    assertThat(totals(out).deadLetters())
        .containsEntry("invalid-utf8", 2L)
        .containsEntry("special-token", 1L);
    assertThat(totals(out).documents()).isEqualTo(1);
    VerificationReport report = FolderVerification.verify(out.toString(), true, List.of());
    assertThat(report.findings()).isEmpty();
    assertThat(report.documentsCompared()).isEqualTo(1);
  }

  @Test
  void aDocumentWhoseLastPartIsDeadStillEnds() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    String text = Files.readString(corpus.resolve("book.txt")).substring(0, 20_000);
    byte[] bytes = (text + " x").getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 1] = (byte) 0xE9;
    Files.write(broken.resolve("a.txt"), bytes);
    Files.writeString(broken.resolve("b.txt"), text + " <|endoftext|>");
    Path out =
        run("broken-out", broken, "corpus.maxDocumentBytes=4096", "tokenizer.specialText=reject");
    RecordSums totals = totals(out);
    assertThat(totals.documents()).isEqualTo(2);
    assertThat(totals.deadLetters())
        .containsEntry("invalid-utf8", 1L)
        .containsEntry("special-token", 1L);
    Ids ids = Ids.of(out);
    String end = ids.ids().get("b.txt").replaceAll(".*, ", "");
    assertThat(ids.ids().get("a.txt")).endsWith(", " + end);
    assertThat(ids.ids().get("b.txt")).endsWith(", " + end);
    assertThat(FolderVerification.verify(out.toString(), true, List.of()).findings()).isEmpty();
  }
}

package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.pipeline.output.OutputPaths.LEARNED_VECTORS;
import static org.merganser.pipeline.output.OutputPaths.NGRAMS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.layout.LayoutRows;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/**
 * A token that begins each document, in every layout. A run with {@code shards.beginOfDocument} is
 * compared with its twin without it: only the first id of each document differs.
 */
@Tag("run")
final class BeginOfDocumentTest {
  private static final int BEGIN = 0;
  private static final int END = 1;
  private static final String MARKS = "beginOfDocument: <s>, endOfDocument: </s>";
  private static final String LAYOUTS = "megatron, bin, npy, datatrove, litdata, dolma";

  @TempDir static Path folder;
  private static Path begun;
  private static Path twin;

  @BeforeAll
  static void runBoth() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      lines.append(
          "{\"id\": \"d%d\", \"lang\": \"%s\", \"text\": \"%s\"}\n"
              .formatted(i, i % 3 == 0 ? "de" : "en", "a rose is a rose ".repeat(i % 7) + i % 5));
    }
    lines.append("{\"id\": \"empty\", \"lang\": \"en\", \"text\": \"\"}\n");
    lines.append("{\"id\": \"marked\", \"lang\": \"en\", \"text\": \"<s>a rose</s>\"}\n");
    Files.writeString(corpus.resolve("a.jsonl"), lines);
    Files.writeString(corpus.resolve("long.txt"), "it is a long rose </s>".repeat(400));
    Jobs.train(
        folder.resolve("tokenizer"),
        "--input %s --vocab-size 300 --pattern gpt2 --special-token <s> --special-token </s>",
        corpus);
    Jobs.table(folder.resolve("table.parquet"), 300, 4);
    begun = run("begun", MARKS);
    twin = run("twin", "endOfDocument: </s>");
  }

  private static Path run(String name, String shards, String... more) throws IOException {
    job(name, shards, more).succeeded();
    Path out = folder.resolve(name);
    assertThat(ManifestVerification.check("" + out, true).findings()).as(name).isEmpty();
    return out;
  }

  private static CommandLineRun job(String name, String shards, String... more) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            corpus: { inputs: [ corpus ], validation: 0.2, maxDocumentBytes: 1024 }
            tokenizer: { load: tokenizer, specialText: parse }
            shards: { formats: [ %s ], %s }
            embeddings: { table: table.parquet, output: [ pooled, rows, sequence ] }
            learn: { ngrams: 3 }
            output: %s
            """
                .formatted(LAYOUTS, shards, name));
    List<String> args = new ArrayList<>(List.of("run", job.toString()));
    for (String setting : more) {
      args.add("--set");
      args.add(setting);
    }
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private static RecordSums sums(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), "it").totals().sums();
  }

  private static JsonNode json(Path out, String file) throws IOException {
    return Json.MAPPER.readTree(out.resolve(file).toFile());
  }

  /** The rows of documents without the first id of each first part, which begins it. */
  private static List<String> withoutBegin(List<ShardRow> rows) {
    for (ShardRow row : rows) {
      if (row.part == 0) {
        assertThat(row.ids[0]).as(row.docId).isEqualTo(BEGIN);
        row.ids = Arrays.copyOfRange(row.ids, 1, row.count);
        row.count--;
      }
    }
    return LayoutRows.show(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "megatron", "bin", "npy", "datatrove", "litdata", "dolma"})
  void eachDocumentOfEachLayoutBeginsWithItOnceAndItsLaterPartsDoNot(String paths)
      throws IOException {
    for (String side : List.of("shards/", "validation/")) {
      List<ShardRow> rows = LayoutRows.ofFolder(begun.resolve(side + paths));
      List<ShardRow> before = LayoutRows.ofFolder(twin.resolve(side + paths));
      assertThat(rows).hasSizeGreaterThan(10);
      assertThat(withoutBegin(rows)).isEqualTo(LayoutRows.show(before));
    }
  }

  @Test
  void itCountsInTotalsLengthsHistogramsAndTheJoin() throws Exception {
    RecordSums with = sums(begun);
    RecordSums without = sums(twin);
    assertThat(with.documents()).isEqualTo(without.documents());
    assertThat(with.tokens()).isEqualTo(without.tokens() + with.documents());
    assertThat(with.validation().tokens())
        .isEqualTo(without.validation().tokens() + with.validation().documents());
    assertThat(json(begun, "statistics.json").at("/lengths/tokens").asLong())
        .isEqualTo(with.tokens());
    String rows = "SELECT coalesce(sum(count), 0) FROM '%s/embedded/rows.parquet' WHERE id = 0";
    assertThat(Duck.query(rows, twin)).containsExactly("0");
    assertThat(Duck.query(rows, begun)).containsExactly("" + with.documents());
    assertThat(json(begun, "statistics.json").at("/use/zipf").findValues("count").toString())
        .contains("" + with.documents());
  }

  @Test
  void theShareThatBeginsWithItIsShownAndCountedAgain() throws IOException {
    DocumentMarks marks = sums(begun).marks();
    long documents = sums(begun).documents();
    assertThat(marks).isEqualTo(new DocumentMarks(BEGIN, END, documents, documents));
    assertThat(json(begun, "statistics.json").path("begun").toString())
        .isEqualTo(
            "{\"id\":0,\"token\":\"<s>\",\"documents\":%d,\"share\":1.0}".formatted(documents));
    assertThat(sums(twin).marks().begin()).isNull();
    assertThat(CommandLineRun.of("verify", begun.toString(), "--full").succeeded().out())
        .contains("is whole", " compared with their source")
        .contains(
            "\n  of %d documents for training %d begin with id 0, %d end with id 1\n"
                .formatted(documents, documents, documents));
  }

  @Test
  void pooledVectorsTheRoundTripAndNgramsLeaveItOut() throws IOException {
    assertThat(OutputTree.sums(begun, "embedded/pooled/"))
        .isNotEmpty()
        .isEqualTo(OutputTree.sums(twin, "embedded/pooled/"));
    assertThat(begun.resolve(NGRAMS)).hasSameBinaryContentAs(twin.resolve(NGRAMS));
    for (String figures : List.of("measured", "granularities", "scripts", "tokensPerWord")) {
      assertThat(json(begun, "statistics.json").path(figures))
          .as(figures)
          .isNotInstanceOf(MissingNode.class)
          .isEqualTo(json(twin, "statistics.json").path(figures));
    }
  }

  @Test
  void aJoinOfTheFinishedRunLeavesItOutToo() throws IOException {
    Path joined = folder.resolve("joined");
    CommandLineRun.line(
            "embed %s --table %s --outputs pooled --output %s",
            begun, folder.resolve("table.parquet"), joined)
        .succeeded();
    assertThat(OutputTree.sums(joined, "embedded/pooled/"))
        .isEqualTo(OutputTree.sums(twin, "embedded/pooled/"));
  }

  @Test
  void vectorsAreLearnedWithoutIt() throws IOException {
    String learned = "embeddings={learn: {dim: 4}, output: [rows]}";
    Path with = run("vectors", MARKS, learned);
    Path without = run("vectors-twin", "endOfDocument: </s>", learned);
    assertThat(with.resolve(LEARNED_VECTORS))
        .hasSameBinaryContentAs(without.resolve(LEARNED_VECTORS));
  }

  @Test
  void countSaysWhatEncodingWouldWrite() throws IOException {
    String options =
        "count --tokenizer %s --input %s --set corpus.maxDocumentBytes=1024 --special-text parse"
            + " --begin-token <s> --end-of-document </s>";
    String corpus = folder.resolve("corpus").toString();
    CommandLineRun counted =
        CommandLineRun.line(options + " --json", folder.resolve("tokenizer"), corpus);
    JsonNode json = Json.MAPPER.readTree(counted.succeeded().out());
    RecordSums encoded = sums(begun);
    assertThat(json.at("/totals/tokens").asLong())
        .isEqualTo(encoded.tokens() + encoded.validation().tokens());
    assertThat(json.path("beginOfDocument").asText()).isEqualTo("<s>");
    assertThat(CommandLineRun.line(options, folder.resolve("tokenizer"), corpus).succeeded().out())
        .contains("one token of each document is its beginning, <s>");
  }

  /** Each id of each document is in the sequences once, with that which begins it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pack: {length: 24}",
        "pack: {length: 24, strategy: bestFit, remainder: pad}",
        "pack: {length: 24}, shuffle: {seed: 3}",
        "pack: {length: 24}, shuffle: {seed: 3, of: documents}"
      })
  void packedSequencesHoldItAtTheBeginningOfEachDocument(String pack) throws IOException {
    String name = "packed" + Integer.toHexString(pack.hashCode());
    Path out = run(name, MARKS + ", " + pack, "shards.formats=[npy]", "embeddings=null");
    Map<String, ShardRow> documents = new TreeMap<>();
    for (ShardRow row : ShardRows.of(begun.resolve("shards/parquet"))) {
      documents.put(row.docId + " " + row.part, row);
    }
    long begins = 0;
    for (ShardRow row : ShardRows.of(out.resolve("shards/packed/parquet"))) {
      for (int i = 0; i < row.pieces.size(); i++) {
        Piece piece = row.pieces.get(i);
        int length = row.pieceLength(row.pieces, i);
        if (piece.isFilling()) {
          continue;
        }
        ShardRow document = documents.get(piece.docId() + " " + piece.part());
        assertThat(Arrays.copyOfRange(row.ids, piece.start(), piece.start() + length))
            .isEqualTo(
                Arrays.copyOfRange(document.ids, piece.position(), piece.position() + length));
        boolean first = piece.beginsDocument();
        begins += first && row.ids[piece.start()] == BEGIN ? 1 : 0;
      }
    }
    assertThat(begins).isEqualTo(sums(begun).documents());
    JsonNode packing = json(out, "shards/packed/packing.json");
    assertThat(packing.at("/figures/beginTokens").asLong()).isEqualTo(begins);
    assertThat(packing.at("/figures/tokens").asLong()).isEqualTo(sums(twin).tokens());
    assertThat(packing.at("/pack/beginOfDocument").asText()).isEqualTo("<s>");
  }

  @Test
  void shuffledDocumentsAndFoldersOfGroupsHaveIt() throws IOException {
    Path shuffled = run("shuffled", MARKS + ", shuffle: {seed: 3}", "embeddings=null");
    for (String paths : List.of("parquet", "npy", "dolma")) {
      assertThat(withoutBegin(LayoutRows.ofFolder(shuffled.resolve("shards/shuffled/" + paths))))
          .containsExactlyInAnyOrderElementsOf(
              LayoutRows.show(LayoutRows.ofFolder(twin.resolve("shards/" + paths))));
    }
    Path grouped = run("grouped", MARKS + ", partitionBy: lang", "embeddings=null");
    long documents = 0;
    for (String group : List.of("lang=de", "lang=en", "lang=__HIVE_DEFAULT_PARTITION__")) {
      for (String paths : List.of("parquet/", "dolma/", "megatron/")) {
        List<ShardRow> rows = LayoutRows.ofFolder(grouped.resolve("shards/" + paths + group));
        documents += withoutBegin(rows).size();
      }
    }
    assertThat(documents).isEqualTo(3L * ShardRows.of(begun.resolve("shards/parquet")).size());
  }

  @Test
  void shardsOfTheRunKeepItWhenConvertedAndMerged() throws IOException {
    Path converted = folder.resolve("converted");
    CommandLineRun.line("convert %s --to npy,dolma --output %s", begun, converted).succeeded();
    for (String paths : List.of("shards/npy/", "shards/dolma/", "validation/npy/")) {
      assertThat(OutputTree.sums(converted, paths)).isEqualTo(OutputTree.sums(begun, paths));
    }
    assertThat(json(converted, "manifest.json").at("/job/shards/beginOfDocument").asText())
        .isEqualTo("<s>");
    Path merged = folder.resolve("merged");
    CommandLineRun.line("merge %s --to npy,dolma,megatron --output %s", begun, merged).succeeded();
    assertThat(ManifestVerification.check("" + merged, true).findings()).isEmpty();
    for (String paths : List.of("npy", "dolma", "megatron")) {
      assertThat(LayoutRows.show(LayoutRows.ofFolder(merged.resolve("shards/" + paths))))
          .isEqualTo(LayoutRows.show(LayoutRows.ofFolder(begun.resolve("shards/parquet"))));
    }
    assertThat(
            CommandLineRun.line(
                    "merge %s %s --to npy --output %s", begun, twin, folder.resolve("both"))
                .endedWith(2)
                .err())
        .contains(
            "documents of " + twin + " begin with nothing, and those of " + begun,
            " with \"<s>\" (shards.beginOfDocument); encode one corpus again");
  }

  @Test
  void documentsThatAreAppendedBeginWithItToo() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("growing"));
    Files.writeString(corpus.resolve("a.txt"), "a rose");
    String[] settings = {
      "corpus={inputs: ['" + corpus + "'], append: true}",
      "embeddings=null",
      "learn=null",
      "shards.formats=[npy]"
    };
    Path out = run("appended", MARKS, settings);
    assertThat(ShardRows.of(out.resolve("shards/parquet"))).hasSize(1);
    Files.writeString(corpus.resolve("b.txt"), "a new rose");
    run("appended", MARKS, settings);
    List<ShardRow> rows = LayoutRows.ofFolder(out.resolve("shards/npy"));
    assertThat(rows).hasSize(2);
    withoutBegin(rows);
    assertThat(sums(out).marks().begun()).isEqualTo(2);
    assertThat(job("appended", "endOfDocument: </s>", settings).exitCode()).isNotZero();
  }

  @Test
  void aTokenThatTheVocabularyDoesNotHaveIsRefusedBeforeAnythingIsRead() throws IOException {
    assertThat(job("none", "beginOfDocument: <x>").endedWith(2).err())
        .contains(
            "shards.beginOfDocument: \"<x>\" is not a token of ",
            "; its special tokens are [<s>, </s>]");
    String continues =
        "tokenizer={train: {vocabSize: 310, continueFrom: '%s'}}"
            .formatted(folder.resolve("tokenizer"));
    assertThat(job("none", "beginOfDocument: <x>", continues).endedWith(2).err())
        .contains("shards.beginOfDocument: \"<x>\" is not among the special and added tokens");
  }

  @Test
  void theLearnedTokenizerNamesItAsItsBeginningForTransformers() throws IOException {
    Path out =
        run(
            "learned",
            MARKS,
            "tokenizer={train: {vocabSize: 300, pattern: gpt2, specialTokens: [<s>, </s>]}}",
            "embeddings=null",
            "learn=null");
    for (String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
      JsonNode config = json(out, "tokenizer/" + file);
      assertThat(config.path("bos_token").asText()).isEqualTo("<s>");
      assertThat(config.path("eos_token").asText()).isEqualTo("</s>");
    }
  }

  /** GPT-2 begins and ends documents with the same token. */
  @Test
  void oneTokenMayBeginAndEndDocuments() throws IOException {
    Path out = run("same", "beginOfDocument: </s>, endOfDocument: </s>");
    for (ShardRow row : ShardRows.of(out.resolve("shards/parquet"))) {
      if (row.docId.equals("empty")) {
        assertThat(ShardRows.ids(row)).containsExactly(END, END);
      }
    }
    assertThat(OutputTree.sums(out, "embedded/pooled/"))
        .isEqualTo(OutputTree.sums(twin, "embedded/pooled/"));
  }
}

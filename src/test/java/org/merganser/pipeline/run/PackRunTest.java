package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/** Packing as trainers do it, as a stage of a run. */
@Tag("run")
final class PackRunTest {
  private static final String BEGIN = "<|endoftext|>";

  @TempDir static Path folder;
  private static Path run;
  private static Path begun;

  @BeforeAll
  static void encode() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < 600; i++) {
      Files.writeString(
          corpus.resolve(String.format(Locale.ROOT, "f%04d.txt", i)),
          "Die Sonne geht auf. ".repeat(i % 60) + i + "\n\nDer Mond geht unter.\n");
    }
    run = folder.resolve("run");
    begun = folder.resolve("begun");
    for (Path output : List.of(run, begun)) {
      Jobs.lean(
              output,
              "corpus={inputs: ['" + corpus + "'], format: lines, validation: 0.1}",
              "shards.groupBy=null",
              "shards.beginOfDocument=" + (output.equals(begun) ? BEGIN : "null"),
              "embeddings=null",
              "tokenizer.train.vocabSize=400")
          .succeeded();
    }
  }

  private static Path convert(String name, String... options) {
    return convert(run, name, options);
  }

  private static Path convert(Path from, String name, String... options) {
    Path out = folder.resolve(name);
    CommandLineRun.line("convert %s --output %s %s", from, out, options).succeeded();
    return out;
  }

  private static JsonNode figures(Path out, String side) throws IOException {
    return new JsonMapper()
        .readTree(out.resolve(side + "/packed/packing.json").toFile())
        .path("figures");
  }

  private static final String[] CROPPED =
      CommandLineRun.words(
          "--to npy,bin --pack-length 65 --pack-strategy bestFitCrop --pack-remainder drop");

  @Test
  void everySequenceIsFullAndBeginsWithTheTokenAndTheIndexGivesAttentionItsBounds()
      throws Exception {
    Path out = convert(begun, "cropped", CROPPED);
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    long begin =
        Long.parseLong(
            Duck.query("SELECT max(token_ids[1]) FROM '%s/shards/parquet/*.parquet'", begun)
                .get(0));
    String npy = out + "/shards/packed/npy/";
    long sequences = figures(out, "shards").path("sequences").longValue();
    assertThat(NumPy.run("packed_rows.py", npy, begin)).containsExactly("" + sequences);
    // cu_seqlens of a sequence: where its pieces begin, and its end; each piece begins a document.
    List<String> bounds =
        Duck.query(
            "SELECT count(*), min(cu[1]), max(cu[1]), min(total), max(total) FROM (SELECT"
                + " list(start - 65 * \"row\" ORDER BY start) cu, sum(num_tokens) total FROM"
                + " read_parquet('%s*.index.parquet', filename=true) GROUP BY filename, \"row\")",
            npy);
    assertThat(bounds).containsExactly(sequences + "|0|0|65|65");
    assertThat(
            Duck.query(
                "SELECT count(*) FROM '%s*.index.parquet' WHERE position <> 0 OR part <> 0", npy))
        .containsExactly("0");
  }

  @Test
  void thePageHasTheFiguresOfPackingForTraining() throws Exception {
    Path out = folder.resolve("page");
    Jobs.lean(
            out,
            "corpus.inputs=['" + folder.resolve("corpus") + "']",
            "corpus.format=lines",
            "embeddings=null",
            "tokenizer.train.vocabSize=400",
            "report={enabled: true, granularities: false}",
            "shards.pack={length: 65, strategy: bestFitCrop, remainder: drop}")
        .succeeded();
    String html = Files.readString(out.resolve("report.html"));
    int from = html.indexOf("id=\"data\">") + "id=\"data\">".length();
    JsonNode page =
        new JsonMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    JsonNode packing = page.path("identity").path("packing");
    assertThat(packing).isEqualTo(figures(out, "shards"));
    assertThat(packing.path("kept").longValue()).isPositive();
    assertThat(html).contains("What does packing keep?");
  }

  @Test
  void theFiguresAddUpToTheIdsOfTheRun() throws Exception {
    Path out = convert(begun, "figures", CROPPED);
    for (String side : List.of("shards", "validation")) {
      JsonNode figures = figures(out, side);
      List<String> canonical =
          Duck.query(
              "SELECT sum(num_tokens - 1), count(*) FROM '%s/%s/parquet/*.parquet'", begun, side);
      assertThat(figures.path("tokens") + "|" + figures.path("beginTokens"))
          .isEqualTo(canonical.get(0));
      long kept = figures.path("kept").longValue();
      assertThat(
              Duck.query("SELECT sum(num_tokens) FROM '%s/%s/packed/parquet/*.parquet'", out, side))
          .containsExactly("" + kept);
      assertThat(kept + figures.path("cropped").longValue() + figures.path("dropped").longValue())
          .isEqualTo(figures.path("tokens").longValue() + figures.path("beginTokens").longValue());
    }
  }

  /** Packed after the fact, before and after a shuffle: filling is masked and has no labels. */
  @ParameterizedTest
  @ValueSource(strings = {"null", "{seed: 5}", "{seed: 5, of: documents}"})
  void theTrainerOfTransformersPassesOverWhatFillsASequence(String shuffle) throws Exception {
    Path out = folder.resolve("hf" + Integer.toHexString(shuffle.hashCode()));
    Path job = folder.resolve("hf.yaml");
    Files.writeString(
        job,
        """
        shards: { from: %s, preset: hf, formats: [ npy ], shuffle: %s,
          pack: { length: 70, strategy: bestFit, remainder: pad } }
        output: %s
        """
            .formatted(run, shuffle, out));
    CommandLineRun.of("run", job.toString()).succeeded();
    for (String side : List.of("shards", "validation")) {
      String filled = "if(parts[-1] = -1, len(input_ids) - starts[-1], 0)";
      assertThat(
              Duck.query(
                  "SELECT sum(len(input_ids)) - sum(list_sum(attention_mask)), count(*) FILTER"
                      + " (list_sum(attention_mask) != len(input_ids) - (%s)), count(*) FILTER"
                      + " (labels != list_transform(input_ids, (id, i) -> if(attention_mask[i] = 1,"
                      + " id, -100))) FROM '%s/%s/packed/parquet/*.parquet'",
                  filled, out, side))
          .containsExactly(figures(out, side).path("padded") + "|0|0");
      assertThat(figures(out, side).path("padded").longValue()).isPositive();
    }
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void theBytesDoNotDependOnTheParallelismNorOnWhatWasLost() throws IOException {
    String[] options =
        CommandLineRun.words(
            "--to npy,litdata --pack-length 50 --pack-strategy bestFitCrop --pack-remainder pad"
                + " --shuffle-seed 5");
    List<String> parallel = new ArrayList<>(List.of(options));
    parallel.add("--targetParallelism=4");
    Path one = convert("one", options);
    Map<String, String> sums = OutputTree.sums(one);
    assertThat(OutputTree.sums(convert("four", parallel.toArray(String[]::new)))).isEqualTo(sums);
    for (String file : OutputTree.files(one)) {
      if (file.endsWith("/packing.json") || file.equals("manifest.json")) {
        Files.delete(one.resolve(file));
      }
    }
    convert("one", options);
    assertThat(OutputTree.sums(one)).isEqualTo(sums);
    JsonNode figures = figures(one, "shards");
    assertThat(figures.path("cropped").longValue()).isPositive();
  }

  @Test
  void sequencesThatArePaddedAreOfOneLengthInEveryLayout() throws Exception {
    Path out = convert("padded", "--to", "npy", "--pack-length", "40", "--pack-remainder", "pad");
    String parquet = "'" + out + "/shards/packed/parquet/*.parquet'";
    assertThat(Duck.query("SELECT min(len(token_ids)), max(num_tokens) FROM " + parquet))
        .containsExactly("40|40");
    // What fills is a piece of no document, with the part -1, and the index does not list it.
    assertThat(
            Duck.query(
                "SELECT sum(len(list_filter(parts, p -> p < 0))) = count(*) FILTER (doc_ids[-1] IS"
                    + " NULL), sum(len(list_filter(doc_ids, d -> d IS NULL))) = count(*) FILTER"
                    + " (doc_ids[-1] IS NULL), count(*) FILTER (doc_ids[-1] = '') FROM %s",
                parquet))
        .containsExactly("true|true|0");
    assertThat(
            Duck.query(
                "SELECT sum(stats_null_count) = (SELECT sum(len(list_filter(parts, p -> p < 0)))"
                    + " FROM %s) FROM parquet_metadata(%s) WHERE path_in_schema LIKE 'doc_ids%%'",
                parquet, parquet))
        .containsExactly("true");
    assertThat(
            Duck.query(
                "SELECT count(*) FROM '%s/shards/packed/npy/*.index.parquet' WHERE part < 0", out))
        .containsExactly("0");
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void onlyEncodingPutsTheTokenBeforeDocuments() {
    String options = "convert %s --to npy --pack-length 8 --begin-token %s --output %s";
    Path out = folder.resolve("x");
    assertThat(CommandLineRun.line(options, run, BEGIN, out).endedWith(2).err())
        .contains(
            "shards.beginOfDocument: \"<|endoftext|>\" is not what documents of "
                + run
                + " begin with, which is nothing; encode again with it, or leave it out");
    assertThat(CommandLineRun.line(options, begun, "<nothing>", out).endedWith(2).err())
        .contains("begin with, which is \"<|endoftext|>\"; encode again");
    CommandLineRun.line(options, begun, BEGIN, out).succeeded();
  }
}

package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.CommandLineRun;
import org.merganser.learn.ngram.NgramFigures;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.verify.OutputVerification;

/** What a run learns from the ids of its shards. */
final class LearnTest {
  /** Opening a file counts like 8 KiB of text, of which a unit takes 4 MiB: several units. */
  private static final int FILES = 600;

  private static final String LEARN = "learn={ngrams: 3}";

  @TempDir static Path folder;
  private static Path corpus;
  private static Path base;

  @BeforeAll
  static void runAJobOfSeveralUnits() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    byte[] text = Files.readAllBytes(Path.of("sample-data/corpus/europe.jsonl"));
    for (int i = 0; i < FILES; i++) {
      String line = new String(text, i * 97, 280, StandardCharsets.ISO_8859_1);
      Files.writeString(
          corpus.resolve(String.format(Locale.ROOT, "file-%04d.txt", i)),
          line.replaceAll("[^\\x20-\\x7E]", "~") + "\n");
    }
    base = folder.resolve("base");
    run(base, LEARN, "--targetParallelism=1").succeeded();
    assertThat(OutputTree.sums(base, "shards/")).hasSizeGreaterThan(1);
  }

  private static CommandLineRun run(Path output, String... settings) {
    return Jobs.lean(
        output,
        List.of(
            "corpus={inputs: ['" + corpus + "'], format: lines}",
            "shards.groupBy=null",
            "embeddings=null",
            "learn=null",
            "tokenizer.train.vocabSize=500"),
        settings);
  }

  @Test
  void writesTheModelAndItsFiguresAmongTheOutputs() throws IOException {
    assertThat(OutputTree.sums(base, "learned/").keySet())
        .containsExactly(
            "learned/ngrams.bin",
            "learned/ngrams.json",
            "learned/ngrams/order-1.parquet",
            "learned/ngrams/order-2.parquet",
            "learned/ngrams/order-3.parquet");
    assertThat(OutputVerification.verify(base, true)).isEmpty();
    NgramFigures figures = figures(base);
    assertThat(figures.validation()).isNull();
    assertThat(figures.documents()).isEqualTo(FILES);
    assertThat(figures.orders()).hasSize(3);
    assertThat(NgramFigures.read(figures.toJson(), "again")).isEqualTo(figures);
  }

  @Test
  void countsWhatAnIndependentReaderCounts() throws SQLException {
    String shards = "'" + base + "/shards/parquet/*.parquet'";
    String ngrams = "'" + base + "/learned/ngrams/order-";
    assertThat(
            Duck.query(
                "SELECT ids[1], ids[2], ids[3], count FROM "
                    + ngrams
                    + "3.parquet' WHERE ids[1] <> 500 ORDER BY ALL"))
        .isEqualTo(
            Duck.query(
                "SELECT token_ids[i], token_ids[i + 1], token_ids[i + 2], count(*) FROM "
                    + shards
                    + ", range(1, len(token_ids) - 1) r(i) GROUP BY ALL ORDER BY ALL"));
    assertThat(
            Duck.query(
                "SELECT ids[2], count, adjusted FROM "
                    + ngrams
                    + "2.parquet' WHERE ids[1] = 500 ORDER BY ALL"))
        .isEqualTo(
            Duck.query(
                "SELECT token_ids[1], count(*), count(*) FROM "
                    + shards
                    + " GROUP BY ALL ORDER BY ALL"));
    assertThat(Duck.query("SELECT round(sum(probability), 12) FROM " + ngrams + "1.parquet'"))
        .containsExactly("1.0");
  }

  @Test
  void givesTheSameBytesWhateverTheParallelism() throws IOException {
    Path out = folder.resolve("parallel");
    run(out, LEARN, "--targetParallelism=5").succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(base));
  }

  @Test
  void canBeAddedToAFinishedRunWithoutEncodingAgain() throws IOException {
    Path out = folder.resolve("later");
    run(out).succeeded();
    List<FileTime> before = modified(out);
    run(out, LEARN).succeeded();
    assertThat(modified(out)).isEqualTo(before);
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(base));

    Files.delete(out.resolve("learned/ngrams/order-2.parquet"));
    run(out, LEARN).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(base));
    assertThat(run(out, LEARN).succeeded().out()).contains("Nothing to do");

    run(out, "--replace").succeeded();
    assertThat(out.resolve("learned/ngrams.json")).doesNotExist();
  }

  @Test
  void measuresBitsPerByteOnTheValidationPart() throws IOException {
    Path out = folder.resolve("validated");
    run(out, "learn={ngrams: 3}", "corpus.validation=0.1").succeeded();
    NgramFigures figures = figures(out);
    NgramFigures.Validation validation = Objects.requireNonNull(figures.validation());
    assertThat(validation.documents() + figures.documents()).isEqualTo(FILES);
    assertThat(validation.documents()).isBetween(60L, 160L);
    assertThat(validation.bitsPerByte()).isBetween(0.1, 4.0);
    assertThat(validation.bits())
        .isEqualTo(validation.bitsPerByte() * validation.bytes(), within(1e-6));
  }

  private static NgramFigures figures(Path out) throws IOException {
    Path json = out.resolve("learned/ngrams.json");
    return NgramFigures.read(Files.readAllBytes(json), json.toString());
  }

  private static List<FileTime> modified(Path out) throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (String path : OutputTree.sums(out, "shards/").keySet()) {
      times.add(Files.getLastModifiedTime(out.resolve(path)));
    }
    return times;
  }

  @Test
  void learnsFromTheShardsOfAnEarlierRun() throws IOException {
    Path out = folder.resolve("from");
    Path job =
        Files.writeString(
            folder.resolve("from.yaml"),
            "shards: {from: '" + base + "'}\nlearn: {ngrams: 3}\noutput: '" + out + "'\n");
    CommandLineRun.of("run", job.toString()).succeeded();
    assertThat(OutputTree.sums(out, "learned/")).isEqualTo(OutputTree.sums(base, "learned/"));
    assertThat(predict(out)).isEqualTo(predict(base));
  }

  @Test
  void learnsATableAndJoinsTheShardsWithIt() throws IOException, SQLException {
    String vectors = "embeddings={learn: {dim: 16}, output: [rows, pooled]}";
    String validation = "corpus.validation=0.1";
    Path one = folder.resolve("vectors-1");
    Path other = folder.resolve("vectors-5");
    run(one, vectors, validation, "--targetParallelism=1").succeeded();
    run(other, vectors, validation, "--targetParallelism=5").succeeded();
    assertThat(OutputTree.sums(other)).isEqualTo(OutputTree.sums(one));
    assertThat(OutputTree.sums(one).keySet())
        .contains("embedded/rows.parquet", "learned/embeddings.parquet");
    assertThat(OutputVerification.verify(one, true)).isEmpty();
    assertThat(
            Duck.query(
                "SELECT count(*), max(len(embedding)) FROM '"
                    + one.resolve("learned/embeddings.parquet")
                    + "'"))
        .containsExactly("500|16");
    assertThat(
            Duck.query(
                "SELECT decode(value) FROM parquet_kv_metadata('"
                    + one.resolve("learned/embeddings.parquet")
                    + "') WHERE decode(key) LIKE '%source'"))
        .containsExactly("mutual information in a window of 5, of pairs that weigh at least 1");
  }

  private static String predict(Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("predict", "--run", out.toString()));
    args.addAll(List.of(more));
    args.add("the ");
    return CommandLineRun.of(args.toArray(String[]::new)).succeeded().out();
  }

  @Test
  void predictsTheNextTokenAndContinuesTheText() {
    String told = predict(base, "--top", "3", "--max-tokens", "5");
    assertThat(told.lines().toList().get(0)).isEqualTo("probability        id  next token");
    assertThat(told)
        .contains("the 3 listed, of 1.000000000000 over all 500\n\nthe ")
        .isEqualTo(predict(base, "--top", "3", "--max-tokens", "5", "--seed", "9"));
    assertThat(predict(base, "--top", "0", "--strategy", "random", "--seed", "1"))
        .isEqualTo(predict(base, "--top", "0", "--strategy", "random", "--seed", "1"))
        .isNotEqualTo(predict(base, "--top", "0", "--strategy", "random", "--seed", "2"));
  }

  @Test
  void printsTheNextTokensAndTheContinuationAsJson() throws IOException {
    JsonNode result = new ObjectMapper().readTree(predict(base, "--max-tokens", "5", "--json"));
    String told = predict(base, "--max-tokens", "5");
    assertThat(result.get("next")).hasSize(10);
    Tokenizer tokenizer = Tokenizer.read(base.resolve("tokenizer/tokenizer.json"));
    for (JsonNode token : result.get("next")) {
      int id = token.get("id").intValue();
      assertThat(told)
          .contains(
              String.format(
                  Locale.ROOT, "%11.6f  %8d  ", token.get("probability").doubleValue(), id));
      assertThat(token.get("token").textValue()).isEqualTo(tokenizer.token(id));
      assertThat(token.get("endOfDocument").isBoolean()).isTrue();
    }
    assertThat(told).endsWith("\n" + result.get("text").textValue() + continued(result) + "\n");
    IdBuffer ids = new IdBuffer(8);
    result.get("ids").forEach(id -> ids.add(id.intValue()));
    assertThat(new String(tokenizer.decode(ids, false), StandardCharsets.UTF_8))
        .isEqualTo(continued(result));
    assertThat(ids.size() == 5).isNotEqualTo(result.get("ended").booleanValue());
    JsonNode nothing =
        new ObjectMapper().readTree(predict(base, "--json", "--top=0", "--max-tokens=0"));
    assertThat(nothing.get("next")).isEmpty();
    assertThat(nothing.get("ids")).isEmpty();
    assertThat(nothing.get("ended").booleanValue()).isFalse();
  }

  private static String continued(JsonNode result) {
    return result.get("continuation").textValue();
  }

  @Test
  void predictsTheSameWithThePackedModelWhereEverythingFits() throws IOException {
    assertThat(figures(base).packed().moreBitsPerByte()).isZero();
    assertThat(predict(base, "--packed", "--strategy", "top-k"))
        .isEqualTo(predict(base, "--strategy", "top-k"));
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    Path out = folder.resolve("nothing");
    run(out).succeeded();
    assertThat(CommandLineRun.of("predict", "--run", out.toString(), "x").endedWith(1).err())
        .contains("this run learned no n-grams; add to its job: learn: {ngrams: 3}");
    assertThat(
            CommandLineRun.of("predict", "--run", base.toString(), "--strategy", "best", "x")
                .endedWith(2)
                .err())
        .contains("\"best\" is none of greedy, random, top-k, temperature");
    assertThat(
            CommandLineRun.of("predict", "--run", base.toString(), "--k", "0", "x")
                .endedWith(2)
                .err())
        .contains("--k is 0; it must be at least 1");
    assertThat(run(out, "learn={ngrams: 6}").endedWith(2).err())
        .contains("learn.ngrams: 6 must be a whole number of at least 1 and at most 5");
    assertThat(run(out, "embeddings={learn: {dim: 501}}").endedWith(1).err())
        .contains("choose a dim of at most ");
    assertThat(run(out, "embeddings={learn: {}, table: t.parquet}").endedWith(2).err())
        .contains("embeddings: needs exactly one of table (a Parquet file) and learn")
        .contains("both are given");
    assertThat(run(out, "learn={}", "shards.formats=[]").endedWith(2).err())
        .contains("so there is nothing to learn from");
  }
}

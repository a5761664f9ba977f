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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.CommandLineRun;
import org.merganser.learn.ngram.NgramFile;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.learn.ngram.PlainKneserNey;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.tokenizer.Tokenizer;

/** What a run learns from the ids of its shards. */
@Tag("run")
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
  void writesTheModelAmongTheOutputs() throws IOException {
    assertThat(OutputTree.sums(base, "learned/").keySet()).containsExactly("learned/ngrams.bin");
    assertThat(ManifestVerification.check("" + base, true).findings()).isEmpty();
  }

  @Test
  void predictsAsTheDefinitionDoesOfTheIdsThatAnIndependentReaderReads()
      throws IOException, SQLException {
    List<int[]> documents = new ArrayList<>();
    for (String ids :
        Duck.query("SELECT token_ids::VARCHAR FROM '" + base + "/shards/parquet/*.parquet'")) {
      documents.add(
          Stream.of(ids.replaceAll("[\\[\\] ]", "").split(","))
              .mapToInt(Integer::parseInt)
              .toArray());
    }
    assertThat(documents).hasSize(FILES);
    PlainKneserNey twin = new PlainKneserNey(documents, 3, 500, false, 1);
    Path file = base.resolve("learned/ngrams.bin");
    NgramModel model = NgramFile.read(Files.readAllBytes(file), file.toString());
    double[] distribution = new double[model.shape().symbols()];
    for (int i = 0; i < 20; i++) {
      int[] document = documents.get(i * 29);
      int[] history = Arrays.copyOf(document, i % document.length);
      model.distribution(history, 0, history.length, distribution);
      List<Integer> plain = IntStream.of(history).boxed().toList();
      for (int id = 0; id < 500; id++) {
        assertThat(distribution[id]).isEqualTo(twin.probability(plain, id), within(1e-12));
      }
    }
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

    Files.delete(out.resolve("learned/ngrams.bin"));
    run(out, LEARN).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(base));
    assertThat(run(out, LEARN).succeeded().out()).contains("Nothing to do");

    run(out, "--replace").succeeded();
    assertThat(out.resolve("learned/ngrams.bin")).doesNotExist();
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
    assertThat(ManifestVerification.check("" + one, true).findings()).isEmpty();
    assertThat(
            Duck.query(
                "SELECT count(*), max(len(embedding)) FROM '%s'",
                one.resolve("learned/embeddings.parquet")))
        .containsExactly("500|16");
    assertThat(
            Duck.query(
                "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) LIKE"
                    + " '%%source'",
                one.resolve("learned/embeddings.parquet")))
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
        .contains("\n\nthe ")
        .isEqualTo(
            predict(
                base,
                "--top",
                "3",
                "--max-tokens",
                "5",
                "--strategy",
                "top-k",
                "--k",
                "40",
                "--temperature",
                "1",
                "--seed",
                "1"));
    assertThat(predict(base, "--top", "0"))
        .isEqualTo(predict(base, "--top", "0"))
        .isNotEqualTo(predict(base, "--top", "0", "--seed", "2"));
    assertThat(predict(base, "--top", "0", "--strategy", "greedy"))
        .isEqualTo(predict(base, "--top", "0", "--strategy", "greedy", "--seed", "2"));
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
  void saysWhatIsMissingOrWrong() {
    Path out = folder.resolve("nothing");
    run(out).succeeded();
    assertThat(CommandLineRun.of("predict", "--run", out.toString(), "x").endedWith(2).err())
        .contains("this run learned no n-grams; add to its job: learn: {ngrams: 3}");
    assertThat(
            CommandLineRun.of("predict", "--run", base.toString(), "--strategy", "best", "x")
                .endedWith(2)
                .err())
        .contains("is not allowed; allowed: greedy, random, top-k, temperature");
    assertThat(
            CommandLineRun.of("predict", "--run", "" + base, "--strategy", "top-k", "--k", "0", "x")
                .endedWith(2)
                .err())
        .contains("--k is 0; it must be at least 1");
    assertThat(run(out, "learn={ngrams: 6}").endedWith(2).err())
        .contains("learn.ngrams: 6 must be an integer of at least 1 and at most 5");
    assertThat(run(out, "embeddings={learn: {dim: 501}}").endedWith(2).err())
        .contains("choose a dim of at most ");
    assertThat(run(out, "embeddings={learn: {}, table: t.parquet}").endedWith(2).err())
        .contains("embeddings: needs exactly one of table and learn")
        .contains("both are set");
    assertThat(run(out, "learn={}", "shards.formats=[]").endedWith(2).err())
        .contains("so there is nothing to");
  }
}

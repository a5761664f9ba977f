package org.merganser.cli.embeddings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.shard.Duck;
import org.merganser.tokenizer.Tokenizer;

/** Tables come in, go out, and take each other's place. */
final class EmbeddingsCommandTest {
  @TempDir static Path folder;
  private static Path out;
  private static String tokenizer;
  private static String table;

  @BeforeAll
  static void runASmallJob() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.txt"), "low lower lowest newer wider 車 車 ".repeat(20));
    Files.writeString(corpus.resolve("b.txt"), "the widest road is the newest road");
    Files.writeString(corpus.resolve("c.txt"), "");
    table = seeded("first.parquet", 300, 6, 1);
    out = folder.resolve("out");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: {inputs: ["%s"]}
            tokenizer: {train: {vocabSize: 290, family: qwen2, specialTokens: ["<|end|>"]}}
            shards: {endOfDocument: "<|end|>"}
            embeddings: {table: "%s", output: [pooled, rows]}
            output: "%s"
            """
                .formatted(corpus, table, out));
    CommandLineRun.of("run", job.toString(), "--targetParallelism=2").succeeded();
    tokenizer = out.resolve("tokenizer/tokenizer.json").toString();
  }

  private static String seeded(String name, int rows, int dim, int seed) {
    String file = folder.resolve(name).toString();
    CommandLineRun.of(
            "embeddings",
            "init",
            "--rows=" + rows,
            "--dim=" + dim,
            "--seed=" + seed,
            "--output=" + file)
        .succeeded();
    return file;
  }

  private static CommandLineRun embeddings(String command, Object... args) {
    return CommandLineRun.of(
        Stream.concat(Stream.of("embeddings", command), Stream.of(args).map(Object::toString))
            .toArray(String[]::new));
  }

  private static List<String> vectors(Object file) throws Exception {
    return Duck.query("select id, embedding from '" + file + "' order by id");
  }

  @Test
  void everyExportComesBackAsTheSameTable() throws Exception {
    for (String format : List.of("safetensors", "npy", "word2vec", "model2vec")) {
      Path exported = folder.resolve("exported." + format);
      embeddings("export", table, "--to", format, "--tokenizer", tokenizer, "--output", exported)
          .succeeded();
      Path back = folder.resolve("back.parquet");
      String said =
          embeddings("import", exported, "--tokenizer", tokenizer, "--output", back)
              .succeeded()
              .out();
      int ids = Tokenizer.read(Path.of(tokenizer)).idBound();
      boolean padded = format.equals("safetensors") || format.equals("npy");
      assertThat(said).startsWith("Wrote " + back + ":\n  " + (padded ? 300 : ids) + " rows of 6");
      assertThat(said.contains("padding behind the tokenizer's " + ids + " ids: " + (300 - ids)))
          .isEqualTo(padded);
      assertThat(vectors(back)).as(format).isEqualTo(vectors(table).subList(0, padded ? 300 : ids));
      Files.delete(back);
    }
  }

  @Test
  void wordsAreAlignedAsThePolicySays() throws Exception {
    Path words = Files.writeString(folder.resolve("w.txt"), "low 1 2\nroad 3 4\nnever 9 9\n");
    Path aligned = folder.resolve("aligned.parquet");
    String refused =
        embeddings("import", words, "--tokenizer", tokenizer, "--output", aligned)
            .endedWith(1)
            .err();
    assertThat(refused)
        .contains(
            "has no vector for ", "choose what such ids get: --missing zero, mean or subwords")
        .doesNotContain("\tat ");
    assertThat(aligned).doesNotExist();
    String said =
        embeddings("import", words, "--tokenizer", tokenizer, "--missing=mean", "--output", aligned)
            .succeeded()
            .out();
    assertThat(said).contains("ids have a vector of their own", "1 words unused");
    assertThat(Duck.query("select embedding from '" + aligned + "' where token in ('low', 'Ġlow')"))
        .isNotEmpty()
        .containsOnly("[1.0, 2.0]");
  }

  @Test
  void swapJoinsTheSameIdsAsTheEarlierRunDidAndReadsNoText() throws Exception {
    String other = seeded("other.parquet", 290, 4, 2);
    Path swapped = folder.resolve("swapped");
    embeddings("swap", out, "--table", other, "--output", swapped).succeeded();
    assertThat(files(swapped)).isEqualTo(files(out));
    String rows = swapped.resolve("embedded/rows.parquet").toString();
    assertThat(
            Duck.query(
                "select count(*), bool_and(a.embedding = b.embedding) from '"
                    + rows
                    + "' a join '"
                    + other
                    + "' b using (id)"))
        .containsExactly(
            Duck.query("select count(*) from '" + out.resolve("embedded/rows.parquet") + "'").get(0)
                + "|true");
    assertThat(Duck.query("select sum(count) from '" + rows + "'"))
        .isEqualTo(
            Duck.query("select sum(num_tokens) from '" + out + "/shards/parquet/*.parquet'"));
    Files.move(folder.resolve("corpus"), folder.resolve("gone"));
    try {
      Path back = folder.resolve("back");
      embeddings("swap", out, "--table", table, "--output", back).succeeded();
      assertThat(back.resolve("embedded/rows.parquet"))
          .hasSameBinaryContentAs(out.resolve("embedded/rows.parquet"));
    } finally {
      Files.move(folder.resolve("gone"), folder.resolve("corpus"));
    }
  }

  private static List<String> files(Path run) throws IOException {
    try (Stream<Path> walk = Files.walk(run.resolve("embedded"))) {
      return walk.filter(Files::isRegularFile)
          .map(file -> run.relativize(file).toString())
          .sorted()
          .collect(Collectors.toList());
    }
  }

  @Test
  void swapSaysWhatIsWrongWithTheEarlierRunOrTheTable() {
    assertThat(embeddings("swap", folder, "--table", table, "--output", "x").endedWith(1).err())
        .contains("so there is no finished run here");
    String small = seeded("small.parquet", 100, 4, 2);
    assertThat(
            embeddings("swap", out, "--table", small, "--output", folder.resolve("y"))
                .endedWith(1)
                .err())
        .contains("has 100 rows, the vocabulary needs");
  }

  @Test
  void aTransplantedTableKeepsWhatBothTokenizersHave() throws Exception {
    Path larger = folder.resolve("larger");
    CommandLineRun.of(
            "train",
            "--input",
            folder.resolve("corpus/b.txt").toString(),
            "--vocab-size=300",
            "--pattern=qwen2",
            "--output=" + larger)
        .succeeded();
    Path moved = folder.resolve("moved.parquet");
    String said =
        embeddings(
                "transplant",
                "--from",
                tokenizer,
                "--from-table",
                table,
                "--to",
                larger.resolve("tokenizer.json"),
                "--output",
                moved)
            .succeeded()
            .out();
    assertThat(said).contains("ids have a vector of their own");
    assertThat(
            Duck.query(
                "select count(*) >= 256, bool_and(a.embedding = b.embedding) from '"
                    + moved
                    + "' b join (select t.embedding, r.token from '"
                    + table
                    + "' t join '"
                    + named()
                    + "' r using (id)) a using (token)"))
        .containsExactly("true|true");
  }

  /** The first table with its tokens. */
  private static Path named() {
    Path named = folder.resolve("named.parquet");
    embeddings("import", table, "--tokenizer", tokenizer, "--output", named).succeeded();
    return named;
  }

  @Test
  void floatsInTextAreTheShortestThatComeBack() throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<String> values = new ArrayList<>(List.of("2.0E-45", "3.4028235E38", "0.1", "-0.0", "0.0"));
    int ids = Tokenizer.read(Path.of(tokenizer)).idBound();
    Path source = folder.resolve("floats.parquet");
    StringBuilder rows = new StringBuilder();
    for (int id = 0; id < ids; id++) {
      float value = Float.intBitsToFloat(random.nextInt());
      String text =
          id < values.size() ? values.get(id) : Float.isFinite(value) ? "" + value : "16777216";
      rows.append(id == 0 ? "" : ",").append("(").append(id).append(",'").append(text).append("')");
    }
    Duck.query(
        "copy (select i::int id, [f::float] embedding from (values "
            + rows
            + ") t(i, f) order by i) to '"
            + source
            + "'");
    Path text = folder.resolve("floats.vec");
    embeddings("export", source, "--to=word2vec", "--tokenizer", tokenizer, "--output", text)
        .succeeded();
    Path back = folder.resolve("floats-back.parquet");
    embeddings("import", text, "--tokenizer", tokenizer, "--output", back).succeeded();
    assertThat(vectors(back)).isEqualTo(vectors(source));
    assertThat(Files.readAllLines(text).get(1)).endsWith(" 1.4E-45"); // JDK 17 says so too
    assertThat(Files.readAllLines(text).get(3)).endsWith(" 0.1");
  }

  @Test
  void saysWhatAnExportNeeds() {
    assertThat(embeddings("export", table, "--to=model2vec", "--output=x").endedWith(2).err())
        .contains("--to MODEL2VEC needs --tokenizer");
    assertThat(
            embeddings("export", table, "--to=npy", "--dtype=BF16", "--output", folder + "/x.npy")
                .endedWith(1)
                .err())
        .contains("npy knows no BF16; write F32 or F16, or safetensors");
    assertThat(embeddings("import", folder + "/none", "--output=x").endedWith(1).err())
        .contains("/none: there is no such file");
  }

  @Test
  @Tag("conformance")
  void realTablesInThreeTypesAreImportedSwappedInAndExported() throws Exception {
    Path shared = SharedData.dir().resolve("embeddings");
    for (String dtype : List.of("f32", "f16", "bf16")) {
      Path imported = folder.resolve("stories." + dtype + ".parquet");
      String said =
          embeddings(
                  "import",
                  shared.resolve("stories260K." + dtype + ".safetensors"),
                  "--tokenizer",
                  tokenizer,
                  "--output",
                  imported)
              .succeeded()
              .out();
      assertThat(said)
          .contains("512 rows of 64 values (" + dtype.toUpperCase(Locale.ROOT) + ")")
          .contains("padding behind the tokenizer");
      Path joined = folder.resolve("stories-" + dtype);
      embeddings("swap", out, "--table", imported, "--output", joined).succeeded();
      assertThat(
              Duck.query(
                  "select count(*), bool_and(array_distance(r.embedding::float[64],"
                      + " t.embedding::float[64]) = 0) from '"
                      + joined
                      + "/embedded/rows.parquet' r join '"
                      + imported
                      + "' t using (id)"))
          .containsExactly(
              Duck.query("select count(*) from '" + out + "/embedded/rows.parquet'").get(0)
                  + "|true");
      assertThat(
              Duck.query(
                  "select count(*), max(len(embedding)) from '"
                      + joined
                      + "/embedded/pooled/*.parquet'"))
          .containsExactly("2|64");
      Path back = folder.resolve("stories-back." + dtype + ".safetensors");
      embeddings("export", imported, "--to=safetensors", "--dtype=" + dtype, "--output", back)
          .succeeded();
      Path again = folder.resolve("stories-again.parquet");
      embeddings("import", back, "--output", again).succeeded();
      assertThat(vectors(again)).isEqualTo(vectors(imported)); // nothing is lost by the round trip
    }
    Path words = folder.resolve("fasttext.parquet");
    String said =
        embeddings(
                "import",
                shared.resolve("pang_lee_polarity_fasttext.vec"),
                "--tokenizer",
                tokenizer,
                "--missing=subwords",
                "--output",
                words)
            .succeeded()
            .out();
    assertThat(said).contains("ids have a vector of their own", "words unused");
    embeddings("swap", out, "--table", words, "--output", folder.resolve("ft")).succeeded();
  }
}

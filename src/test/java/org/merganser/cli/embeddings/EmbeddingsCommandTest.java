package org.merganser.cli.embeddings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;
import org.merganser.tokenizer.Tokenizer;

/** Tables come in, go out, and are joined with the shards of an earlier run. */
@Tag("run")
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
    CommandLineRun.line(
            "embeddings init --rows=%s --dim=%s --seed=%s --output=%s", rows, dim, seed, file)
        .succeeded();
    return file;
  }

  private static CommandLineRun embeddings(String command, Object... args) {
    return CommandLineRun.of(
        Stream.concat(Stream.of("embeddings", command), Stream.of(args).map(Object::toString))
            .toArray(String[]::new));
  }

  private static CommandLineRun embed(Object... args) {
    return CommandLineRun.of(
        Stream.concat(Stream.of("embed", out.toString()), Stream.of(args).map(Object::toString))
            .toArray(String[]::new));
  }

  private static List<String> vectors(Object file) throws Exception {
    return Duck.query("select id, embedding from '" + file + "' order by id");
  }

  @Test
  void everyExportComesBackAsTheSameTable() throws Exception {
    for (String format : List.of("safetensors", "npy")) {
      Path exported = folder.resolve("exported." + format);
      embeddings("export", table, "--to", format, "--output", exported).succeeded();
      Path back = folder.resolve("back.parquet");
      String said =
          embeddings("import", exported, "--tokenizer", tokenizer, "--output", back)
              .succeeded()
              .out();
      int ids = Tokenizer.read(Path.of(tokenizer)).idBound();
      assertThat(said)
          .startsWith("Wrote " + back + ":\n  300 rows of 6")
          .contains("padding after the tokenizer's " + ids + " ids: " + (300 - ids));
      assertThat(vectors(back)).as(format).isEqualTo(vectors(table));
      Files.delete(back);
    }
  }

  @Test
  void embedJoinsAnotherTableInPlaceOfThatOfTheEarlierRunAndReadsNoText() throws Exception {
    String other = seeded("other.parquet", 290, 4, 2);
    Path joined = folder.resolve("joined");
    embed("--table", other, "--output", joined).succeeded();
    assertThat(files(joined)).isEqualTo(files(out));
    String rows = joined.resolve("embedded/rows.parquet").toString();
    assertThat(
            Duck.query(
                "select count(*), bool_and(a.embedding = b.embedding) from '%s' a join '%s' b using"
                    + " (id)",
                rows, other))
        .containsExactly(
            Duck.query("select count(*) from '" + out.resolve("embedded/rows.parquet") + "'").get(0)
                + "|true");
    assertThat(Duck.query("select sum(count) from '" + rows + "'"))
        .isEqualTo(
            Duck.query("select sum(num_tokens) from '" + out + "/shards/parquet/*.parquet'"));
    Files.move(folder.resolve("corpus"), folder.resolve("gone"));
    try {
      Path back = folder.resolve("back");
      embed("--table", table, "--output", back).succeeded();
      assertThat(back.resolve("embedded/rows.parquet"))
          .hasSameBinaryContentAs(out.resolve("embedded/rows.parquet"));
    } finally {
      Files.move(folder.resolve("gone"), folder.resolve("corpus"));
    }
  }

  private static List<String> files(Path run) throws IOException {
    return OutputTree.files(run.resolve("embedded"));
  }

  @Test
  void embedSaysWhatIsWrongWithTheEarlierRunOrTheTable() throws IOException {
    assertThat(
            CommandLineRun.of("embed", folder.toString(), "--table", table, "--output", "x")
                .endedWith(2)
                .err())
        .contains("so there is no finished run here");
    String small = seeded("small.parquet", 100, 4, 2);
    assertThat(embed("--table", small, "--output", folder.resolve("y")).endedWith(2).err())
        .contains("has 100 rows, the vocabulary needs");
    assertThat(embed("--table", folder, "--output", folder.resolve("y")).endedWith(2).err())
        .startsWith(
            "merganser: Invalid value for option '--table': " + folder + ": has no manifest");
    Path text = Files.writeString(folder.resolve("no.parquet"), "no table, but a text");
    assertThat(embed("--table", text, "--output", folder.resolve("y")).endedWith(2).err())
        .startsWith(
            "merganser: embeddings.table: %s is not a readable Parquet file: it does not begin with"
                .formatted(text));
  }

  @Test
  void saysWhatAnExportNeeds() {
    assertThat(
            embeddings("export", table, "--to=npy", "--dtype=BF16", "--output", folder + "/x.npy")
                .endedWith(2)
                .err())
        .contains("npy knows no BF16; write F32 or F16, or safetensors");
    assertThat(embeddings("import", folder + "/none", "--output=x").endedWith(2).err())
        .contains("/none: there is no such file");
  }

  @Test
  void aRowThatThereIsNotIsNullInTheFiguresOfAnImport() throws Exception {
    Path back = folder.resolve("figures.parquet");
    String told = embeddings("import", table, "--json", "--output", back).succeeded().out();
    assertThat(told)
        .contains("\"zeroRows\" : 0", "\"firstZero\" : null", "\"firstDuplicate\" : null")
        .doesNotContain(": -1");
  }

  @Test
  @Tag("conformance")
  void realTablesInThreeTypesAreImportedJoinedAndExported() throws Exception {
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
          .contains("padding after the tokenizer");
      Path joined = folder.resolve("stories-" + dtype);
      embed("--table", imported, "--output", joined).succeeded();
      assertThat(
              Duck.query(
                  "select count(*), bool_and(array_distance(r.embedding::float[64],"
                      + " t.embedding::float[64]) = 0) from '%s/embedded/rows.parquet' r join '%s'"
                      + " t using (id)",
                  joined, imported))
          .containsExactly(
              Duck.query("select count(*) from '" + out + "/embedded/rows.parquet'").get(0)
                  + "|true");
      assertThat(
              Duck.query(
                  "select count(*), max(len(embedding)) from '%s/embedded/pooled/*.parquet'",
                  joined))
          .containsExactly("2|64");
      Path back = folder.resolve("stories-back." + dtype + ".safetensors");
      embeddings("export", imported, "--to=safetensors", "--dtype=" + dtype, "--output", back)
          .succeeded();
      Path again = folder.resolve("stories-again.parquet");
      embeddings("import", back, "--output", again).succeeded();
      assertThat(vectors(again)).isEqualTo(vectors(imported)); // nothing is lost by the round trip
    }
  }

  private static CommandLineRun extend(Object from, Object to, Object written, Object... more) {
    return embeddings(
        "extend",
        Stream.concat(
                Stream.of("--table", from, "--from", tokenizer, "--to", to, "--output", written),
                Stream.of(more))
            .toArray());
  }

  private static String continued() {
    String longer = folder.resolve("longer").toString();
    if (!Files.exists(Path.of(longer))) {
      CommandLineRun.line(
              "train --continue %s --input sample-data/corpus --vocab-size 300 --special-token"
                  + " <|end|> --special-token <|user|> --output %s",
              tokenizer, longer)
          .succeeded();
    }
    return longer;
  }

  @Test
  void aVocabularyIsContinuedItsTableExtendedAndTextEncodedAndJoined() throws Exception {
    String longer = continued();
    int ids = Tokenizer.read(Path.of(tokenizer)).idBound();
    Path extended = folder.resolve("extended.parquet");
    String said = extend(table, longer, extended).succeeded().out();
    int more = Tokenizer.read(Path.of(longer, "tokenizer.json")).idBound() - ids;
    assertThat(said)
        .startsWith(
            """
            Wrote %s:
              model.embed_tokens.weight: %d rows of 6 values (F32)
              kept rows: %d, of which 0 have another id
              old rows without a new id: 0
              padding rows: 0
            """
                .formatted(extended, ids + more, ids))
        .contains("  new rows: " + more + ", each the mean of the rows of its parts\n")
        .containsPattern("    #" + ids + " <[|]user[|]> = #\\d+ <, #\\d+ [|], ");
    assertThat(vectors(extended).subList(0, ids)).isEqualTo(vectors(table).subList(0, ids));
    Path encoded = folder.resolve("encoded");
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --output %s",
            longer, folder.resolve("corpus"), encoded)
        .succeeded();
    Path joined = folder.resolve("encoded-joined");
    CommandLineRun.of(
            "embed",
            encoded.toString(),
            "--table",
            extended.toString(),
            "--output",
            joined.toString())
        .succeeded();
    assertThat(
            Duck.query(
                "select max(id) >= %d, bool_and(r.embedding = t.embedding) from"
                    + " '%s/embedded/rows.parquet' r join '%s' t using (id)",
                ids, joined, extended))
        .containsExactly("true|true");
  }

  @Test
  void whatAnExtensionIsAskedForMustFit() throws Exception {
    Path written = folder.resolve("not-written.parquet");
    String longer = continued();
    assertThat(extend(table, longer, written, "--head", "lm_head.weight").endedWith(2).err())
        .contains(
            "--head needs an --output that ends in .safetensors; a Parquet table has one matrix");
    assertThat(extend(table, longer, written, "--seed", "3").endedWith(2).err())
        .contains("--seed has no effect without --init random");
    assertThat(extend(table, longer, written, "--init", "random", "--std", "-1").endedWith(2).err())
        .contains("--std is -1.0; it must be a number of at least 0");
    assertThat(extend(table, longer, table).endedWith(2).err()).contains("is the input " + table);
    assertThat(extend(table, longer, written, "--rows", "290").endedWith(2).err())
        .contains("290 rows are asked for, and ", "ids; ask for as many rows, or more");
    assertThat(written).doesNotExist();
    Path model = folder.resolve("three.safetensors");
    Files.writeString(model, "a model of three tensors, or a text");
    assertThat(extend(table, longer, model).endedWith(2).err())
        .contains("exists and is not a safetensors file of one or two matrices");
  }

  @Test
  @Tag("conformance")
  void numpyComputesTheNewRowsOfRealTablesAgain() throws Exception {
    Path shared = SharedData.dir().resolve("embeddings");
    for (String dtype : List.of("f32", "f16", "bf16")) {
      Path old = shared.resolve("stories260K." + dtype + ".safetensors");
      Path written = folder.resolve("extended-" + dtype + ".safetensors");
      Path report =
          Files.writeString(
              folder.resolve("report.json"),
              extend(old, continued(), written, "--rows", "512", "--json").succeeded().out());
      List<String> said = NumPy.run("extended.py", old, written, report);
      assertThat(said).hasSize(1);
      assertThat(said.get(0)).matches(dtype.toUpperCase(Locale.ROOT) + " [1-9][0-9]* made");
    }
  }
}

package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.layout.LayoutRows;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/** Folders as litData opens them, by its own rules. */
@Tag("run")
final class TrainerFoldersTest {
  @TempDir static Path folder;
  private static Path run;
  private static Path made;

  @BeforeAll
  static void runAndConvert() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(
          corpus.resolve(String.format(Locale.ROOT, "f%02d.txt", i)),
          ("The sun rises in the east. ".repeat(i) + i + "\n").repeat(4));
    }
    run = folder.resolve("run");
    Jobs.lean(
            run,
            "corpus={inputs: ['" + corpus + "'], format: lines, validation: 0.2}",
            "shards.groupBy=null",
            "embeddings=null",
            "tokenizer.train.vocabSize=300")
        .succeeded();
    made = folder.resolve("made");
    convert(made, "--to", "litdata");
  }

  private static void convert(Path to, String... options) {
    CommandLineRun.line("convert %s --output %s %s", run, to, options).succeeded();
  }

  /** All ids of a folder of canonical shards, in order, by commas. */
  private static String ids(String folder) throws Exception {
    return Duck.query(
            "SELECT string_agg(id, ',') FROM (SELECT unnest(token_ids) id FROM (SELECT token_ids"
                + " FROM read_parquet('%s/%s/*.parquet', filename=true, file_row_number=true) ORDER"
                + " BY filename, file_row_number))",
            run, folder)
        .get(0);
  }

  private static String sum(String folder) throws Exception {
    return Sha256.of(ids(folder).getBytes(StandardCharsets.US_ASCII));
  }

  /** litdata/streaming/item_loader.py: TokensLoader.setup, generate_intervals, _load_chunk. */
  @Test
  void litDataFindsEveryBlockOfItsChunks() throws Exception {
    long tokens = ids("shards/parquet").split(",", -1).length;
    assertThat(NumPy.run("litdata.py", made + "/shards/litdata", 128))
        .containsExactly(sum("shards/parquet") + " " + tokens / 128);
    assertThat(NumPy.run("litdata.py", made + "/validation/litdata", 7))
        .first()
        .asString()
        .startsWith(sum("validation/parquet"));
  }

  /** A block of litData is a sequence where its length is that of packing. */
  @Test
  void aBlockOfLitDataIsAPackedSequence() throws Exception {
    Path packed = folder.resolve("packed");
    convert(packed, "--to", "litdata,npy", "--pack-length", "50", "--pack-strategy", "bestFit");
    assertThat(NumPy.run("litdata_packed.py", packed + "/shards/packed"))
        .containsExactly("True True");
  }

  @Test
  void aSideWithoutDocumentsHasNoFolder() throws IOException {
    Path out = folder.resolve("no-validation");
    Jobs.lean(
            out,
            "corpus={inputs: ['"
                + folder.resolve("corpus/f01.txt")
                + "'], format: lines, validation: 0.000001}",
            "shards.groupBy=null",
            "shards.formats=[litdata]",
            "embeddings=null",
            "tokenizer={load: '" + run + "'}")
        .succeeded();
    assertThat(out.resolve("shards/litdata/index.json")).isRegularFile();
    assertThat(out.resolve("validation/litdata")).doesNotExist();
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void everyFolderHasTheSameDocuments() throws IOException {
    assertThat(ManifestVerification.check("" + made, true).findings()).isEmpty();
    assertThat(rows(made.resolve("shards/litdata"))).isEqualTo(rows(run.resolve("shards/parquet")));
  }

  private static List<String> rows(Path shards) throws IOException {
    return LayoutRows.show(LayoutRows.ofFolder(shards));
  }
}

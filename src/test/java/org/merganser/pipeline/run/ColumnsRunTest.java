package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;

/** Runs whose shards have columns of other names: every command reads them. */
@Tag("run")
final class ColumnsRunTest {
  private static final String NAMES =
      "shards.columns={docId: \"key 🌲\", tokenIds: tokens, group: lang, numTokens: null}";

  @TempDir static Path folder;
  private static Path standard;
  private static Path renamed;
  private static Path least;

  @BeforeAll
  static void run() {
    standard = folder.resolve("standard");
    Jobs.sample(standard, "report.enabled=false").succeeded();
    renamed = folder.resolve("renamed");
    Jobs.sample(renamed, "shards.formats=[datatrove, npy]", "shards.preset=hf", NAMES).succeeded();
    least = folder.resolve("least");
    Jobs.sample(
            least,
            "shards.preset=marin",
            "shards.columns={docId: null, file: null, offset: null, part: null, group: null,"
                + " numTokens: null}",
            "embeddings={table: sample-data/embeddings.parquet, output: [rows]}",
            "shards.pack={length: 64}",
            "shards.shuffle={seed: 3, of: documents}",
            "shards.formats=[megatron, litdata]")
        .succeeded();
  }

  @Test
  void theShardsHaveTheNamesOfTheJobAndTheSameIds() throws Exception {
    String ids =
        "select sum(list_sum(%s)), count(*), sum(len(%s)) from '%s/shards/parquet/*.parquet'";
    assertThat(Duck.query(ids.formatted("tokens", "attention_mask", renamed)))
        .isEqualTo(Duck.query(ids.formatted("token_ids", "token_ids", standard)))
        .isEqualTo(Duck.query(ids.formatted("input_ids", "input_ids", least)));
    assertThat(
            Duck.query("select column_name from (describe '%s/shards/parquet/*.parquet')", renamed))
        .containsExactly("key 🌲", "file", "offset", "part", "lang", "tokens", "attention_mask");
    assertThat(
            Duck.query("select column_name from (describe '%s/shards/parquet/*.parquet')", least))
        .containsExactly("input_ids");
    assertThat(
            Duck.query(
                "select column_name from (describe '%s/shards/packed/parquet/*.parquet')", least))
        .containsExactly(
            "sequence_id",
            "input_ids",
            "starts",
            "doc_ids",
            "files",
            "offsets",
            "parts",
            "positions");
  }

  @Test
  void verifyReadsEveryRow() throws Exception {
    assertThat(ManifestVerification.check("" + renamed, true).findings()).isEmpty();
    assertThat(ManifestVerification.check("" + least, true).findings()).isEmpty();
  }

  @Test
  void catAndConvertReadThem() throws Exception {
    String text = CommandLineRun.of("cat", standard.toString(), "--jsonl").succeeded().out();
    assertThat(CommandLineRun.of("cat", renamed.toString(), "--jsonl").succeeded().out())
        .isEqualTo(text);
    Path converted = folder.resolve("converted");
    CommandLineRun.of("convert", renamed.toString(), "--to", "megatron", "--output", converted + "")
        .succeeded();
    Path expected = folder.resolve("converted-standard");
    CommandLineRun.of("convert", standard.toString(), "--to", "megatron", "--output", expected + "")
        .succeeded();
    assertThat(OutputTree.sums(converted, "shards/"))
        .isEqualTo(OutputTree.sums(expected, "shards/"));
    assertThat(CommandLineRun.of("cat", least + "/shards/packed/parquet").succeeded().out())
        .contains("== 0000000#0: 64 ids");
  }

  @Test
  void theJoinAndWhatIsLearnedAreTheSame() throws Exception {
    for (String kind : List.of("embedded/", "learned/")) {
      assertThat(OutputTree.sums(renamed, kind)).isEqualTo(OutputTree.sums(standard, kind));
    }
    Path embedded = folder.resolve("embedded");
    CommandLineRun.line(
            "embed --run %s --table sample-data/embeddings.parquet --output %s", renamed, embedded)
        .succeeded();
    assertThat(OutputTree.sums(embedded, "embedded/"))
        .isEqualTo(OutputTree.sums(standard, "embedded/"));
    CommandLineRun.of("report", renamed.toString()).succeeded();
  }

  @Test
  void theSameJobDoesNothing() {
    assertThat(
            Jobs.sample(renamed, "shards.formats=[datatrove, npy]", "shards.preset=hf", NAMES)
                .succeeded()
                .out())
        .contains("Nothing to do");
  }

  @Test
  void refusesAJobThatNoReaderCouldRead() {
    assertThat(
            Jobs.sample(
                    folder.resolve("bad"),
                    "shards.columns={tokenIds: null, file: Doc_Id, docIdd: x, part: 7}")
                .endedWith(2)
                .err())
        .contains("shards.columns.docIdd: unknown key; did you mean \"docId\"?");
    assertThat(
            Jobs.sample(folder.resolve("bad"), "shards.columns={tokenIds: null, file: Doc_Id}")
                .endedWith(2)
                .err())
        .contains("shards.columns.tokenIds: null")
        .contains("shards.columns.file: \"Doc_Id\" is the name of shards.columns.docId, too");
    assertThat(
            Jobs.sample(folder.resolve("bad"), "shards.columns={part: null, file: ''}")
                .endedWith(2)
                .err())
        .contains("shards.columns.file: \"\" must be a text that is not empty");
    assertThat(Jobs.sample(folder.resolve("bad"), "shards.columns.part=null").endedWith(2).err())
        .contains("shards.columns.part: null, and the vectors of documents");
  }
}

package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.layout.LayoutRows;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.RenderedChats;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardColumns.Preset;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** Loss masks in each layout that has a place for them, read by others; packed and shuffled. */
@Tag("run")
final class LossMaskLayoutsTest {
  private static final String LAYOUTS = "npy,datatrove,bin";

  /** The sum of all ids and all flags of each layout, as numpy finds them. */
  @TempDir static Path folder;

  private static Path base;
  private static Path begun;

  @BeforeAll
  static void runOnce() throws IOException {
    RenderedChats.write(folder.resolve("chats.jsonl"), new Random(Seeds.next()), 500);
    base = run("base", "");
    begun = run("begun", "beginOfDocument: \"<|begin|>\",");
  }

  private static Path run(String name, String begin) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            corpus: { inputs: [ chats.jsonl ], format: jsonl, segmentsField: messages }
            tokenizer: { train: { vocabSize: 320, pattern: gpt2, minFrequency: 1,
              specialTokens: [ "<|endoftext|>", "<|begin|>" ] } }
            shards: { formats: [ npy, datatrove, bin ], maxTokens: 2000, %s
              endOfDocument: "<|endoftext|>" }
            output: %s
            """
                .formatted(begin, name));
    CommandLineRun.of("run", job.toString()).succeeded();
    return folder.resolve(name);
  }

  /** The same sum of what DuckDB finds in Parquet shards, in their order. */
  private static String canonical(Path parquet) throws Exception {
    return sum(parquet, "token_ids", "loss_mask");
  }

  private static String sum(Path parquet, String ids, String mask) throws Exception {
    StringJoiner allIds = new StringJoiner(",");
    StringJoiner allFlags = new StringJoiner(",");
    for (String row :
        Duck.query(
            "SELECT array_to_string(%s, ','), array_to_string(%s, ',') FROM"
                + " read_parquet('%s/*.parquet', filename = true, file_row_number = true) WHERE"
                + " len(token_ids) > 0 ORDER BY filename, file_row_number",
            ids, mask, parquet)) {
      String[] columns = row.split("\\|", -1);
      allIds.add(columns[0]);
      allFlags.add(columns[1]);
    }
    return Sha256.of((allIds + " " + allFlags).getBytes(StandardCharsets.UTF_8));
  }

  private static void assertAllLayouts(Path shards, String expected) throws Exception {
    assertThat(NumPy.run("loss_masks.py", shards))
        .containsExactly("npy " + expected, "bin " + expected, "datatrove " + expected);
  }

  private static Path convert(String name, String... options) throws IOException {
    return convert(base, name, options);
  }

  private static Path convert(Path from, String name, String... options) throws IOException {
    Path out = folder.resolve(name);
    CommandLineRun.line("convert %s %s --output %s", from, options, out).succeeded();
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    return out;
  }

  @Test
  void eachLayoutHasTheMaskOfItsIds() throws Exception {
    assertAllLayouts(base.resolve("shards"), canonical(base.resolve("shards/parquet")));
    assertThat(ManifestVerification.check("" + base, true).findings()).isEmpty();
  }

  /**
   * Each piece of a packed sequence against the ids and flags of its document in the shards of
   * {@code from}.
   */
  private static void assertPieces(Path packed, Path from) throws IOException {
    Map<String, ShardRow> documents = new TreeMap<>();
    ShardRows.of(from.resolve("shards/parquet")).forEach(row -> documents.put(row.docId, row));
    int flags = 0;
    for (ShardRow row : ShardRows.of(packed)) {
      int[] mask = Objects.requireNonNull(row.mask);
      for (int p = 0; p < row.pieces.size(); p++) {
        Piece piece = row.pieces.get(p);
        ShardRow document = piece.isFilling() ? null : documents.get(piece.docId());
        int start = piece.start();
        int length = row.pieceLength(row.pieces, p);
        int[] ids = Arrays.copyOfRange(row.ids, start, start + length);
        int[] flagged = new int[length];
        for (int i = 0; i < length; i++) {
          int at = piece.position() + i;
          if (document != null) {
            flagged[i] = Objects.requireNonNull(document.mask)[at];
            ids[i] = document.ids[at];
          }
          flags += flagged[i];
        }
        String what = row.docId + " " + piece;
        assertThat(Arrays.copyOfRange(mask, start, start + length)).as(what).isEqualTo(flagged);
        assertThat(Arrays.copyOfRange(row.ids, start, start + length)).as(what).isEqualTo(ids);
      }
    }
    assertThat(flags).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concat",
        "concat --pack-remainder pad --begin-token <|begin|>",
        "bestFit --begin-token <|begin|>",
        "bestFit --pack-remainder drop",
        "bestFitCrop --pack-remainder pad --begin-token <|begin|>",
        "bestFitCrop"
      })
  void packedSequencesHaveTheFlagsOfTheirPieces(String strategy) throws Exception {
    List<String> options = new ArrayList<>(List.of("--to", LAYOUTS, "--pack-length", "24"));
    options.add("--pack-strategy");
    options.addAll(List.of(strategy.split(" ", -1)));
    String name = "packed" + Integer.toHexString(strategy.hashCode());
    Path from = strategy.contains("begin") ? begun : base;
    Path out = convert(from, name, options.toArray(String[]::new));
    Path packed = out.resolve("shards/packed");
    assertPieces(packed.resolve("parquet"), from);
    if (strategy.contains(" pad") || strategy.contains(" drop")) {
      assertAllLayouts(packed, canonical(packed.resolve("parquet")));
    } else { // where nothing has lengths, what fills a sequence has a 0
      String filled =
          sum(
              packed.resolve("parquet"),
              "list_resize(token_ids, 24, 0)",
              "list_resize(loss_mask, 24, 0)");
      assertAllLayouts(packed, filled);
    }
  }

  @Test
  void theTokenThatBeginsADocumentHasNoLoss() throws Exception {
    assertAllLayouts(begun.resolve("shards"), canonical(begun.resolve("shards/parquet")));
    assertThat(
            Duck.query(
                "SELECT count(*), count(DISTINCT token_ids[1]), sum(loss_mask[1]) FROM"
                    + " '%s/shards/parquet/*.parquet'",
                begun))
        .containsExactly("500|1|0");
    assertThat(
            Duck.query(
                "SELECT count(*) FROM '%s/shards/parquet/*.parquet' b JOIN"
                    + " '%s/shards/parquet/*.parquet' a USING (doc_id) WHERE b.token_ids[2:] ="
                    + " a.token_ids AND b.loss_mask[2:] = a.loss_mask",
                begun, base))
        .containsExactly("500");
    String total = "/totals/lossTokens";
    assertThat(Json.MAPPER.readTree(begun.resolve("manifest.json").toFile()).at(total))
        .isEqualTo(Json.MAPPER.readTree(base.resolve("manifest.json").toFile()).at(total));
  }

  @Test
  void shuffledDocumentsAndSequencesKeepTheirFlags() throws Exception {
    Path shuffled = convert("shuffled", "--to", LAYOUTS, "--shuffle-seed", "5");
    Path parquet = shuffled.resolve("shards/shuffled/parquet");
    assertAllLayouts(shuffled.resolve("shards/shuffled"), canonical(parquet));
    String sorted =
        "SELECT doc_id, token_ids, loss_mask FROM read_parquet('%s/*.parquet') ORDER BY doc_id";
    assertThat(Duck.query(sorted.formatted(parquet)))
        .isEqualTo(Duck.query(sorted.formatted(base.resolve("shards/parquet"))));
    assertThat(canonical(parquet)).isNotEqualTo(canonical(base.resolve("shards/parquet")));
    for (String of : List.of("documents", "sequences")) {
      String[] options =
          CommandLineRun.words(
              "--to %s --pack-length 24 --pack-remainder pad --shuffle-seed 5 --shuffle-of %s",
              LAYOUTS, of);
      Path packed = convert("shuffled-" + of, options);
      assertPieces(packed.resolve("shards/packed/parquet"), base);
      assertAllLayouts(
          packed.resolve("shards/packed"), canonical(packed.resolve("shards/packed/parquet")));
    }
  }

  @Test
  void eachLayoutHasTheMaskOfTheShards() throws IOException {
    List<String> canonical = shown("parquet");
    for (String layout : List.of("npy", "datatrove", "bin")) {
      assertThat(shown(layout)).as(layout).isEqualTo(canonical);
    }
  }

  private static List<String> shown(String layout) throws IOException {
    return LayoutRows.show(LayoutRows.ofFolder(base.resolve("shards/" + layout)));
  }

  @Test
  void catShowsTheMask() throws IOException {
    for (String line :
        CommandLineRun.of("cat", base.toString(), "--jsonl").succeeded().out().lines().toList()) {
      JsonNode row = Json.MAPPER.readTree(line);
      assertThat(row.path("loss_mask").size()).isEqualTo(row.path("ids").size());
    }
    Path shard = folder.resolve("one.parquet");
    ShardRow row = new ShardRow();
    row.docId = "one";
    row.ids = new int[] {'a' - 31, 'b' - 31, 'c' - 31, 0};
    row.mask = new int[] {0, 1, 1, 0};
    row.count = 4;
    ShardColumns columns = ShardColumns.of(Preset.MERGANSER, Map.of(), List.of(), false, true);
    try (ParquetShardWriter out =
        new ParquetShardWriter(shard, columns.metadata(Preset.MERGANSER), columns)) {
      out.write(row);
    }
    assertThat(
            CommandLineRun.of("cat", shard.toString(), "--tokenizer", base.toString())
                .succeeded()
                .out())
        .isEqualTo(
            """
            == one: 4 ids, 2 with loss,  at 0
            -- from 0: no loss
            a
            -- from 1: loss
            bc
            -- from 3: no loss
            <|endoftext|>
            """);
  }
}

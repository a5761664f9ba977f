package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.corpus.KeptField;
import org.merganser.json.Json;
import org.merganser.store.UnusableFileException;

/** Columns under other names, left out, repeated for trainers, and kept from the corpus. */
final class ShardColumnsTest {
  private static final List<KeptField> KEPT =
      List.of(
          KeptField.of("meta.url:string"),
          KeptField.of("year:integer"),
          KeptField.of("score:double"),
          KeptField.of("clean:boolean"));

  @TempDir Path dir;

  private static ShardColumns documents(
      ShardColumns.Preset preset, Map<ShardColumn, String> named, List<KeptField> kept) {
    return ShardColumns.of(preset, named, kept, false, false);
  }

  private static ShardRow document(Random random, int number, int kept) {
    ShardRow row = new ShardRow();
    row.docId = "d" + number;
    row.file = "f.jsonl";
    row.offset = 10L * number;
    row.part = number % 3;
    row.group = number % 2 == 0 ? null : "de";
    row.count = random.nextInt(4) == 0 ? 0 : random.nextInt(2000);
    row.ids = random.ints(row.count, 0, 40_000).toArray();
    Object[] values = {
      ("https://x/" + number + "/🌲").getBytes(StandardCharsets.UTF_8),
      (long) number - 5,
      number % 5 == 0 ? -0.0 : number / 7.0,
      number % 3 == 0
    };
    row.kept = new Object[kept];
    for (int i = 0; i < kept; i++) {
      row.kept[i] = random.nextInt(4) == 0 ? null : values[i];
    }
    return row;
  }

  private Path write(
      String name, ShardColumns columns, ShardColumns.Preset preset, List<ShardRow> rows)
      throws IOException {
    Path file = dir.resolve(name);
    Map<String, String> metadata = new TreeMap<>(columns.metadata(preset));
    if (columns.sequences()) {
      metadata.put(ParquetShardWriter.SEQUENCE_LENGTH, "100");
    }
    try (ParquetShardWriter out = new ParquetShardWriter(file, metadata, columns)) {
      for (ShardRow row : rows) {
        out.write(row);
      }
    }
    return file;
  }

  @Test
  void positionsAndBoundsFollowFromThePieces() throws Exception {
    ShardRow row = new ShardRow();
    row.docId = "0#0";
    row.ids = new int[] {5, 6, 7, 8, 9, 0};
    row.count = 6;
    row.pieces =
        List.of(
            new Piece(0, "a", "f", 0, 0, 40), new Piece(3, "b", "f", 9, 0, 0), Piece.filling(5));
    Map<ShardColumn, String> named =
        Map.of(ShardColumn.POSITION_IDS, "position_ids", ShardColumn.CU_SEQLENS, "cu");
    ShardColumns columns = ShardColumns.of(ShardColumns.Preset.HF, named, List.of(), true, false);
    Path file = write("packed.parquet", columns, ShardColumns.Preset.HF, List.of(row));
    assertThat(Duck.query("select position_ids, cu from '" + file + "'"))
        .containsExactly("[0, 1, 2, 0, 1, 0]|[0, 3, 5, 6]");
    try (ShardReader in = new ShardReader(file)) {
      ShardRow read = new ShardRow();
      assertThat(in.next(read)).isTrue();
      assertThat(read.pieces).isEqualTo(row.pieces);
      assertThat(read.ids).startsWith(row.ids);
    }
    assertThat(ShardColumns.of(ShardColumns.Preset.HF, named, List.of(), false, false).names())
        .doesNotContainKeys(ShardColumn.POSITION_IDS, ShardColumn.CU_SEQLENS);
  }

  /** Also where no column but the masks themselves says which ids fill a sequence. */
  @ParameterizedTest
  @ValueSource(strings = {"", "PARTS", "PARTS STARTS", "PARTS STARTS ATTENTION_MASK"})
  void whatFillsASequenceIsNeitherAttendedNorPredicted(String without) throws Exception {
    Map<ShardColumn, @Nullable String> named = new EnumMap<>(ShardColumn.class);
    for (String column : without.isEmpty() ? List.<String>of() : List.of(without.split(" ", -1))) {
      named.put(ShardColumn.valueOf(column), null);
    }
    ShardRow filled = new ShardRow();
    filled.docId = "0#0";
    filled.ids = new int[] {5, 6, 0, 0, 0};
    filled.count = 5;
    filled.pieces = List.of(new Piece(0, "a", "f", 0, 0, 0), Piece.filling(3));
    ShardRow full = new ShardRow();
    full.docId = "0#1";
    full.ids = new int[] {7, 0, 8, 9, 0};
    full.count = 5;
    full.pieces = List.of(new Piece(0, "b", "f", 9, 0, 0));
    for (boolean masked : new boolean[] {false, true}) {
      filled.mask = masked ? new int[] {0, 1, 1, 0, 0} : null;
      full.mask = masked ? new int[] {0, 1, 1, 1, 0} : null;
      ShardColumns columns =
          ShardColumns.of(ShardColumns.Preset.HF, named, List.of(), true, masked);
      Path file = write("f.parquet", columns, ShardColumns.Preset.HF, List.of(filled, full));
      ShardRow read = new ShardRow();
      List<ShardRow> rows = new ArrayList<>();
      try (ShardReader in = new ShardReader(file)) {
        while (in.next(read)) {
          read.ids = read.ids.clone(); // the reader reuses its arrays
          read.mask = read.mask == null ? null : read.mask.clone();
          rows.add(read);
          read = new ShardRow();
        }
      }
      Path again = write("again.parquet", columns, ShardColumns.Preset.HF, rows);
      for (Path shard : List.of(file, again)) {
        assertThat(Duck.query("select input_ids, labels from '" + shard + "'"))
            .containsExactly(
                "[5, 6, 0, 0, 0]|"
                    + (masked ? "[-100, 6, 0, -100, -100]" : "[5, 6, 0, -100, -100]"),
                "[7, 0, 8, 9, 0]|" + (masked ? "[-100, 0, 8, 9, -100]" : "[7, 0, 8, 9, 0]"));
        if (!named.containsKey(ShardColumn.ATTENTION_MASK)) {
          assertThat(Duck.query("select attention_mask from '" + shard + "'"))
              .containsExactly("[1, 1, 1, 0, 0]", "[1, 1, 1, 1, 1]");
        }
      }
    }
  }

  @Test
  void readsEveryColumnUnderAnyNameAndKeepsTypes() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<String> hostile =
        List.of(
            "a.b",
            "SELECT",
            "späße 🌲",
            "\"",
            "'",
            "x/y",
            "token_ids",
            "%",
            "doc id",
            "-",
            "list",
            "0");
    for (int round = 0; round < 8; round++) {
      Map<ShardColumn, String> named = new EnumMap<>(ShardColumn.class);
      List<String> names = new ArrayList<>(hostile);
      java.util.Collections.shuffle(names, random);
      for (ShardColumn column : ShardColumn.values()) {
        if (ShardColumns.DOCUMENTS.names().containsKey(column)
            || column == ShardColumn.LABELS
            || column == ShardColumn.ATTENTION_MASK) {
          boolean out = column != ShardColumn.TOKEN_IDS && random.nextInt(4) == 0;
          named.put(column, out ? null : names.remove(0));
        }
      }
      ShardColumns columns = documents(ShardColumns.Preset.MERGANSER, named, KEPT);
      List<ShardRow> rows = new ArrayList<>();
      for (int i = 0; i < 700; i++) {
        rows.add(document(random, i, 4));
      }
      Path file = write("r" + round + ".parquet", columns, ShardColumns.Preset.HF, rows);
      String as = "seed " + seed + ", " + named;
      try (ShardReader in = new ShardReader(file)) {
        assertThat(in.columns().names()).isEqualTo(columns.names());
        assertThat(in.tokens()).isEqualTo(rows.stream().mapToLong(r -> r.count).sum());
        ShardRow row = new ShardRow();
        for (ShardRow r : rows) {
          assertThat(in.next(row)).as(as).isTrue();
          assertThat(Arrays.copyOf(row.ids, row.count)).as(as).isEqualTo(r.ids);
          assertThat(row.docId)
              .as(as)
              .isEqualTo(
                  columns.name(ShardColumn.DOC_ID) == null
                      ? file.getFileName() + "#" + rows.indexOf(r)
                      : r.docId);
          assertThat(row.part).isEqualTo(columns.haveDocumentStarts() ? r.part : 0);
          assertThat(row.group).isEqualTo(columns.name(ShardColumn.GROUP) == null ? null : r.group);
          assertThat(Arrays.deepEquals(row.kept, r.kept)).as(as).isTrue();
        }
        assertThat(in.next(row)).isFalse();
      }
    }
  }

  @Test
  void duckDbReadsWhatTheHfPresetWrites() throws Exception {
    Random random = new Random(7);
    ShardColumns columns =
        documents(
            ShardColumns.Preset.HF,
            Map.of(ShardColumn.LABELS, "labels", ShardColumn.DOC_ID, "id"),
            KEPT);
    List<ShardRow> rows = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      rows.add(document(random, i, 4));
    }
    Path file = write("hf.parquet", columns, ShardColumns.Preset.HF, rows);
    assertThat(Duck.query("select column_name, column_type from (describe '" + file + "')"))
        .containsExactly(
            "id|VARCHAR",
            "file|VARCHAR",
            "offset|BIGINT",
            "part|INTEGER",
            "group|VARCHAR",
            "num_tokens|INTEGER",
            "input_ids|INTEGER[]",
            "attention_mask|TINYINT[]",
            "labels|INTEGER[]",
            "meta_url|VARCHAR",
            "year|BIGINT",
            "score|DOUBLE",
            "clean|BOOLEAN");
    assertThat(
            Duck.query(
                "select count(*), sum(len(attention_mask)), sum(list_sum(attention_mask)),"
                    + " bool_and(labels = input_ids), sum(list_sum(input_ids)), count(meta_url),"
                    + " sum(year), count(score), sum(clean::int) from '%s'",
                file))
        .containsExactly(
            "3000|%s|%s|true|%s|%s|%s|%s|%s"
                .formatted(
                    rows.stream().mapToLong(r -> r.count).sum(),
                    rows.stream().mapToLong(r -> r.count).sum(),
                    rows.stream().flatMapToInt(r -> Arrays.stream(r.ids)).asLongStream().sum(),
                    rows.stream().filter(r -> r.kept[0] != null).count(),
                    rows.stream()
                        .filter(r -> r.kept[1] != null)
                        .mapToLong(r -> (Long) r.kept[1])
                        .sum(),
                    rows.stream().filter(r -> r.kept[2] != null).count(),
                    rows.stream().filter(r -> Boolean.TRUE.equals(r.kept[3])).count()));
    String masks =
        Duck.query(
                "select sum(total_compressed_size) from parquet_metadata('%s') where path_in_schema"
                    + " like 'attention_mask%%'",
                file)
            .get(0);
    assertThat(Long.parseLong(masks)).as("bytes of masks").isLessThan(15_000);
  }

  @Test
  void saysTheFeaturesAsHfDatasetsWritesThem() throws IOException {
    ShardColumns columns =
        documents(
            ShardColumns.Preset.HF,
            Map.of(ShardColumn.FILE, "source"),
            List.of(KeptField.of("score:double"), KeptField.of("clean:boolean")));
    JsonNode features =
        Json.MAPPER
            .readTree(columns.metadata(ShardColumns.Preset.HF).get("huggingface"))
            .at("/info/features");
    assertThat(features.at("/input_ids").toString())
        .isEqualTo(
            "{\"feature\":{\"dtype\":\"int32\",\"_type\":\"Value\"},\"_type\":\"Sequence\"}");
    assertThat(features.at("/attention_mask/feature/dtype").asText()).isEqualTo("int8");
    assertThat(features.at("/source").toString())
        .isEqualTo("{\"dtype\":\"string\",\"_type\":\"Value\"}");
    assertThat(features.at("/offset/dtype").asText()).isEqualTo("int64");
    assertThat(features.at("/score/dtype").asText()).isEqualTo("float64");
    assertThat(features.at("/clean/dtype").asText()).isEqualTo("bool");
    assertThat(features.has("labels")).as("labels of documents").isFalse();
    assertThat(ShardColumns.of(ShardColumns.Preset.HF, Map.of(), List.of(), true, false).names())
        .containsEntry(ShardColumn.LABELS, "labels")
        .containsEntry(ShardColumn.ATTENTION_MASK, "attention_mask");
  }

  @Test
  void readsSequencesWithoutTheirPieces() throws IOException {
    Map<ShardColumn, String> named = new EnumMap<>(ShardColumn.class);
    for (ShardColumn column : ShardColumn.values()) {
      named.put(column, null);
    }
    named.put(ShardColumn.TOKEN_IDS, "input_ids");
    ShardColumns columns = ShardColumns.of(ShardColumns.Preset.HF, named, List.of(), true, false);
    ShardRow row = new ShardRow();
    row.docId = "0000001#0";
    row.ids = new int[] {4, 5, 6};
    row.count = 3;
    row.pieces = List.of(new Piece(0, "a", "f", 0, 0, 0), new Piece(2, "b", "f", 9, 0, 0));
    Path file = write("s.parquet", columns, ShardColumns.Preset.HF, List.of(row));
    try (ShardReader in = new ShardReader(file)) {
      assertThat(in.columns().sequences()).isTrue();
      assertThat(in.columns().haveDocumentStarts()).isFalse();
      ShardRow read = new ShardRow();
      assertThat(in.next(read)).isTrue();
      assertThat(read.pieces).containsExactly(new Piece(0, "s.parquet#0", "", 0, 0, 0));
      assertThat(Arrays.copyOf(read.ids, read.count)).containsExactly(4, 5, 6);
    }
  }

  @Test
  void refusesASequenceWithMoreOriginsThanPieces() throws IOException {
    Path file = dir.resolve("origins.parquet");
    MessageType schema = ShardColumns.SEQUENCES.schema();
    try (ParquetWriter<Group> out =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      Group row = new SimpleGroup(schema).append("sequence_id", "s").append("num_tokens", 2);
      row.addGroup("token_ids").addGroup("list").append("element", 5);
      row.getGroup("token_ids", 0).addGroup("list").append("element", 6);
      row.addGroup("starts").addGroup("list").append("element", 0);
      row.addGroup("doc_ids").addGroup("list").append("element", "a");
      row.getGroup("doc_ids", 0).addGroup("list").append("element", "b");
      row.addGroup("files").addGroup("list").append("element", "f");
      row.addGroup("offsets").addGroup("list").append("element", 0L);
      row.addGroup("parts").addGroup("list").append("element", 0);
      row.addGroup("positions").addGroup("list").append("element", 0);
      out.write(row);
    }
    try (ShardReader in = new ShardReader(file)) {
      assertThatThrownBy(() -> in.next(new ShardRow()))
          .isInstanceOf(UnusableFileException.class)
          .hasMessage(file + ": a sequence has 1 pieces and 2 entries of doc_ids");
    }
  }

  @Test
  void theStandardColumnsSayNothingOfThemselves() {
    assertThat(ShardColumns.DOCUMENTS.metadata(ShardColumns.Preset.MERGANSER)).isEmpty();
    assertThat(ShardColumns.SEQUENCES.metadata(ShardColumns.Preset.MERGANSER)).isEmpty();
    assertThat(
            ShardColumns.of(ShardColumns.Preset.MARIN, Map.of(), List.of(), false, false).names())
        .containsEntry(ShardColumn.TOKEN_IDS, "input_ids")
        .containsEntry(ShardColumn.DOC_ID, "id");
  }

  @Test
  void refusesAFileThatSaysWhatIsNotSo() throws IOException {
    Path file = dir.resolve("wrong.parquet");
    try (ParquetShardWriter out =
        new ParquetShardWriter(
            file,
            Map.of("merganser.columns", "{\"tokenIds\":\"input_ids\"}"),
            ShardColumns.DOCUMENTS)) {
      out.write(new ShardRow());
    }
    assertThatThrownBy(() -> new ShardReader(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("is not an id shard");
    for (String said : List.of("[", "{\"later\":\"x\"}", "7", "{}")) {
      Files.delete(file);
      try (ParquetShardWriter out =
          new ParquetShardWriter(file, Map.of("merganser.columns", said), ShardColumns.DOCUMENTS)) {
        out.write(new ShardRow());
      }
      assertThatThrownBy(() -> new ShardReader(file))
          .as(said)
          .isInstanceOf(UnusableFileException.class);
    }
  }
}

package org.merganser.embedding.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.SharedData;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.Half;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;
import org.merganser.text.unicode.ByteAlphabet;

class EmbeddingImportTest {
  @TempDir Path dir;

  /** A byte-level tokenizer: 256 bytes, then the merges' results. */
  private Path tokenizer(String name, String... merges) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding").putArray("added_tokens");
    root.putNull("normalizer");
    ObjectNode level = json.createObjectNode().put("type", "ByteLevel");
    level.put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
    root.set("pre_tokenizer", level);
    root.putNull("post_processor").set("decoder", level.deepCopy());
    ObjectNode model = root.putObject("model").put("type", "BPE").putNull("dropout");
    model.putNull("unk_token").putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode vocab = model.putObject("vocab");
    for (int b = 0; b < 256; b++) {
      vocab.put(String.valueOf(ByteAlphabet.toChar(b)), b);
    }
    for (int i = 0; i < merges.length; i++) {
      vocab.put(merges[i].replace(" ", ""), 256 + i);
    }
    model.putArray("merges").addAll(Arrays.stream(merges).map(model::textNode).toList());
    return Files.write(dir.resolve(name), json.writeValueAsBytes(root));
  }

  private static float[][] rows(Path table, Path scratch) {
    EmbeddingTable in = EmbeddingTable.open(0, table, scratch);
    float[][] rows = new float[in.rows()][in.dim()];
    for (int id = 0; id < rows.length; id++) {
      in.row(id, rows[id], 0);
    }
    return rows;
  }

  private float[][] imported(Path source) throws IOException {
    Path table = dir.resolve("imported.parquet");
    imported(source, null, null, table);
    return rows(table, dir.resolve("flat"));
  }

  private EmbeddingReport imported(Path source, String tensor, Path tokenizer, Path table)
      throws IOException {
    return EmbeddingImport.write(
        new EmbeddingImport.Request(source, tensor, tokenizer, false), table);
  }

  private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(EmbeddingException.class);
  }

  private AbstractThrowableAssert<?, ?> refusal(Path source) {
    return refused(() -> imported(source));
  }

  private Path table(float[][] values) throws IOException {
    Path table = dir.resolve("table.parquet");
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(table, values[0].length, "F32", "a test", null)) {
      for (float[] row : values) {
        out.write(null, row, 0);
      }
    }
    return table;
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Path safetensors(String header, ByteBuffer data) throws IOException {
    ByteBuffer all = bytes(8 + header.length() + data.capacity());
    all.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII)).put(data.flip());
    return Files.write(dir.resolve("model.safetensors"), all.array());
  }

  private static final float[][] SMALL = {{1, -2.5f}, {0.5f, 3}, {0, 0}};

  @Test
  void readsTheThreeTypesOfSafetensors() throws IOException {
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"wte.weight\":{\"dtype\":\"%s\",\"shape\":[3,2],\"data_offsets\":[4,%d]}}";
    ByteBuffer f32 = bytes(28).putInt(0);
    ByteBuffer f16 = bytes(16).putInt(0);
    ByteBuffer bf16 = bytes(16).putInt(0);
    short[] halves = {0x3C00, (short) 0xC100, 0x3800, 0x4200, 0, 0};
    for (int i = 0; i < 6; i++) {
      f32.putFloat(SMALL[i / 2][i % 2]);
      f16.putShort(halves[i]);
      bf16.putShort((short) (Float.floatToRawIntBits(SMALL[i / 2][i % 2]) >>> 16));
    }
    assertThat(imported(safetensors(String.format(header, "F32", 28), f32))).isDeepEqualTo(SMALL);
    assertThat(imported(safetensors(String.format(header, "F16", 16), f16))).isDeepEqualTo(SMALL);
    assertThat(imported(safetensors(String.format(header, "BF16", 16), bf16))).isDeepEqualTo(SMALL);
  }

  @Test
  void findsTheTensorOfAModelInSeveralFiles() throws IOException {
    safetensors(
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
            + "\"model.embed_tokens.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,8]}}",
        bytes(8).putFloat(7).putFloat(9));
    Path index =
        Files.writeString(
            dir.resolve("model.safetensors.index.json"),
            "{\"weight_map\":{\"x\":\"other\",\"model.embed_tokens.weight\":\"model.safetensors\"}}");
    assertThat(imported(index)).isDeepEqualTo(new float[][] {{9}});
    Files.writeString(index, "{\"weight_map\":{\"x\":\"" + index.getFileName() + "\"}}");
    refusal(index).hasMessageContaining("says that it holds tensor x itself");
  }

  @Test
  void refusesIndexesThatNameEachOther() throws IOException {
    Path one =
        Files.writeString(
            dir.resolve("1.safetensors.index.json"), "{\"weight_map\":{\"x\":\"2.json\"}}");
    Files.writeString(
        dir.resolve("2.json"), "{\"weight_map\":{\"x\":\"1.safetensors.index.json\"}}");
    refusal(one)
        .hasMessage(
            one + ": says that 2.json holds tensor x, which is an index and not a file of tensors");
  }

  @Test
  void aFileOfTensorsIsKnownByItsBytesUnderTheNameOfAnIndex() throws IOException {
    Path safetensors =
        safetensors(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}",
            bytes(4).putFloat(7));
    Path named = Files.copy(safetensors, dir.resolve("table.json"));
    assertThat(imported(named)).isDeepEqualTo(new float[][] {{7}});
    Path cut = dir.resolve("model.safetensors.index.json");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(safetensors), 30));
    refusal(cut).hasMessageContaining("is not safetensors: its header would have");
    Path index = dir.resolve("other.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"table.json\"}}");
    assertThat(imported(index)).isDeepEqualTo(new float[][] {{7}});
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a\\u0000b"})
  void refusesAnIndexWhoseTensorIsInNoFile(String file) throws IOException {
    Path index = dir.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"x\":\"" + file + "\"}}");
    refusal(index).hasMessage(index + ": tensor x is in no file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1,1],\"data_offsets\":[0,8]}}|tensor a is of I64",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|has the shape [2]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9,9],\"data_offsets\":[0,324]}}|the file was cut"
            + " short",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,4]}}|is not the size of"
            + " [2,1] F32",
        "{\"a\":{},\"b\":{}}|has no tensor with a usual name; name one of its 2 tensors, such as"
            + " [a, b]",
        "{\"a\":|its header is not JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,8]}}|Duplicate"
            + " field 'a'",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0.5,8]}}|data_offsets [0.5,8];"
            + " these are whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1.0],\"data_offsets\":[0,8]}}|has the shape"
            + " [2,1.0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8,8]}}|data_offsets [0,8,8]",
      })
  void refusesASafetensorsFileThatHoldsNoTable(String header, String message) throws IOException {
    Path file = safetensors(header, bytes(8).putLong(0));
    refusal(file).hasMessageContaining(message);
  }

  @Test
  void namesTheLengthOfAHeaderAsItIsInTheFile() throws IOException {
    Path safetensors = dir.resolve("long.safetensors");
    Files.write(safetensors, bytes(9).putLong(-2).array());
    refusal(safetensors).hasMessageContaining("its header would have 18446744073709551614 bytes");
    Files.write(safetensors, new byte[7]);
    refusal(safetensors)
        .hasMessageContaining("it has 7 bytes, and the length of the header takes 8");
    Path npy = dir.resolve("long.npy");
    byte[] head = "\u0093NUMPY\2\0".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(npy, bytes(20).put(head).putInt(0x8000_0004).array());
    refusal(npy).hasMessageContaining("its npy header would have 2147483652 bytes");
  }

  @Test
  void refusesAnNpyFileWhoseDataAreNotThoseOfItsShape() throws IOException {
    Path npy = dir.resolve("out.npy");
    EmbeddingExport.writeNpy(table(SMALL), FloatType.F32, npy);
    byte[] whole = Files.readAllBytes(npy);
    String header = new String(whole, StandardCharsets.ISO_8859_1);
    Files.writeString(npy, header.replace("(3, 2)", "(2, 2)"), StandardCharsets.ISO_8859_1);
    refusal(npy)
        .hasMessageContaining(
            "has 24 bytes after its header, and its shape (2, 2) of <f4 takes 16");
    Files.write(npy, Arrays.copyOf(whole, whole.length + 1));
    refusal(npy).hasMessageContaining("has 25 bytes after its header");
    Files.write(npy, Arrays.copyOf(whole, whole.length - 1));
    refusal(npy).hasMessageContaining("the file was cut short");
    Files.write(npy, Arrays.copyOf(whole, 40));
    refusal(npy).hasMessage(npy + " ends in its npy header: it was cut short");
  }

  @Test
  void exportsComeBackThroughTheImporters() throws IOException {
    Path table = table(SMALL);
    Path safe = dir.resolve("out.safetensors");
    EmbeddingExport.writeSafetensors(table, "embeddings", FloatType.F32, safe);
    assertThat(imported(safe)).isDeepEqualTo(SMALL);
    Path npy = dir.resolve("out.npy");
    EmbeddingExport.writeNpy(table, FloatType.F32, npy);
    assertThat(imported(npy)).isDeepEqualTo(SMALL);
  }

  @Test
  void numpyReadsTheExportAndWritesWhatIsImported() throws Exception {
    Path npy = dir.resolve("out.npy");
    EmbeddingExport.writeNpy(table(SMALL), FloatType.F32, npy);
    assertThat(NumPy.run("save_arrays.py", npy))
        .containsExactly("float32 [[1.0, -2.5], [0.5, 3.0], [0.0, 0.0]]");
    assertThat(imported(dir.resolve("out.npyf2.npy"))).isDeepEqualTo(SMALL);
    assertThat(imported(dir.resolve("out.npyf8.npy"))).isDeepEqualTo(SMALL);
    refusal(dir.resolve("out.npyF.npy")).hasMessageContaining("a table is a matrix in C order");
  }

  @Test
  void readsParquetOfOtherNamesInDoubles() throws Exception {
    Path file = dir.resolve("other.parquet");
    Duck.query("copy (select 'w' word, [i, i / 2]::double[] vec from range(3) t(i)) to '%s'", file);
    assertThat(imported(file)).isDeepEqualTo(new float[][] {{0, 0}, {1, 0.5f}, {2, 1}});
    refused(() -> imported(file, "v", null, dir.resolve("t")))
        .hasMessageContaining(
            "has 0 columns that are lists of FLOAT, DOUBLE or FLOAT16 and called v");
  }

  @Test
  void bareRepeatedValuesAreVectorsInATableAndInAnImport() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int32 id; repeated float embedding; }");
    Path file = dir.resolve("bare.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (int i = 0; i < SMALL.length; i++) {
        Group row = new SimpleGroup(schema).append("id", i);
        for (float value : SMALL[i]) {
          row.append("embedding", value);
        }
        writer.write(row);
      }
    }
    assertThat(rows(file, dir.resolve("direct"))).isDeepEqualTo(SMALL);
    assertThat(imported(file)).isDeepEqualTo(SMALL);
  }

  @Test
  void parquetRowsAreInTheOrderOfTheirIdsAndThoseWithTokensAloneAreRefused() throws Exception {
    Path file = dir.resolve("ids.parquet");
    Duck.query("copy (select i as token_id, [i]::float[] v from range(10) t(i)) to '%s'", file);
    float[][] rows = imported(file);
    for (int i = 0; i < 10; i++) {
      assertThat(rows[i]).containsExactly(i);
    }
    Duck.query("copy (select 2 * i as id, [i]::float[] v from range(3) t(i)) to '" + file + "'");
    refusal(file)
        .hasMessageContaining(
            "id 1 is missing: the row after id 0 has id 2; a table has the ids 0 to rows-1");
    Duck.query("copy (select 0 as id, [i]::float[] v from range(3) t(i)) to '" + file + "'");
    refusal(file).hasMessageContaining("id 0 comes after id 0: duplicate or unsorted");
    Duck.query("copy (select 'ab' as Word, [1.5, 2]::float[] v) to '" + file + "'");
    Path table = dir.resolve("words.parquet");
    Path tokenizer = tokenizer("t.json", "a b");
    refused(() -> imported(file, null, tokenizer, table))
        .hasMessage(
            file
                + " has tokens and no ids; add a column \"id\" with the id of each token in "
                + tokenizer);
    assertThat(table).doesNotExist();
  }

  @Test
  void nonFiniteValuesBecomeZeroOnRequestAlone() throws IOException {
    Path file =
        safetensors(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
            bytes(16).putFloat(1).putFloat(Float.NaN).putFloat(1).putFloat(2));
    refusal(file).hasMessageContaining("row 0 has NaN at 1");
    Path table = dir.resolve("n.parquet");
    EmbeddingReport report =
        EmbeddingImport.write(new EmbeddingImport.Request(file, null, null, true), table);
    assertThat(report.replaced()).isEqualTo(1);
    assertThat(report.lines()).contains("NaNs and infinities that were made zero: 1");
    assertThat(rows(table, dir.resolve("flat"))).isDeepEqualTo(new float[][] {{1, 0}, {1, 2}});
  }

  @Test
  void aModelsFolderIsOpenedByItsUsualFile() throws IOException {
    safetensors(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}", bytes(4).putFloat(7));
    assertThat(imported(dir)).isDeepEqualTo(new float[][] {{7}});
    Path none = Files.createDirectories(dir.resolve("none"));
    refusal(none).hasMessageContaining("is a folder without model.safetensors");
  }

  @Test
  void refusesAFileOfNoKnownFormat() throws IOException {
    Path file = Files.writeString(dir.resolve("bad.txt"), "hello world this is text\n");
    refusal(file)
        .hasMessageContaining("is no embedding file that is known: safetensors, npy, Parquet");
    assertThat(dir.resolve("imported.parquet")).doesNotExist();
  }

  @Test
  void reportsPaddingZerosAndDuplicates() throws Exception {
    Path tokenizer = tokenizer("t.json", "a b");
    float[][] values = new float[260][2];
    for (int i = 0; i < values.length; i++) {
      values[i] = new float[] {i == 9 ? 0 : Math.max(1, i), i == 9 ? 0 : 1};
    }
    Path npy = dir.resolve("v.npy");
    EmbeddingExport.writeNpy(table(values), FloatType.F32, npy);
    Path out = dir.resolve("out.parquet");
    assertThat(imported(npy, null, tokenizer, out))
        .isEqualTo(new EmbeddingReport(260, 2, "F32", 3, 1, 9, 1, 1, 0));
    assertThat(Duck.query("select token from '" + out + "' where id in (32, 256, 257)"))
        .containsExactly("Ġ", "ab", "null");
    Path larger = tokenizer("l.json", "a b", "c d", "e f", "g h", "i j");
    refused(() -> imported(npy, null, larger, out))
        .hasMessageContaining("has 260 rows, the tokenizer 261 ids: ids 260 to 260 are missing");
    assertThat(out).doesNotExist();
  }

  @Test
  void everyHalfIsWhatItsDefinitionSays() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >>> 10 & 31;
      double mantissa = bits & 1023;
      double value =
          exponent == 31
              ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0 ? mantissa * 0x1p-24 : (1024 + mantissa) * Math.pow(2, exponent - 25);
      assertThat(Float.valueOf(Half.toFloat((short) bits)))
          .as("bits %x", bits)
          .isEqualTo(Float.valueOf((float) (bits < 1 << 15 ? value : -value)));
    }
  }

  @Test
  void everyHalfComesBackAndTheNearestIsTaken() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Half.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(Half.fromFloat(value) & 0x7C00).isEqualTo(0x7C00);
        continue;
      }
      assertThat(Half.fromFloat(value)).as("bits %x", bits).isEqualTo((short) bits);
      if ((bits & 0x7FFF) < 0x7BFF) {
        float next = Half.toFloat((short) (bits + 1));
        float middle = value + (next - value) / 2; // exact: a float has 13 bits more
        assertThat(Half.fromFloat(middle))
            .as("half way above bits %x", bits)
            .isEqualTo((short) (bits + (bits & 1)));
        assertThat(Half.fromFloat(value + (next - value) * 0.75f)).isEqualTo((short) (bits + 1));
        assertThat(Half.fromFloat(value + (next - value) * 0.25f)).isEqualTo((short) bits);
      }
    }
    assertThat(Half.fromFloat(65519)).isEqualTo((short) 0x7BFF);
    assertThat(Half.fromFloat(65520)).isEqualTo((short) 0x7C00);
  }

  @Test
  void smallerTypesAreTheNearestValuesAndRefuseWhatIsTooLarge() throws IOException {
    float[][] values = {{1 / 3f, -1e-6f}, {65504, 0}};
    Path safe = dir.resolve("h.safetensors");
    EmbeddingExport.writeSafetensors(table(values), "x", FloatType.F16, safe);
    float[][] back = imported(safe);
    for (int i = 0; i < 4; i++) {
      float value = values[i / 2][i % 2];
      assertThat(back[i / 2][i % 2]).isEqualTo(Half.toFloat(Half.fromFloat(value)));
    }
    EmbeddingExport.writeSafetensors(table(values), "x", FloatType.BF16, safe);
    assertThat(imported(safe)[0][0]).isEqualTo(Float.intBitsToFloat(0x3EAB0000));
    Path large = table(new float[][] {{1}, {70000}});
    refused(() -> EmbeddingExport.writeNpy(large, FloatType.F16, dir.resolve("l.npy")))
        .hasMessage("row 1 has 70000.0 at 0, too large for F16; write F32");
  }

  @Test
  @Tag("conformance")
  void theThreeTypesOfARealModelAgree() throws IOException {
    Path shared = SharedData.dir().resolve("embeddings");
    float[][] f32 = imported(shared.resolve("stories260K.f32.safetensors"));
    float[][] f16 = imported(shared.resolve("stories260K.f16.safetensors"));
    float[][] bf16 = imported(shared.resolve("stories260K.bf16.safetensors"));
    assertThat(f32).hasDimensions(512, 64);
    for (int id = 0; id < 512; id++) {
      for (int i = 0; i < 64; i++) {
        float exact = f32[id][i];
        assertThat(f16[id][i])
            .isCloseTo(exact, org.assertj.core.data.Offset.offset(1e-7f + Math.abs(exact) / 1024));
        assertThat(bf16[id][i])
            .isCloseTo(exact, org.assertj.core.data.Offset.offset(Math.abs(exact) / 128));
      }
    }
  }
}

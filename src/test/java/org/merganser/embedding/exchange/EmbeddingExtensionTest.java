package org.merganser.embedding.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.ListedModel;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.NormalRandom;
import org.merganser.embedding.exchange.EmbeddingExtension.Init;
import org.merganser.embedding.exchange.EmbeddingExtension.NewRows;
import org.merganser.embedding.exchange.EmbeddingExtension.Request;
import org.merganser.embedding.exchange.EmbeddingExtension.Source;
import org.merganser.shard.Duck;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.NaiveBpe;
import org.merganser.tokenizer.TestTokenizers;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TinyTokenizers;
import org.merganser.tokenizer.parts.AddedToken;

final class EmbeddingExtensionTest {
  private static final String TABLE = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";
  private static final int DIM = 5;

  @TempDir Path dir;

  private Path from;
  private Path to;

  /** A byte-level tokenizer whose ids are shuffled; each merge is two tokens. */
  private Path tokenizer(String name, Random random, List<String> merges, String... added)
      throws IOException {
    Set<String> tokens = new LinkedHashSet<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.toChar(b)));
    }
    for (int i = 0; i < merges.size(); i += 2) {
      tokens.add(merges.get(i) + merges.get(i + 1));
    }
    List<String> shuffled = new ArrayList<>(tokens);
    Collections.shuffle(shuffled, random);
    List<ListedModel.Entry> entries = new ArrayList<>();
    for (String token : shuffled) {
      entries.add(new ListedModel.Entry(token, entries.size()));
    }
    List<AddedToken> addedTokens = new ArrayList<>();
    for (String content : added) {
      addedTokens.add(new AddedToken(9999, content, false, false, false, false, true));
    }
    Tokenizer tokenizer =
        TinyTokenizers.of(
            addedTokens,
            null,
            new PreTokenizerSpec.ByteLevel(false, true, true),
            ListedModel.of(entries, merges, BpeModel.Options.NONE));
    return Files.write(dir.resolve(name), tokenizer.toJson());
  }

  private static List<String> merges(Random random, int count) {
    List<String> symbols = new ArrayList<>(List.of("a", "b", "c", "Ġ", "Ã", "©"));
    List<String> merges = new ArrayList<>();
    Set<String> made = new LinkedHashSet<>();
    while (made.size() < count) {
      String left = symbols.get(random.nextInt(symbols.size()));
      String right = symbols.get(random.nextInt(symbols.size()));
      if (left.length() + right.length() < 9 && made.add(left + right)) {
        merges.addAll(List.of(left, right));
        symbols.add(left + right);
      }
    }
    return merges;
  }

  private record Matrix(String name, FloatType type, float[][] rows) {}

  private static Matrix random(String name, FloatType type, int rows, Random random) {
    float[][] values = new float[rows][DIM];
    for (float[] row : values) {
      for (int i = 0; i < DIM; i++) {
        row[i] = type.nearest(random.nextGaussian());
      }
    }
    values[1][2] = -0.0f;
    return new Matrix(name, type, values);
  }

  private Path write(String name, Matrix... matrices) throws IOException {
    List<SafetensorsWriter.Matrix> shapes = new ArrayList<>();
    for (Matrix each : matrices) {
      shapes.add(new SafetensorsWriter.Matrix(each.name(), each.type(), each.rows().length, DIM));
    }
    Path file = dir.resolve(name);
    try (SafetensorsWriter out = new SafetensorsWriter(file, shapes)) {
      for (Matrix each : matrices) {
        for (float[] row : each.rows()) {
          out.write(row);
        }
      }
    }
    return file;
  }

  /** All bytes of each tensor, a row an entry, as the format's page says that they lie. */
  private static Map<String, List<String>> rowsOf(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) in.getLong(0);
    JsonNode json =
        new ObjectMapper().readTree(new String(bytes, 8, header, StandardCharsets.UTF_8));
    Map<String, List<String>> tensors = new HashMap<>();
    json.properties()
        .forEach(
            entry -> {
              if (entry.getKey().equals("__metadata__")) {
                return;
              }
              JsonNode tensor = entry.getValue();
              int rows = tensor.path("shape").path(0).asInt();
              int begin = 8 + header + tensor.path("data_offsets").path(0).asInt();
              int end = 8 + header + tensor.path("data_offsets").path(1).asInt();
              int size = (end - begin) / rows;
              List<String> all = new ArrayList<>();
              for (int at = begin; at < end; at += size) {
                StringBuilder row = new StringBuilder();
                for (int i = at; i < at + size; i++) {
                  row.append("%02x".formatted(bytes[i]));
                }
                all.add(row.toString());
              }
              tensors.put(entry.getKey(), all);
            });
    return tensors;
  }

  private Request request(Path table, Init init, Integer rows, String head) {
    return new Request(new Source(table, null, head, from), to, new NewRows(init, 0.5, 7), rows);
  }

  private ExtensionReport extend(Request request, Path file) throws IOException {
    return new EmbeddingExtension(request).writeSafetensors(file, dir.resolve("scratch"));
  }

  /** The row of an id by a search for its token and a loop over its parts. */
  private float[] twin(Tokenizer before, Tokenizer after, int id, Matrix old) {
    String token = after.token(id);
    if (token == null) {
      return id < old.rows().length && before.token(id) == null ? old.rows()[id] : new float[DIM];
    }
    for (int candidate = 0; candidate < before.idBound(); candidate++) {
      if (token.equals(before.token(candidate)) && before.isAdded(candidate) == after.isAdded(id)) {
        return old.rows()[candidate];
      }
    }
    byte[] bytes =
        after.isAdded(id) ? token.getBytes(StandardCharsets.UTF_8) : ByteAlphabet.toBytes(token);
    int[] parts = NaiveBpe.ids(before, bytes);
    float[] row = new float[DIM];
    for (int i = 0; i < DIM; i++) {
      double sum = 0;
      for (int part : parts) {
        sum += old.rows()[part][i];
      }
      row[i] = old.type().nearest(sum / parts.length);
    }
    return row;
  }

  @ParameterizedTest
  @EnumSource
  void everyRowIsTheOneOfALoopOverTheTokens(FloatType type) throws IOException {
    Random random = new Random(Seeds.next());
    for (int i = 0; i < Seeds.cases(24); i++) {
      List<String> merges = merges(random, 20);
      from = tokenizer("from.json", random, merges.subList(0, 24), "<|end|>", "é");
      List<String> others = new ArrayList<>(merges);
      others.subList(0, 2 * random.nextInt(4)).clear();
      List<String> resolved = resolvable(others);
      to = tokenizer("to.json", random, resolved, "<|user|>", "<|end|>", "ab é");
      Tokenizer before = Tokenizer.read(from);
      Tokenizer after = Tokenizer.read(to);
      Matrix table = random(TABLE, type, before.idBound() + random.nextInt(40), random);
      FloatType headType = FloatType.values()[random.nextInt(3)];
      Matrix head = random(HEAD, headType, table.rows().length, random);
      int rows = after.idBound() + random.nextInt(50);
      Path written = dir.resolve("new.safetensors");
      ExtensionReport report =
          extend(request(write("old.safetensors", table, head), Init.MEAN, rows, HEAD), written);

      Matrix expectedTable = new Matrix(TABLE, type, new float[rows][]);
      Matrix expectedHead = new Matrix(HEAD, headType, new float[rows][]);
      for (int id = 0; id < rows; id++) {
        expectedTable.rows()[id] = twin(before, after, id, table);
        expectedHead.rows()[id] = twin(before, after, id, head);
      }
      assertThat(rowsOf(written))
          .isEqualTo(rowsOf(write("expected.safetensors", expectedTable, expectedHead)));
      assertThat(report.rows()).isEqualTo(rows);
      assertThat(report.kept() + report.added() + report.padding()).isEqualTo(rows);
      assertThat(report.newRows()).hasSize(report.added());
      for (ExtensionReport.NewRow row : report.newRows()) {
        assertThat(row.token()).isEqualTo(after.token(row.id()));
        assertThat(row.madeOf().stream().mapToInt(ExtensionReport.Part::id).toArray())
            .isEqualTo(NaiveBpe.ids(before, after.bytes(row.id())));
      }
    }
  }

  /** The merges whose parts are bytes or made by an earlier one. */
  private static List<String> resolvable(List<String> merges) {
    Set<String> known = new LinkedHashSet<>(List.of("a", "b", "c", "Ġ", "Ã", "©"));
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < merges.size(); i += 2) {
      if (known.contains(merges.get(i)) && known.contains(merges.get(i + 1))) {
        kept.addAll(merges.subList(i, i + 2));
        known.add(merges.get(i) + merges.get(i + 1));
      }
    }
    return kept;
  }

  private Matrix small(FloatType type) throws IOException {
    Random random = new Random(3);
    from = tokenizer("from.json", random, List.of("a", "b"), "<|end|>");
    to = tokenizer("to.json", random, List.of("a", "b", "ab", "c"), "<|end|>", "<|user|>");
    return random(TABLE, type, Tokenizer.read(from).idBound() + 3, random);
  }

  @Test
  void theParquetTableHasTheValuesOfTheSafetensors() throws Exception {
    Path old = write("old.safetensors", small(FloatType.BF16));
    Path safe = dir.resolve("new.safetensors");
    ExtensionReport report = extend(request(old, Init.MEAN, 300, null), safe);
    Path table = dir.resolve("new.parquet");
    assertThat(
            new EmbeddingExtension(request(old, Init.MEAN, 300, null))
                .writeParquet(table, dir.resolve("scratch")))
        .isEqualTo(report);
    Path back = dir.resolve("back.safetensors");
    EmbeddingExport.writeSafetensors(table, TABLE, FloatType.BF16, back);
    assertThat(back).hasSameBinaryContentAs(safe);
    assertThat(
            Duck.query(
                "select token from '%s' where id >= %d order by id",
                table, Tokenizer.read(to).idBound() - 2))
        .startsWith("<|end|>", "<|user|>", "null");
    assertThat(
            Duck.query(
                "select decode(value) from parquet_kv_metadata('%s') where decode(key) in"
                    + " ('merganser.dtype', 'merganser.source') order by decode(key)",
                table))
        .containsExactly("BF16", "extended from old.safetensors");
  }

  @Test
  void newRowsCanBeZeroOrRandomAndThoseOfTheHeadAreOthers() throws IOException {
    Matrix table = small(FloatType.F16);
    Matrix head = new Matrix(HEAD, FloatType.F16, table.rows());
    Path old = write("old.safetensors", table, head);
    Path zero = dir.resolve("zero.safetensors");
    ExtensionReport report = extend(request(old, Init.ZERO, null, HEAD), zero);
    assertThat(report.newRows()).hasSize(2).allMatch(row -> row.madeOf().isEmpty());
    List<Integer> ids = report.newRows().stream().map(ExtensionReport.NewRow::id).toList();
    assertThat(ids).allMatch(id -> rowsOfTensor(zero, TABLE).get(id).matches("0+"));

    Path random = dir.resolve("random.safetensors");
    extend(request(old, Init.RANDOM, null, HEAD), random);
    for (String tensor : List.of(TABLE, HEAD)) {
      var normal = new NormalRandom(tensor.equals(TABLE) ? 7 : 8);
      List<String> rows = rowsOfTensor(random, tensor);
      for (int id : ids) {
        ByteBuffer expected = ByteBuffer.allocate(2 * DIM).order(ByteOrder.LITTLE_ENDIAN);
        float[] row = new float[DIM];
        for (int i = 0; i < DIM; i++) {
          row[i] = FloatType.F16.nearest(0.5 * normal.next());
        }
        FloatType.F16.put(row, DIM, expected, "");
        StringBuilder hex = new StringBuilder();
        for (byte b : expected.array()) {
          hex.append("%02x".formatted(b));
        }
        assertThat(rows.get(id)).isEqualTo(hex.toString());
      }
    }
  }

  @Test
  void randomValuesThatAreTooLargeForTheTypeAreRefused() throws IOException {
    Path old = write("old.safetensors", small(FloatType.F16));
    Path written = dir.resolve("new.safetensors");
    Request request =
        new Request(new Source(old, null, null, from), to, new NewRows(Init.RANDOM, 1e6, 7), null);
    refused(request, written).hasMessageContaining("is too large for F16; take a smaller std");
    assertThat(written).doesNotExist();
  }

  private static List<String> rowsOfTensor(Path file, String tensor) {
    try {
      return rowsOf(file).get(tensor);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPartOfAByteIsAnotherTokenThanTheCharacterOfTheSameSpelling() throws IOException {
    Random random = new Random(1);
    from = tokenizer("from.json", random, List.of());
    to = tokenizer("to.json", random, List.of(), "é€");
    Tokenizer after = Tokenizer.read(to);
    Matrix table = random(TABLE, FloatType.F32, 256, random);
    ExtensionReport report =
        extend(
            request(write("old.safetensors", table), Init.MEAN, null, null),
            dir.resolve("new.safetensors"));
    assertThat(report.kept()).isEqualTo(256);
    assertThat(report.newRows()).hasSize(1);
    ExtensionReport.NewRow row = report.newRows().get(0);
    assertThat(row.id()).isEqualTo(after.id("é€"));
    assertThat(row.madeOf())
        .extracting(ExtensionReport.Part::token)
        .containsExactly("Ã", "©", "â", "Ĥ", "¬");
  }

  @Test
  void aVocabularyOfCharactersKeepsItsMarksAndAddsTextAsItWritesIt() throws IOException {
    from = Files.write(dir.resolve("from.json"), TestTokenizers.metaspace());
    to = Files.write(dir.resolve("to.json"), TestTokenizers.metaspace("a b"));
    Tokenizer before = Tokenizer.read(from);
    Matrix table = random(TABLE, FloatType.F32, before.idBound(), new Random(2));
    ExtensionReport report =
        extend(
            request(write("old.safetensors", table), Init.MEAN, null, null),
            dir.resolve("new.safetensors"));
    assertThat(report.kept()).isEqualTo(before.idBound());
    assertThat(report.newRows()).hasSize(1);
    List<String> parts =
        report.newRows().get(0).madeOf().stream().map(ExtensionReport.Part::token).toList();
    assertThat(String.join("", parts)).isEqualTo("a▁b");
  }

  @Test
  void saysWhatIsWrongWithTheRequest() throws IOException {
    Matrix table = small(FloatType.F32);
    Path old = write("old.safetensors", table, new Matrix(HEAD, FloatType.F32, table.rows()));
    Path written = dir.resolve("new.safetensors");
    refused(request(old, Init.MEAN, 257, null), written)
        .hasMessage(
            "257 rows are asked for, and %s has 260 ids; ask for as many rows, or more", to);
    refused(request(old, Init.MEAN, null, TABLE), written)
        .hasMessageStartingWith("the table and the output head are both tensor " + TABLE);
    refused(request(old, Init.MEAN, null, "head"), written)
        .hasMessageContaining("has no tensor head; name one of its 2 tensors");
    Path npy = dir.resolve("old.npy");
    Path copy = dir.resolve("old.parquet");
    EmbeddingImport.write(new EmbeddingImport.Request(old, null, null, false), copy);
    EmbeddingExport.writeNpy(copy, FloatType.F32, npy);
    refused(request(npy, Init.MEAN, null, HEAD), written)
        .hasMessageContaining("is one array without a name");
    from = tokenizer("large.json", new Random(4), merges(new Random(4), 9));
    refused(request(old, Init.MEAN, null, null), written)
        .hasMessageContaining("has 261 rows, the tokenizer 265 ids");
  }

  @Test
  void aTokenThatTheOldVocabularyCannotWriteNeedsAnotherInit() throws IOException {
    from = Files.write(dir.resolve("from.json"), TestTokenizers.withoutUnknownToken());
    to = Files.write(dir.resolve("to.json"), TestTokenizers.metaspace("\uE001"));
    Matrix table = random(TABLE, FloatType.F32, Tokenizer.read(from).idBound(), new Random(2));
    Path old = write("old.safetensors", table);
    Path written = dir.resolve("new.safetensors");
    refused(request(old, Init.MEAN, null, null), written)
        .hasMessageContaining(
            "\"\uE001\", has no ids in the old tokenizer, so its row cannot be a");
    assertThat(extend(request(old, Init.ZERO, null, null), written).added()).isEqualTo(1);
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(Request request, Path file) {
    return assertThatThrownBy(() -> extend(request, file)).isInstanceOf(EmbeddingException.class);
  }

  @Test
  void doublesAreRefused() throws Exception {
    Matrix table = small(FloatType.F32);
    Path old = dir.resolve("doubles.parquet");
    Duck.query(
        "copy (select i as id, [i::double, 0.5] as embedding from range(%d) r(i)) to '%s'",
        table.rows().length, old);
    refused(request(old, Init.MEAN, null, null), dir.resolve("new.safetensors"))
        .hasMessageContaining("has values of 64 bits, and F32, F16 and BF16 are extended");
  }

  @Test
  void aSelectionSaysTheTypeOfItsSource() throws Exception {
    Matrix matrix = small(FloatType.BF16);
    Path old = write("old.safetensors", matrix);
    Path table = dir.resolve("selected.parquet");
    Tokenizer tokenizer = Tokenizer.read(from);
    new EmbeddingSelection(tokenizer, "ab", new int[] {2, -1})
        .write(new EmbeddingImport.Request(old, null, from, false), table, dir.resolve("s"));
    EmbeddingTable rows = EmbeddingTable.open(2, table, dir.resolve("s"));
    float[] row = new float[DIM];
    rows.row(0, row, 0);
    assertThat(row).containsExactly(matrix.rows()[2]);
    rows.row(1, row, 0);
    assertThat(row).containsOnly(0);
    assertThat(
            Duck.query(
                "select decode(value) from parquet_kv_metadata('%s') where decode(key) ="
                    + " 'merganser.dtype'",
                table))
        .containsExactly("BF16");
  }

  @Test
  void theOldTableIsReadAsItIs() throws IOException {
    Path old = write("old.safetensors", small(FloatType.F32));
    Path table = dir.resolve("new.parquet");
    new EmbeddingExtension(request(old, Init.MEAN, null, null))
        .writeParquet(table, dir.resolve("s"));
    to = from;
    Path same = dir.resolve("same.safetensors");
    int rows = Tokenizer.read(from).idBound() + 3;
    extend(request(old, Init.MEAN, rows, null), same);
    assertThat(same).hasSameBinaryContentAs(old);
    assertThat(EmbeddingTable.open(0, table, dir.resolve("s")).rows()).isEqualTo(260);
  }
}

package org.merganser.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.fields;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.settings;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.parquet.CheckedPages;
import org.merganser.parquet.HandmadeParquet;
import org.merganser.shard.Duck;

class ParquetReadingTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message hf {
            required int32 number;
            optional binary text (STRING);
            optional group meta { optional binary id (STRING); optional binary lang (STRING); }
            repeated binary tags (STRING);
            required binary url (STRING);
          }
          """);

  @TempDir Path folder;

  /** Writes rows "text i" with many row groups. */
  static Path write(Path path, int rows, CompressionCodecName codec) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(codec)
            .withRowGroupSize(4096L)
            .withPageSize(512)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int i = 0; i < rows; i++) {
        SimpleGroup row = new SimpleGroup(SCHEMA);
        row.add("number", i);
        if (i % 50 != 7) {
          row.add("text", "text " + i + " é" + (i % 3 == 0 ? "" : "x".repeat(i % 40)));
        }
        Group meta = row.addGroup("meta");
        if (i % 5 != 0) {
          meta.add("id", "id" + i);
        }
        meta.add("lang", i % 2 == 0 ? "en" : "de");
        row.add("tags", "a");
        row.add("tags", "b");
        row.add("url", "http://example.org/" + i);
        writer.write(row);
      }
    }
    return path;
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
  void readsTextIdAndGroupOfEveryRow(CompressionCodecName codec) throws IOException {
    Path path = write(folder.resolve("a.parquet"), 200, codec);
    Reading reading = Reading.of(fields(path, "text", "meta.id", "meta.lang"));
    assertThat(reading.documents).hasSize(196);
    assertThat(reading.reasons()).hasSize(4).containsOnly("missing-text");
    assertThat(reading.letters.get(1).offset()).isEqualTo(57);
    assertThat(reading.documents.get(1).string()).isEqualTo("text 1 éx");
    assertThat(reading.ids().subList(0, 3)).containsExactly("a.parquet#0", "id1", "id2");
    assertThat(reading.documents.get(1).group()).isEqualTo("de");
    assertThat(reading.receipts.get(0).sum().sha256())
        .isEqualTo(UnitReaderTest.sha256(Files.readAllBytes(path)));
  }

  @Test
  void takesNumbersAsIdsAndOneColumnForTwoThings() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 3, CompressionCodecName.UNCOMPRESSED);
    Reading reading = Reading.of(fields(path, "url", "number", "number"));
    assertThat(reading.ids()).containsExactly("0", "1", "2");
    assertThat(reading.documents.get(2).group()).isEqualTo("2");
    Reading same = Reading.of(fields(path, "url", "url", "url"));
    assertThat(same.ids()).isEqualTo(same.texts());
  }

  @Test
  void givesTheSameRowsHoweverTheFileIsCut() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 300, CompressionCodecName.SNAPPY);
    CorpusSettings settings = settings(InputFormat.PARQUET, path);
    Reading whole = Reading.of(settings);
    long size = Files.size(path);
    for (int n : new int[] {2, 3, 17}) {
      List<Long> cuts = new ArrayList<>();
      for (int i = 1; i < n; i++) {
        cuts.add(size * i / n);
      }
      Reading split = Reading.split(settings, null, cuts);
      assertThat(split.documents.stream().map(Reading.Doc::key))
          .isEqualTo(whole.documents.stream().map(Reading.Doc::key).toList());
      assertThat(split.letters).hasSameSizeAs(whole.letters);
      assertThat(split.rawBytes()).isEqualTo(size);
    }
  }

  @Test
  void makesTheFileADeadLetterWhereTheColumnIsMissingOrNoString() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 30, CompressionCodecName.SNAPPY);
    Reading missing = Reading.of(fields(path, "content", "id", null));
    assertThat(missing.reasons()).containsExactly("missing-text");
    assertThat(missing.letters.get(0).detail())
        .isEqualTo(
            "there is no column content (corpus.textField); the file has the columns number, text,"
                + " meta, tags, url");
    assertThat(missing.letters.get(0).records()).isEqualTo(30);
    assertThat(missing.receipts.get(0).records()).isEqualTo(30);
    assertThat(Reading.of(fields(path, "number", "id", null)).reasons())
        .containsExactly("text-not-string");
  }

  @Test
  void takesElementsOfListsAndJoinsColumns() throws IOException, SQLException {
    Path path = folder.resolve("lists.parquet");
    Duck.query(
        """
        COPY (SELECT * FROM (VALUES
          (1, [{'role': 'user', 'content': 'one'}, {'role': 'bot', 'content': 'two'}],
           ['a', 'b'], [[7, 8]], 'T', 'dotted'),
          (2, [{'role': 'user', 'content': 'alone'}], [], [], NULL, 'x'),
          (3, NULL, ['c', NULL], NULL, 'U', NULL))
          t(n, messages, tags, deep, title, "meta.body")) TO '%s' (FORMAT parquet)
        """
            .formatted(path));
    Reading first = Reading.of(fields(path, "messages[0].content", "deep[0][1]", "tags[0]"));
    assertThat(first.texts()).containsExactly("one", "alone");
    assertThat(first.ids()).containsExactly("8", "lists.parquet#1");
    assertThat(first.documents.stream().map(Reading.Doc::group)).containsExactly("a", null);
    assertThat(first.letters)
        .extracting(DeadLetter::detail)
        .containsExactly("column messages[0].content is null");
    assertThat(Reading.of(fields(path, "messages[1].content", "n", null)).ids())
        .containsExactly("1");
    assertThat(Reading.of(fields(path, "messages.list[1].element.content", "n", null)).texts())
        .as("the columns as the file has them")
        .containsExactly("two");
    assertThat(Reading.of(fields(path, "[\"meta.body\"]", "n", null)).texts())
        .containsExactly("dotted", "x");
    assertThat(Reading.of(fields(path, "meta.body", "n", null)).reasons())
        .containsExactly("missing-text");
    Reading joined = Reading.of(fields(path, "{title?}/{n}: {tags[0]?}", "{n}-{title}", null));
    assertThat(joined.texts()).containsExactly("T/1: a", "/2: ", "U/3: c");
    assertThat(joined.ids()).containsExactly("1-T", "lists.parquet#1", "3-U");
    Reading partly = Reading.of(fields(path, "{title}{n}", "n", null));
    assertThat(partly.texts()).containsExactly("T1", "U3");
    assertThat(partly.letters)
        .extracting(DeadLetter::detail)
        .containsExactly("column title is null");
    Reading unknown = Reading.of(fields(path, "{titel}{n}", "n", null));
    assertThat(unknown.letters.get(0).detail())
        .startsWith("there is no column titel (corpus.textField); the file has the columns n,");
    assertThat(unknown.letters.get(0).records()).isEqualTo(3);
    assertThat(Reading.of(fields(path, "{n}{tags?}", "n", null)).letters.get(0).detail())
        .startsWith("column tags is ")
        .endsWith(", not a string, an integer or a boolean");
  }

  @Test
  void takesElementsOfTheListsOfOlderWriters() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message old {
              repeated binary bare (STRING);
              optional group two (LIST) { repeated binary element (STRING); }
              optional group pairs (LIST) { repeated group array { required binary a (STRING); } }
            }
            """);
    Path path = folder.resolve("old.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      SimpleGroup row = new SimpleGroup(schema);
      row.append("bare", "b0").append("bare", "b1");
      row.addGroup("two").append("element", "t0").append("element", "t1");
      Group pairs = row.addGroup("pairs");
      pairs.addGroup("array").append("a", "p0");
      pairs.addGroup("array").append("a", "p1");
      writer.write(row);
    }
    assertThat(Reading.of(fields(path, "bare[1]", "two[1]", "pairs[1].a")).documents)
        .extracting(Reading.Doc::string, Reading.Doc::id, Reading.Doc::group)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("b1", "t1", "p1"));
    assertThat(Reading.of(fields(path, "bare", "x", null)).texts()).containsExactly("b0\nb1");
    assertThat(Reading.of(fields(path, "two", "x", null)).texts()).containsExactly("t0\nt1");
    assertThat(Reading.of(fields(path, "pairs", "x", null)).reasons())
        .containsExactly("text-not-string");
    assertThat(Reading.of(fields(path, "bare[2]", "x", null)).reasons())
        .containsExactly("missing-text");
  }

  @Test
  void aFileWithTwoColumnsOfOneNameIsADeadLetterThatNamesIt() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 30, CompressionCodecName.SNAPPY);
    String bytes = Files.readString(path, StandardCharsets.ISO_8859_1);
    Files.writeString(path, bytes.replace("tags", "text"), StandardCharsets.ISO_8859_1);
    Reading twice = Reading.of(fields(path, "text", "id", null));
    assertThat(twice.reasons()).containsExactly("undecodable");
    assertThat(twice.letters.get(0).detail())
        .isEqualTo("the file has two columns of the name text; rename one of them");
    assertThat(twice.letters.get(0).records()).isEqualTo(30);
    assertThat(Reading.of(fields(path, "meta.lang", "meta.id", null)).reasons())
        .as("columns that are not read may have one name")
        .isEmpty();
  }

  @Test
  void aListWithTwoFieldsOfOneNameIsADeadLetterThatNamesThem() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message chats {
              optional group turns (LIST) {
                repeated group list {
                  optional group element {
                    optional binary texu (STRING);
                    optional binary text (STRING);
                  }
                }
              }
            }
            """);
    Path path = folder.resolve("a.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      SimpleGroup row = new SimpleGroup(schema);
      row.addGroup("turns").addGroup("list").addGroup("element").append("texu", "a");
      writer.write(row);
    }
    String bytes = Files.readString(path, StandardCharsets.ISO_8859_1);
    Files.writeString(path, bytes.replace("texu", "text"), StandardCharsets.ISO_8859_1);
    Reading reading = Reading.of(fields(path, "turns[0].text", "id", null));
    assertThat(reading.reasons()).containsExactly("undecodable");
    assertThat(reading.letters.get(0).detail())
        .isEqualTo("the file has two columns of the name turns[0].text; rename one of them");
  }

  @Test
  void makesADamagedFileADeadLetter() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 100, CompressionCodecName.SNAPPY);
    byte[] bytes = Files.readAllBytes(path);
    file(folder, "b.parquet", Arrays.copyOf(bytes, bytes.length / 2));
    file(folder, "c.parquet", "x".getBytes(StandardCharsets.UTF_8));
    file(folder, "d.parquet.gz", Compressed.of(Compression.GZIP, bytes));
    for (String name : List.of("b.parquet", "c.parquet", "d.parquet.gz")) {
      Reading reading = Reading.of(settings(InputFormat.AUTO, folder.resolve(name)));
      assertThat(reading.documents).isEmpty();
      assertThat(reading.reasons()).as(name).containsExactly("corrupt");
    }
  }

  /** What is done to a good file, and what is said of it. */
  private record Damage(String name, UnaryOperator<byte[]> of, String detail) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static byte[] with(byte[] bytes, int at, String text) {
    byte[] changed = bytes.clone();
    byte[] put = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(put, 0, changed, at < 0 ? bytes.length + at : at, put.length);
    return changed;
  }

  static List<Damage> damages() {
    return List.of(
        new Damage("empty", b -> new byte[0], "the file is empty, not even"),
        new Damage("magicAlone", b -> Arrays.copyOf(b, 4), "truncated at 4 bytes"),
        new Damage("twoMagics", b -> "PAR1PAR1".getBytes(StandardCharsets.UTF_8), "truncated at 8"),
        new Damage(
            "noTail", b -> Arrays.copyOf(b, b.length - 1), "has no footer: it was truncated"),
        new Damage(
            "truncatedFooter",
            b -> {
              byte[] cut = Arrays.copyOf(b, b.length - 100);
              System.arraycopy(b, b.length - 8, cut, cut.length - 8, 8);
              return cut;
            },
            "the footer is damaged"),
        new Damage("footerOfNothing", b -> with(b, -8, "\0\0\0\0"), "the footer is damaged"),
        new Damage("hugeFooter", b -> with(b, -8, "\u00ff\u00ff\u00ff\u007f"), "footer is damaged"),
        new Damage("negativeFooter", b -> with(b, -8, "\u00ff\u00ff\u00ff\u00ff"), "is damaged"),
        new Damage(
            "shreddedFooter", b -> with(b, -60, "\u00ff".repeat(52)), "the footer is damaged"),
        new Damage("noEnds", b -> Arrays.copyOfRange(b, 9, b.length - 1), "not begin with PAR1"),
        new Damage("encrypted", b -> with(with(b, 0, "PARE"), -4, "PARE"), "decrypt the file"),
        new Damage("encryptedTail", b -> with(b, -4, "PARE"), "the footer is encrypted (PARE)"),
        new Damage("text", b -> "a plain text".getBytes(StandardCharsets.UTF_8), "is not Parquet"));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void saysWhatIsWrongWithADamagedFileAndReadsOn(Damage damage) throws IOException {
    Path path = write(folder.resolve("a.parquet"), 100, CompressionCodecName.SNAPPY);
    Files.write(path, damage.of.apply(Files.readAllBytes(path)));
    write(folder.resolve("b.parquet"), 1, CompressionCodecName.SNAPPY);
    Reading reading = Reading.of(fields(folder, "text", "number", null));
    assertThat(reading.ids()).containsExactly("0");
    assertThat(reading.reasons()).containsExactly("corrupt");
    DeadLetter letter = reading.letters.get(0);
    assertThat(letter.file()).isEqualTo("a.parquet");
    assertThat(letter.detail()).contains(damage.detail);
    assertThat(letter.length()).isEqualTo(Files.size(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "required int32 text",
        "required int64 text",
        "required double text",
        "required boolean text",
        "required int96 text",
        "required fixed_len_byte_array(4) text",
        "required binary text (BSON)",
        "required binary text (DECIMAL(9,2))",
        "optional group text { optional binary a (STRING); }"
      })
  void aColumnOfAnotherTypeMakesTheFileADeadLetterThatNamesIt(String column) throws IOException {
    String field = column.endsWith("}") ? column : column + ";";
    MessageType schema = MessageTypeParser.parseMessageType("message m { " + field + " }");
    Path path = folder.resolve("a.parquet");
    ExampleParquetWriter.builder(new LocalOutputFile(path))
        .withConf(new PlainParquetConfiguration())
        .withType(schema)
        .build()
        .close();
    Reading reading = Reading.of(settings(InputFormat.AUTO, path));
    assertThat(reading.reasons()).containsExactly("text-not-string");
    assertThat(reading.letters.get(0).file()).isEqualTo("a.parquet");
    assertThat(reading.letters.get(0).detail())
        .startsWith("column text is \"" + column.substring(0, column.indexOf("text")))
        .endsWith("not a string");
  }

  @Test
  void countsTheRowsOfADamagedRowGroupAndReadsOnAfterIt() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 300, CompressionCodecName.SNAPPY);
    Reading whole = Reading.of(fields(path, "text", "number", null));
    byte[] bytes = Files.readAllBytes(path);
    Arrays.fill(bytes, 5, 400, (byte) 0x7F);
    Files.write(path, bytes);
    Reading reading = Reading.of(fields(path, "text", "number", null));
    assertThat(reading.ids()).endsWith("299").doesNotContain("0");
    assertThat(reading.letters.get(0).reason()).isEqualTo(DeadLetter.Reason.UNDECODABLE);
    assertThat(reading.letters.get(0).records()).isGreaterThan(1);
    assertThat(reading.receipts.get(0).records()).isEqualTo(300);
    assertThat(whole.receipts.get(0).records()).isEqualTo(300);
    assertThat(reading.letters.get(0).detail())
        .startsWith(reading.letters.get(0).records() + " rows from row 0 on cannot be decoded: ");
  }

  /** Parquet's reader would take two gigabytes of heap for it. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1 << 20})
  void countsTheRowsOfAPageThatIsLongerThanItsColumnChunk(int size) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required binary text (STRING); }");
    Path path = folder.resolve("a.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withRowGroupSize(1000L)
            .withMinRowCountForPageSizeCheck(1)
            .withDictionaryEncoding(false)
            .build()) {
      for (int i = 0; i < 100; i++) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("text", i + "x".repeat(30));
        writer.write(row);
      }
    }
    byte[] bytes = Files.readAllBytes(path);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, 4, bytes.length - 4);
    PageHeader header = Util.readPageHeader(in);
    header.setCompressed_page_size(size);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writePageHeader(header, out);
    System.arraycopy(out.toByteArray(), 0, bytes, 4, out.size());
    Files.write(path, bytes);
    CorpusSettings settings = settings(InputFormat.AUTO, path);
    Reading reading = Reading.of(settings);
    assertThat(reading.texts()).hasSizeBetween(1, 99).endsWith("99" + "x".repeat(30));
    assertThat(reading.reasons()).containsExactly("undecodable");
    DeadLetter letter = reading.letters.get(0);
    assertThat(letter.records()).isEqualTo(100 - reading.documents.size());
    assertThat(letter.detail())
        .contains("a page of text has " + size + " bytes, and its column chunk has ");
    assertThat(RecordSample.of(CorpusPlanner.list(settings).get(0))).isEmpty();
  }

  @Test
  void countsTheRowsOfAFileWithoutTheTextColumnHoweverItIsCut() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 300, CompressionCodecName.SNAPPY);
    long size = Files.size(path);
    Reading split =
        Reading.split(fields(path, "body", "id", null), null, List.of(size / 3, size / 2));
    assertThat(split.receipts.stream().mapToLong(r -> r.records()).sum()).isEqualTo(300);
    assertThat(split.reasons()).containsOnly("missing-text").hasSizeGreaterThan(1);
    long next = 0;
    for (DeadLetter letter : split.letters) {
      assertThat(letter.offset()).isEqualTo(next);
      next += letter.records();
    }
  }

  @Test
  void namesACodecThatItLacksAndCountsItsRows() throws IOException, SQLException {
    Path path = folder.resolve("a.parquet");
    Duck.query(
        "copy (select 'text ' || i as text, i as id from range(5000) t(i)) to '%s' (format parquet,"
            + " codec 'brotli', row_group_size 2048)",
        path);
    Reading reading = Reading.of(settings(InputFormat.AUTO, path));
    assertThat(reading.documents).isEmpty();
    assertThat(reading.reasons()).containsOnly("undecodable");
    assertThat(reading.receipts.get(0).records()).isEqualTo(5000);
    assertThat(reading.letters.get(0).detail())
        .startsWith("column text is compressed with BROTLI, which this build cannot decompress");
  }

  @Test
  void namesAnEncryptedColumnAndCountsItsRows() throws IOException {
    Path path = Files.write(folder.resolve("a.parquet"), HandmadeParquet.encryptedColumn());
    Reading reading = Reading.of(settings(InputFormat.AUTO, path));
    assertThat(reading.documents).isEmpty();
    assertThat(reading.reasons()).containsExactly("undecodable");
    assertThat(reading.receipts.get(0).records()).isEqualTo(2);
    assertThat(reading.letters.get(0).detail())
        .isEqualTo("column text is encrypted; write the file again without encryption");
  }

  /** A file of 300 bytes must not take the memory of a billion values. */
  @Test
  void aRowOfMoreValuesThanARecordMayHaveIsADeadLetter() throws IOException {
    int most = (int) CheckedPages.MOST_VALUES_OF_A_RECORD;
    for (int values : new int[] {3, most + 1, 1_000_000_000}) {
      Path path =
          Files.write(folder.resolve(values + ".parquet"), HandmadeParquet.listOfNulls(values));
      assertThat(Files.size(path)).isLessThan(400);
      Reading reading = Reading.of(fields(path, "tags[0].text", "id", null));
      assertThat(reading.documents).isEmpty();
      assertThat(reading.receipts.get(0).records()).isEqualTo(1);
      assertThat(reading.letters.get(0).detail())
          .isEqualTo(
              values == 3
                  ? "column tags[0].text is null"
                  : "1 rows from row 0 on cannot be decoded: column tags.text: a row has more than"
                      + " 1048576 values");
    }
  }

  /** The footer says that there is one row, and the levels begin two. */
  @Test
  void moreRowsThanTheFooterSaysAreDamage() throws IOException {
    Path path = folder.resolve("a.parquet");
    Files.write(path, HandmadeParquet.lists(1, 0, 1, 0));
    Reading reading = Reading.of(fields(path, "tags[0].text", "id", null));
    assertThat(reading.letters.get(0).detail())
        .endsWith("column tags.text: it has more rows than its row group, 1");
  }

  @Test
  void readsNoPageWhoseChecksumFails() throws IOException {
    Path path = write(folder.resolve("a.parquet"), 300, CompressionCodecName.UNCOMPRESSED);
    byte[] bytes = Files.readAllBytes(path);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("text 1 ");
    bytes[at + 5] = '7';
    Files.write(path, bytes);
    Reading reading = Reading.of(fields(path, "text", "number", null));
    assertThat(reading.ids()).doesNotContain("1").endsWith("299");
    assertThat(reading.letters.get(0).reason()).isEqualTo(DeadLetter.Reason.UNDECODABLE);
    assertThat(reading.receipts.get(0).records()).isEqualTo(300);
  }

  @Test
  void dividesInvalidUtf8FromTheRest() throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { required binary text; }");
    Path path = folder.resolve("a.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (byte[] text : new byte[][] {{'a'}, {(byte) 0xFF}, {}}) {
        SimpleGroup row = new SimpleGroup(schema);
        row.add("text", Binary.fromConstantByteArray(text));
        writer.write(row);
      }
    }
    Reading reading = Reading.of(settings(InputFormat.AUTO, path));
    assertThat(reading.texts()).containsExactly("a", "");
    assertThat(reading.ids()).containsExactly("a.parquet#0", "a.parquet#2");
    assertThat(reading.reasons()).containsExactly("invalid-utf8");
  }
}

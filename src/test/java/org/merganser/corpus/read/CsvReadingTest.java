package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.merganser.corpus.read.Reading.fields;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.shard.Duck;

class CsvReadingTest {
  @TempDir Path folder;

  private Reading read(String name, String content) throws IOException {
    return Reading.of(settings(InputFormat.AUTO, file(folder, name, content)));
  }

  @Test
  void readsQuotedFieldsWithCommasQuotesAndLineEnds() throws IOException {
    Reading reading =
        read(
            "a.csv",
            "\uFEFF\"id\",text,lang\r\n1,\"one, \"\"two\"\"\r\nthree\",en\r\n,plain \"as it is\",\n"
                + "3,,de\n\n4,\"\",\"\"");
    assertThat(reading.texts())
        .containsExactly("one, \"two\"\r\nthree", "plain \"as it is\"", "", "");
    assertThat(reading.ids()).containsExactly("1", "a.csv#47", "3", "4");
    assertThat(reading.letters).isEmpty();
    assertThat(reading.receipts.get(0).blank()).isEqualTo(1);
    assertThat(reading.receipts.get(0).records()).isEqualTo(5);
    assertThat(reading.rawBytes()).isEqualTo(Files.size(folder.resolve("a.csv")));
  }

  @Test
  void readsTabsAndTemplatesAndColumnsWithDots() throws IOException {
    Path path = file(folder, "a.tsv", "meta.body\ttitle\tn\n\"a\tb\"\tT\t1\nc, d\tU\t2\n");
    assertThat(Reading.of(fields(path, "meta.body", "n", "title")).documents)
        .extracting(Reading.Doc::string, Reading.Doc::id, Reading.Doc::group)
        .containsExactly(tuple("a\tb", "1", "T"), tuple("c, d", "2", "U"));
    Reading joined = Reading.of(fields(path, "{title}: {[\"meta.body\"]}{x?}", "{n}/{y}", null));
    assertThat(joined.texts()).containsExactly("T: a\tb", "U: c, d");
    assertThat(joined.ids()).containsExactly("a.tsv#18", "a.tsv#28");
  }

  @Test
  void aBadRecordIsADeadLetterWithItsPlaceAndTakesNoOtherWithIt() throws IOException {
    Reading reading =
        read(
            "a.csv",
            "id,text\n1,one\n2,\"stray\" quote\n3,three\n4,\"never closed\n5,five\n6,six,seven\n7\n"
                + "8,ei\rght\n9,nine\n");
    assertThat(reading.texts()).containsExactly("one", "three", "five", "nine");
    assertThat(reading.letters)
        .extracting(DeadLetter::offset, l -> new String(l.raw(), UTF_8), DeadLetter::detail)
        .containsExactly(
            tuple(14L, "2,\"stray\" quote", wrongQuotes()),
            tuple(38L, "4,\"never closed", wrongQuotes()),
            tuple(61L, "6,six,seven", "the record has 3 fields, the header has 2"),
            tuple(73L, "7", "the record has 1 fields, the header has 2"),
            tuple(75L, "8,ei\rght", "a carriage return without a line feed ends no record"));
    assertThat(reading.reasons()).containsOnly("invalid-csv");
  }

  private static String wrongQuotes() {
    return "something follows a closing quote, or a quote is not closed; a quote within quotes is"
        + " written twice";
  }

  @Test
  void aMissingOrDoubleColumnMakesEachRecordADeadLetter() throws IOException {
    Reading missing = read("a.csv", "id/body\n1/one\n2/two\n");
    assertThat(missing.reasons()).containsExactly("missing-text", "missing-text");
    assertThat(missing.letters.get(0).detail())
        .isEqualTo(
            "there is no column text (corpus.textField); the first row names the columns id/body if"
                + " commas separate them");
    Reading twice = read("b.csv", "text,text\n1,one\n");
    assertThat(twice.letters.get(0).detail())
        .contains(
            "the columns 1 and 2 have one name, \"text\", and the job reads a column of this name;"
                + " rename all but one");
    assertThat(twice.reasons()).containsExactly("invalid-csv", "invalid-csv");
    assertThat(read("c.csv", "").receipts.get(0).records()).isZero();
    assertThat(read("d.csv", "id,text\n").receipts.get(0).records()).isZero();
    Reading headless = read("f.csv", "7,a record and no header\n\n");
    assertThat(headless.reasons()).containsExactly("missing-text");
    assertThat(headless.letters.get(0).detail())
        .startsWith("there is no column text")
        .endsWith("; the first row names the columns 7, a record and no header");
    Reading broken = read("e.csv", "\"id\"x,text\n1,one\n");
    assertThat(broken.letters).hasSize(2);
    assertThat(broken.letters.get(1).detail())
        .startsWith("the file has no header that can be read: something follows a closing quote");
  }

  /** As of spam.csv, whose rows end with commas. */
  @Test
  void columnsThatShareANameAreNoFieldsAndHarmlessUnlessTheJobReadsThem() throws IOException {
    Path path = file(folder, "a.csv", "v1,v2,n,n,,,\nham,one,1,2,,,\nspam,two\nspam,two,3,,x,,\n");
    Reading reading = Reading.of(fields(path, "v2", "id", "v1"));
    assertThat(reading.texts()).containsExactly("one", "two");
    assertThat(reading.reasons()).containsExactly("invalid-csv");
    CorpusSettings settings = settings(InputFormat.AUTO, path);
    assertThat(RecordSample.of(CorpusPlanner.list(settings).get(0)))
        .extracting(Object::toString)
        .containsExactly("{v1=ham, v2=one}", "{v1=spam, v2=two}");
    assertThat(Reading.of(settings).letters.get(0).detail())
        .endsWith("names the columns v1, v2, n, n, and 3 others have no name");
    assertThat(Reading.of(fields(path, "v2", "n", null)).letters.get(0).detail())
        .contains("the columns 3 and 4 have one name, \"n\", and the job reads");
    assertThat(Reading.of(fields(path, "[\"\"]", "id", null)).letters.get(0).detail())
        .contains("the columns 5, 6 and 7 have one name, \"\", and the job reads");
  }

  @Test
  void saysOfJsonLinesWhichFormatTheyHave() throws IOException {
    for (String lines :
        List.of("{\"text\": \"one\"}\n{\"text\": \"two\"}\n", "{\"a\":1,\"text\":\"b\"}\n{}\n")) {
      assertThat(Reading.of(settings(InputFormat.CSV, file(folder, "a.csv", lines))).letters)
          .isNotEmpty()
          .allMatch(
              letter ->
                  letter.detail().endsWith("; if these are JSON lines, use the format jsonl"));
    }
  }

  @Test
  void saysOfATableWhichFormatItHasIfItIsReadAsJsonLines() throws IOException {
    Map<String, String> formats =
        Map.of("id,text\n1,one\n", "csv", "\"id\",\"text\"\n", "csv", "id\ttext, or not\n", "tsv");
    formats.forEach(
        (table, format) ->
            assertThat(detailsAsJsonLines(table).get(0))
                .startsWith("not JSON: ")
                .endsWith("; if this is the header of a table, use the format " + format));
    assertThat(detailsAsJsonLines("{\"text\": \"a,b\"}\nid,text\n").get(0))
        .isEqualTo("not JSON: expected a value, at byte 0 of the line");
    assertThat(detailsAsJsonLines("{\"text\": 1,, 2}\n").get(0)).doesNotContain("table");
    assertThat(detailsAsJsonLines("one word\n").get(0)).doesNotContain("table");
  }

  private List<String> detailsAsJsonLines(String content) {
    try {
      Reading reading = Reading.of(settings(InputFormat.JSONL, file(folder, "a.x", content)));
      return reading.letters.stream().map(DeadLetter::detail).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void namesTheLineOfExcelAndAHeaderOfSemicolonsWithAComma() throws IOException {
    for (String file : List.of("sep=;\nid;text\n1;one\n", "sep=,\nid,x,text\n1,y,one\n")) {
      Reading excel = read("a.csv", file);
      assertThat(excel.texts()).isEmpty();
      assertThat(excel.letters.get(1).detail())
          .endsWith("the line sep= is for Excel alone; delete it (tail -n +2 FILE)");
    }
    assertThat(read("b.csv", "id;text, in full\n1;one, two\n").letters.get(0).detail())
        .endsWith(
            "columns id;text,  in full if commas separate them; if semicolons do, put the"
                + " comma into quotes");
  }

  /** As where each line end was made that of Windows twice. */
  @Test
  void aFirstLineOfCarriageReturnsIsNoHeader() throws IOException {
    Reading reading = read("a.csv", "\r\r\r\ntext\r\r\none\r\r\n");
    assertThat(reading.texts()).isEmpty();
    assertThat(reading.letters)
        .hasSize(3)
        .extracting(DeadLetter::detail)
        .containsOnly("the file has no header that can be read: its line names no column");
  }

  @Test
  void textThatIsNotUtf8IsTreatedAsInOtherFormats() throws IOException {
    Path path = file(folder, "a.csv", "id,text\n1,\"\u00e9\u0080\"\n2,fine\n".getBytes(ISO_8859_1));
    assertThat(Reading.of(settings(InputFormat.CSV, path)).reasons())
        .containsExactly("invalid-utf8");
    Reading raw = Reading.of(limited(InputFormat.CSV, 1 << 20, InvalidUtf8.BYTES, path));
    assertThat(raw.documents.get(0).text()).isEqualTo("\u00e9\u0080".getBytes(ISO_8859_1));
    Path utf16 = file(folder, "b.csv", "\uFEFFid,text\n1,one\n".getBytes(UTF_16LE));
    assertThat(Reading.of(settings(InputFormat.CSV, utf16)).letters.get(0).detail())
        .startsWith("the file is text in UTF-16LE, which is not read");
    assertThat(Reading.of(settings(InputFormat.AUTO, utf16)).reasons())
        .containsExactly("unsupported");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void readsCompressedFilesAndSaysWhereOneIsCut(Compression compression) throws IOException {
    String content = "id,text\n" + "7,\"a line\nand another\"\n".repeat(2000);
    byte[] bytes = Compressed.of(compression, content.getBytes(UTF_8));
    Path path = file(folder, "a.csv." + compression, bytes);
    assertThat(Reading.of(settings(InputFormat.CSV, path)).documents).hasSize(2000);
    Files.write(path, Arrays.copyOf(bytes, bytes.length - 5));
    Reading cut = Reading.of(settings(InputFormat.CSV, path));
    assertThat(cut.letters.get(cut.letters.size() - 1).reason().label())
        .isIn("truncated", "corrupt", "invalid-csv");
    assertThat(cut.letters).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '~',
      value = {
        "id;text#1;a, \"b\" c#CSV_WITH_SEMICOLONS",
        "id|text#1|a, b;c#CSV_WITH_BARS",
        "id\ttext#1\ta#CSV_WITH_TABS",
        "id,text;x|y|z\tw#1,a#CSV",
        "\"a,b\";text#1;a#CSV_WITH_SEMICOLONS",
        "text#a#CSV",
        "id;text|x;y#1;a;2#CSV_WITH_SEMICOLONS"
      })
  void theHeaderWithoutACommaDecidesTheSeparator(String header, String record, InputFormat format)
      throws IOException {
    for (InputFormat wanted : List.of(InputFormat.AUTO, InputFormat.CSV)) {
      for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
        byte[] stored = Compressed.of(compression, (header + "\n" + record + "\n").getBytes(UTF_8));
        Path path = file(folder, "a.csv" + (compression == Compression.NONE ? "" : ".gz"), stored);
        CorpusSettings settings = settings(wanted, path);
        InputFile file = CorpusPlanner.list(settings).get(0);
        assertThat(file.format()).isEqualTo(format);
        if (header.matches("\\w+([;|\t,])text")) {
          assertThat(Reading.of(settings).texts()).containsExactly(record.substring(2));
          assertThat(RecordSample.of(file))
              .first()
              .hasToString("{id=1, text=%s}", record.substring(2));
        }
      }
    }
    Path tsv = file(folder, "a.tsv", header + "\n" + record + "\n");
    assertThat(CorpusPlanner.list(settings(InputFormat.AUTO, tsv)).get(0).format())
        .isEqualTo(InputFormat.TSV);
    Path text = file(folder, "a.txt", header + "\n" + record + "\n");
    assertThat(CorpusPlanner.list(settings(InputFormat.AUTO, text)).get(0).format())
        .isEqualTo(InputFormat.TEXT);
  }

  @Test
  void aColumnWithoutANameIsToldAsThat() throws IOException {
    Path path = file(folder, "a.csv", ",body\n0,a\n");
    assertThat(Reading.of(settings(InputFormat.AUTO, path)).letters.get(0).detail())
        .contains("the columns \"\" (no name, as the index of a pandas table), body");
  }

  @Test
  void boundsARecordOfManyLinesAndOneOfManyBytes() throws IOException {
    String open = "id,text\n1,\"open\n" + "2,b\n".repeat(2000);
    Path path = file(folder, "a.csv", open + "3,\"c\"\n" + "4,d\n".repeat(100_000));
    Reading reading = Reading.of(limited(InputFormat.CSV, 4096, InvalidUtf8.DEAD_LETTER, path));
    assertThat(reading.documents).hasSize(102_001);
    assertThat(reading.reasons()).containsExactly("invalid-csv");
    Path long1 = file(folder, "b.csv", "id,text\n1,\"" + "x".repeat(200_000) + "\"\n2,y\n");
    Reading large = Reading.of(limited(InputFormat.CSV, 4096, InvalidUtf8.DEAD_LETTER, long1));
    assertThat(large.reasons()).containsExactly("too-large");
    assertThat(large.texts()).containsExactly("y");
  }

  /** Quotes that open on each line and close on the next: a scan for each would take minutes. */
  @Test
  void scansLinesOfStrayQuotesAFewTimesAndNoMore() throws IOException {
    int lines = 150_000;
    Path path = file(folder, "a.csv", "text\n" + "a\",\"b\n".repeat(lines));
    CorpusSettings settings = limited(InputFormat.CSV, 1 << 24, InvalidUtf8.DEAD_LETTER, path);
    AtomicLong letters = new AtomicLong();
    DocumentHandler counting =
        new DocumentHandler() {
          @Override
          public void document(Document document) {
            throw new AssertionError(document.id);
          }

          @Override
          public void deadLetter(DeadLetter letter) {
            letters.incrementAndGet();
          }
        };
    for (WorkUnit unit : CorpusPlanner.plan(CorpusPlanner.list(settings))) {
      new UnitReader(settings, null).read(unit, counting);
    }
    assertThat(letters.get()).isEqualTo(lines);
  }

  @Test
  void isNeverReadInRanges() throws IOException {
    Path path = file(folder, "a.csv", "id,text\n" + "1,\"x\ny\"\n".repeat(2_000_000));
    assertThat(CorpusPlanner.plan(CorpusPlanner.list(settings(InputFormat.AUTO, path)))).hasSize(1);
  }

  /** The slow twin: whole file in memory, a character at a time, by the rules of the page. */
  private static List<String> naive(String text, int limit, List<String> raw) {
    List<String> records = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      int firstLine = -1;
      boolean field = true;
      boolean quoted = false;
      boolean wrong = false;
      StringBuilder cells = new StringBuilder();
      while (end < text.length()
          && (quoted || text.charAt(end) != '\n')
          && !(firstLine >= 0 && (wrong || end - at > limit))) {
        char c = text.charAt(end++);
        if (quoted) {
          firstLine = c == '\n' && firstLine < 0 ? end : firstLine;
          if (c != '"') {
            cells.append(c);
          } else if (end < text.length() && text.charAt(end) == '"') {
            cells.append('"');
            end++;
          } else {
            quoted = false;
            char next = end < text.length() ? text.charAt(end) : '\n';
            boolean crlf =
                next == '\r' && (end + 1 == text.length() || text.charAt(end + 1) == '\n');
            wrong |= next != ',' && next != '\n' && !crlf;
          }
          field = false;
        } else if (c == ',') {
          cells.append('|');
          field = true;
        } else if (c == '"' && field) {
          quoted = true;
        } else {
          cells.append(c);
          field = false;
        }
      }
      if ((quoted || wrong || end - at > limit) && firstLine >= 0) {
        raw.add(text.substring(at, firstLine - 1).replaceFirst("\r$", ""));
        records.add(null);
        at = firstLine;
        continue;
      }
      String line = text.substring(at, end).replaceFirst("\r$", "");
      raw.add(line);
      String value = cells.toString().replaceFirst("\r$", "");
      records.add(quoted || wrong || value.contains("\r") && !line.contains("\"") ? null : value);
      at = end + 1;
    }
    return records;
  }

  @Test
  void agreesWithASlowReaderOnAnySoup() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String[] pieces = {
      "\"", "\"", ",", ",", "\n", "\n", "a", "b c", "\"\"", "\"x\"", "é", "\"q\nr\""
    };
    int cases = Seeds.cases(800);
    for (int i = 0; i < cases; i++) {
      StringBuilder soup = new StringBuilder();
      int n = i % 50 == 49 ? 150_000 : random.nextInt(40);
      for (int k = 0; k < n; k++) {
        soup.append(pieces[random.nextInt(pieces.length)]);
      }
      List<String> raw = new ArrayList<>();
      int limit = i < cases / 2 ? 1 << 26 : 10 + random.nextInt(30);
      if (limit < 1 << 26) {
        soup = new StringBuilder(soup.toString().replace('é', 'e')); // a byte a character
      }
      List<String> records = naive(soup.toString(), limit, raw);
      Path path = file(folder, "soup.csv", "text,x\n" + soup);
      Reading reading =
          Reading.of(limited(InputFormat.CSV, limit, 1 << 26, InvalidUtf8.DEAD_LETTER, path));
      List<String> texts = new ArrayList<>();
      List<String> dead = new ArrayList<>();
      for (int r = 0; r < records.size(); r++) {
        String record = records.get(r);
        if (record != null && record.chars().filter(c -> c == '|').count() == 1) {
          texts.add(record.substring(0, record.indexOf('|')));
        } else if (!raw.get(r).isEmpty()) {
          dead.add(raw.get(r));
        }
      }
      assertThat(reading.texts())
          .as("seed %d, case %d: %s", seed, i, n > 40 ? n : soup)
          .isEqualTo(texts);
      assertThat(reading.letters.stream().map(l -> new String(l.raw(), UTF_8)).toList())
          .as("seed %d, case %d: %s", seed, i, n > 40 ? n : soup)
          .isEqualTo(dead);
    }
  }

  @Test
  void readsWhatDuckDbWrites() throws IOException, SQLException {
    Path csv = folder.resolve("duck.csv");
    String query =
        """
        SELECT i AS id, repeat('a "quoted", text' || chr(10), i %% 5) || 'é' || i AS text
        FROM range(3000) t(i)\
        """
            .formatted();
    Duck.query("COPY (" + query + ") TO '" + csv + "' (HEADER, DELIMITER ',')");
    Reading reading = Reading.of(settings(InputFormat.AUTO, csv));
    List<String> expected = Duck.query("SELECT text FROM (" + query + ") ORDER BY id");
    assertThat(reading.texts()).isEqualTo(expected);
    assertThat(reading.letters).isEmpty();
  }
}

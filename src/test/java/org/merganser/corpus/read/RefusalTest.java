package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.shard.Duck;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/** What becomes of a record whose text a handler refuses. */
final class RefusalTest {
  private static final int LIMIT = 100;

  @TempDir Path folder;

  /** Refuses each text that holds bad or evil, and takes nothing of it. */
  private static final class Refusing extends Reading {
    private final boolean checks;
    private int checked;

    Refusing(boolean checks) {
      this.checks = checks;
    }

    private static void refuse(Document document) {
      String text = new String(document.text, document.from, document.length(), ISO_8859_1);
      if (text.contains("bad")) {
        throw new SpecialTextException("bad", text.indexOf("bad"));
      }
      if (text.contains("evil")) {
        throw new UnencodableException("evil", text.indexOf("evil"));
      }
    }

    @Override
    public void document(Document document) {
      refuse(document);
      super.document(document);
    }

    @Override
    public void check(Document part) {
      checked++;
      if (checks) {
        refuse(part);
      }
    }
  }

  private static Refusing read(CorpusSettings settings, Refusing reading) throws IOException {
    UnitReader reader = new UnitReader(settings, SplitPropertyTest.CAPITALS);
    for (WorkUnit unit : CorpusPlanner.plan(CorpusPlanner.list(settings))) {
      reader.read(unit, reading);
    }
    return reading;
  }

  private Refusing read(InputFormat format, Path file) throws IOException {
    return read(limited(format, LIMIT, InvalidUtf8.DEAD_LETTER, file), new Refusing(true));
  }

  /** A text of up to a dozen parts; one in three holds a word that is refused. */
  private static String text(Random random) {
    String refused = random.nextBoolean() ? "bad" : "evil";
    boolean holdsIt = random.nextInt(3) == 0;
    StringBuilder text = new StringBuilder("Begin ");
    int words = 1 + random.nextInt(80);
    int place = random.nextInt(words);
    for (int i = 0; i < words; i++) {
      text.append("Word").append(holdsIt && i == place ? refused : "s").append(' ');
    }
    return text.append("end").toString();
  }

  private Path write(InputFormat format, List<String> texts) throws IOException, SQLException {
    String name = "a." + format.spelled();
    if (format == InputFormat.JSONL || format == InputFormat.PARQUET) {
      StringBuilder lines = new StringBuilder();
      texts.forEach(text -> lines.append("{\"text\":\"").append(text).append("\"}\n"));
      Path json = file(folder, "a.jsonl", lines.toString());
      if (format == InputFormat.JSONL) {
        return json;
      }
      Path rows = folder.resolve(name);
      Duck.query("COPY (FROM read_json('%s')) TO '%s'", json, rows);
      return rows;
    }
    String header = format == InputFormat.LINES ? "" : "text\n";
    return file(folder, name, header + String.join("\n", texts) + "\n");
  }

  /** The texts of the documents, each put together from its parts. */
  private static List<String> whole(Reading reading) {
    Map<Long, String> texts = new LinkedHashMap<>();
    reading.documents.forEach(d -> texts.merge(d.offset(), d.string(), String::concat));
    return List.copyOf(texts.values());
  }

  private static boolean isRefused(String text) {
    return text.contains("bad") || text.contains("evil");
  }

  /** A record of many parts, of which the first, a middle or the last one may be refused. */
  @ParameterizedTest
  @EnumSource(names = {"JSONL", "CSV", "TSV", "PARQUET"})
  void oneRefusedPartRefusesItsRecord(InputFormat format) throws IOException, SQLException {
    Random random = new Random(Seeds.next());
    int parts = 0;
    int cases = Math.max(20, Seeds.cases(80));
    for (int i = 0; i < cases; i++) {
      List<String> texts =
          IntStream.range(0, 1 + random.nextInt(8)).mapToObj(n -> text(random)).toList();
      Refusing reading = read(format, write(format, texts));
      List<String> refused = texts.stream().filter(RefusalTest::isRefused).toList();
      assertThat(whole(reading))
          .isEqualTo(texts.stream().filter(text -> !isRefused(text)).toList());
      assertThat(reading.reasons())
          .isEqualTo(
              refused.stream()
                  .map(text -> text.contains("bad") ? "special-token" : "not-encodable")
                  .toList());
      assertThat(reading.letters).allMatch(letter -> letter.part() == null);
      assertThat(reading.receipts.get(0).records()).isEqualTo(texts.size());
      assertThat(reading.receipts.get(0).documents()).isEqualTo(texts.size() - refused.size());
      parts += reading.documents.size();
    }
    assertThat(parts).isGreaterThan(10 * cases);
  }

  /** Of a text that is not in fields, each part is decided alone; the last one is never missing. */
  @ParameterizedTest
  @EnumSource(names = {"LINES", "PARAGRAPHS"})
  void elsewhereEachPartIsDecidedAlone(InputFormat format) throws IOException {
    Random random = new Random(Seeds.next());
    for (int i = 0; i < Seeds.cases(80); i++) {
      List<String> texts =
          IntStream.range(0, 1 + random.nextInt(8)).mapToObj(n -> text(random)).toList();
      String separator = format == InputFormat.LINES ? "\n" : "\n\n";
      Path file = file(folder, "a.txt", String.join(separator, texts));
      CorpusSettings settings = limited(format, LIMIT, InvalidUtf8.DEAD_LETTER, file);
      List<List<Object>> expected = new ArrayList<>();
      int refused = 0;
      for (Reading.Doc part : Reading.of(settings, SplitPropertyTest.CAPITALS).documents) {
        boolean stays = !isRefused(part.string());
        refused += stays ? 0 : 1;
        if (stays) {
          expected.add(part.key());
        } else if (part.part() > 0 && texts.stream().anyMatch(t -> t.endsWith(part.string()))) {
          expected.add(Arrays.asList(part.id(), part.file(), part.offset(), part.part(), null, ""));
        }
      }
      Refusing reading = read(settings, new Refusing(true));
      assertThat(reading.documents.stream().map(Reading.Doc::key).toList()).isEqualTo(expected);
      assertThat(reading.letters).hasSize(refused);
      assertThat(reading.checked).isZero();
    }
  }

  @Test
  void aDeadLetterOfARefusedRecordHasTheBytesOfTheRecord() throws IOException {
    String line = "{\"id\":\"x\",\"text\":\"" + "Words ".repeat(60) + "Xbad\"}";
    Path file = file(folder, "a.jsonl", "{\"text\":\"good\"}\n" + line + "\n");
    Refusing reading = read(InputFormat.JSONL, file);
    DeadLetter letter = reading.letters.get(0);
    assertThat(letter.offset()).isEqualTo(16);
    assertThat(letter.record()).isEqualTo(1);
    assertThat(letter.length()).isEqualTo(line.length());
    assertThat(letter.raw()).isEqualTo(line.getBytes(UTF_8));
    assertThat(letter.sha256()).isEqualTo(UnitReaderTest.sha256(letter.raw()));
    assertThat(letter.detail())
        .matches("part 7 of the document, from byte \\d+ on: .* \"bad\" at byte \\d+");
  }

  @Test
  void aRecordThatIsNotCutIsNotCheckedBefore() throws IOException {
    Path file = file(folder, "a.jsonl", "{\"text\":\"bad\"}\n{\"text\":\"good\"}\n");
    Refusing reading = read(InputFormat.JSONL, file);
    assertThat(reading.texts()).containsExactly("good");
    assertThat(reading.reasons()).containsExactly("special-token");
    assertThat(reading.letters.get(0).detail()).startsWith("the document holds");
    assertThat(reading.checked).isZero();
  }

  /** Parts that were taken cannot be given back. */
  @Test
  void aHandlerThatAcceptsAPartAndThenRefusesItIsADefect() throws IOException {
    Path file = file(folder, "a.jsonl", "{\"text\":\"" + "Words ".repeat(60) + "Xbad\"}\n");
    CorpusSettings settings = limited(InputFormat.JSONL, LIMIT, InvalidUtf8.DEAD_LETTER, file);
    assertThatThrownBy(() -> read(settings, new Refusing(false)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("part 7 was accepted before");
  }
}

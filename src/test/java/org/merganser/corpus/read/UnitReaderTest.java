package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.merganser.corpus.read.Reading.fields;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;

public class UnitReaderTest {
  @TempDir Path folder;

  @Test
  void aTextOfLineEndsAloneIsBlank() throws IOException {
    for (String text : List.of("", "\n", "\r\n\n\r\n")) {
      Reading reading = Reading.of(settings(InputFormat.TEXT, file(folder, "a.txt", text)));
      assertThat(reading.documents).isEmpty();
      assertThat(reading.receipts.get(0).blank()).isEqualTo(1);
      assertThat(reading.rawBytes()).isEqualTo(text.length());
    }
    assertThat(Reading.of(settings(InputFormat.TEXT, file(folder, "a.txt", "\n \n"))).texts())
        .containsExactly("\n \n");
  }

  @Test
  void namesTheListOfAnObjectThatHasTheRecords() throws IOException {
    String[] records = {"{\"text\": \"a\"}", "{\"text\": \"b\"}"};
    String pretty = "{\n  \"data\": [\n" + String.join(",\n", records) + "\n]}\n";
    Reading reading = Reading.of(settings(InputFormat.AUTO, file(folder, "a.json", pretty)));
    assertThat(reading.reasons()).containsExactly("unsupported");
    assertThat(reading.letters.get(0).detail())
        .isEqualTo(
            "the file is one JSON object with its records in the list \"data\", which is not read:"
                + " jq -c '.data[]' FILE > FILE.jsonl makes a line of each");
    Path line = file(folder, "b.json", "{\"text\": \"a\", \"data\": [{\"x\": 1}]}\n");
    assertThat(Reading.of(settings(InputFormat.AUTO, line)).texts()).containsExactly("a");
  }

  @Test
  void saysHowANameWithADotIsWritten() throws IOException {
    Path path = file(folder, "a.jsonl", "{\"meta.body\":\"a\"}\n");
    assertThat(Reading.of(fields(path, "meta.body", "id", null)).letters.get(0).detail())
        .isEqualTo(
            "there is no field meta.body (corpus.textField); the line has the fields meta.body; a"
                + " name that has a dot is written [\"meta.body\"]");
  }

  @Test
  void takesTextIdAndGroupOfJsonByPathsAndTemplates() throws IOException {
    Path path =
        file(
            folder,
            "a.jsonl",
            """
            {"title":"T","body":"a\\nb","n":1,"lang":"en","tags":["x"]}
            {"title":null,"body":"c","n":2}
            {"title":"U","n":3,"tags":[]}
            {"title":"V","body":["d"],"n":4}
            {"title":"half \\ud800","body":"e","n":5,"lang":"de"}
            """);
    Reading reading = Reading.of(fields(path, "{title?}\n\n{body}", "{n}/{tags[0]}", "{lang}-{n}"));
    assertThat(reading.texts()).containsExactly("T\n\na\nb", "\n\nc");
    assertThat(reading.ids()).containsExactly("1/x", "a.jsonl#59");
    assertThat(reading.documents.stream().map(Reading.Doc::group)).containsExactly("en-1", null);
    assertThat(reading.letters)
        .extracting(letter -> letter.reason().label(), DeadLetter::detail)
        .startsWith(
            tuple(
                "missing-text",
                "there is no field body (corpus.textField); the line has the fields title, n,"
                    + " tags"),
            tuple("text-not-string", "field body is a list, not a string, a number or a boolean"));
    assertThat(reading.reasons()).endsWith("invalid-utf8");
  }

  @Test
  void anIdOrGroupThatIsNotTextMakesTheRecordADeadLetter() throws IOException {
    Path path =
        file(
            folder,
            "a.jsonl",
            """
            {"text":"a","id":"\\ud800","lang":"en"}
            {"text":"b","id":"\\udfff","lang":"en"}
            {"text":"c","id":"\\ud83c\\udf32","lang":"en"}
            {"text":"d","id":"4","lang":"e\\udc00"}
            {"text":"e","id":"5","lang":"e\\udc00"}
            """);
    Reading reading = Reading.of(fields(path, "text", "id", "lang"));
    assertThat(reading.ids()).containsExactly("🌲");
    assertThat(reading.reasons()).hasSize(4).containsOnly("invalid-utf8");
    assertThat(reading.letters.get(3).detail())
        .startsWith("field lang is \"e")
        .endsWith("\", which is not UTF-8 at its byte 1");
    Files.write(path, "{\"text\":\"f\",\"id\":\"\u00ff\"}\n".getBytes(ISO_8859_1));
    assertThat(Reading.of(fields(path, "text", "id", null)).reasons())
        .containsExactly("invalid-utf8");
  }

  @Test
  void aFileThatTheKernelMakesIsSummedToItsEnd() throws IOException {
    Path made = Path.of("/proc/version");
    assumeThat(made).exists();
    Reading reading = Reading.of(settings(InputFormat.TEXT, made));
    assertThat(reading.texts()).containsExactly(Files.readString(made));
    assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(sha256(Files.readAllBytes(made)));
    Reading lines = Reading.of(settings(InputFormat.LINES, made));
    assertThat(lines.receipts.get(0).sum().sha256()).isEqualTo(sha256(Files.readAllBytes(made)));
  }

  @Test
  void readsATextFileAsOneDocumentCalledByItsPath() throws IOException {
    file(folder, "a.txt", "one\ntwo\r\n");
    Reading reading = Reading.of(settings(InputFormat.AUTO, folder));
    assertThat(reading.texts()).containsExactly("one\ntwo\r\n");
    assertThat(reading.ids()).containsExactly("a.txt");
    assertThat(reading.rawBytes()).isEqualTo(9);
  }

  @Test
  void readsLinesWithoutTheirTerminatorsAndCallsThemByTheirOffset() throws IOException {
    Path file = file(folder, "a.txt", "one\r\n\ntwo\rtoo\n \nlast");
    Reading reading = Reading.of(settings(InputFormat.LINES, file));
    assertThat(reading.texts()).containsExactly("one", "two\rtoo", " ", "last");
    assertThat(reading.ids()).containsExactly("a.txt#0", "a.txt#6", "a.txt#14", "a.txt#16");
    assertThat(reading.receipts.get(0).blank()).isEqualTo(1);
    assertThat(reading.rawBytes()).isEqualTo(Files.size(file));
  }

  @Test
  void readsParagraphsBetweenBlankLines() throws IOException {
    Path file = file(folder, "a.txt", "\n \n  one\nmore\r\n \t\r\n\n\ntwo\n\nthree\n   ");
    Reading reading = Reading.of(settings(InputFormat.PARAGRAPHS, file));
    assertThat(reading.texts()).containsExactly("  one\nmore", "two", "three");
    assertThat(reading.ids()).containsExactly("a.txt#3", "a.txt#21", "a.txt#26");
    assertThat(reading.rawBytes()).isEqualTo(Files.size(file));
  }

  @Test
  void readsJsonLinesByFieldPathsInAnyOrderOfKeys() throws IOException {
    Path file =
        file(
            folder,
            "a.jsonl",
            """
            {"meta":{"id":"x1","lang":"de"},"body":{"text":"gr\\u00fc\\u00df"}}
            {"body":{"text":"two"},"meta":{"lang":7,"id":12345678901234567890}}\r
            {"body":{"text":"three"}}
            """);
    Reading reading = Reading.of(fields(file, "body.text", "meta.id", "meta.lang"));
    assertThat(reading.texts()).containsExactly("grüß", "two", "three");
    assertThat(reading.ids()).containsExactly("x1", "12345678901234567890", "a.jsonl#135");
    assertThat(reading.documents.stream().map(Reading.Doc::group)).containsExactly("de", "7", null);
  }

  @Test
  void takesTheLastOfTwoEqualKeysAlsoInsideAnObject() throws IOException {
    file(
        folder,
        "a.jsonl",
        """
        {"text":"first","\\u0074ext":"second"}
        {"text":"first","text":null}
        {"text":["first"],"text":"second"}
        """);
    Reading reading = Reading.of(settings(InputFormat.AUTO, folder));
    assertThat(reading.texts()).containsExactly("second", "second");
    assertThat(reading.reasons()).containsExactly("missing-text");
  }

  @Test
  void skipsAByteOrderMarkOfJsonLinesAndKeepsThatOfText() throws IOException {
    file(folder, "a.jsonl", "\uFEFF{\"text\":\"x\"}\n");
    file(folder, "b.txt", "\uFEFFx");
    Reading reading = Reading.of(settings(InputFormat.AUTO, folder));
    assertThat(reading.texts()).containsExactly("x", "\uFEFFx");
    assertThat(reading.ids()).containsExactly("a.jsonl#0", "b.txt");
    assertThat(reading.rawBytes()).isEqualTo(3 + 13 + 4);
  }

  @Test
  void makesDeadLettersThatSayWhatIsWrongAndWhere() throws IOException {
    String bad =
        """
        {"text":"ok"}

        {"text":"broken
        {"text":1}
        {"x":1}
        [1]
        {"text":"lone \\ud83d here"}
        """;
    Path file = file(folder, "a.jsonl", bad);
    Reading reading = Reading.of(settings(InputFormat.JSONL, file));
    assertThat(reading.texts()).containsExactly("ok");
    assertThat(reading.reasons())
        .containsExactly(
            "invalid-json", "text-not-string", "missing-text", "missing-text", "invalid-utf8");
    assertThat(reading.letters.stream().map(DeadLetter::detail))
        .containsExactly(
            "not JSON: it ends too early, at byte 15 of the line",
            "field text is a number, not a string",
            "there is no field text (corpus.textField); the line has the fields x",
            "the line is a list, not an object",
            "bytes ED A0 BD 20 at byte 5 of the text are not UTF-8");
    DeadLetter first = reading.letters.get(0);
    assertThat(first.offset()).isEqualTo(15);
    assertThat(first.record()).isEqualTo(2);
    assertThat(new String(first.raw(), UTF_8)).isEqualTo("{\"text\":\"broken");
    assertThat(first.sha256()).isEqualTo(sha256(first.raw()));
    assertThat(reading.receipts.get(0).blank()).isEqualTo(1);
  }

  @Test
  void saysOfAJsonFileInUtf16ThatItIsToBeConverted() throws IOException {
    String lines = "{\"text\":\"one\"}\n{\"text\":\"two\"}\n{\"text\":\"three\"}\n";
    for (Charset charset : List.of(UTF_16LE, UTF_16BE)) {
      for (String mark : List.of("", "\ufeff")) {
        Path file = file(folder, "a.jsonl", (mark + lines).getBytes(charset));
        for (Reading reading :
            List.of(
                Reading.of(settings(InputFormat.JSONL, file)),
                Reading.split(settings(InputFormat.JSONL, file), null, List.of(7L, 40L)))) {
          assertThat(reading.documents).isEmpty();
          assertThat(reading.reasons()).containsExactly("unsupported");
          assertThat(reading.letters.get(0).detail())
              .startsWith("the file is text in UTF-16")
              .contains("-t UTF-8")
              .contains(mark.isEmpty() ? "without a byte order mark" : ", which is not read");
        }
      }
    }
    Path file = file(folder, "a.jsonl", "{\"text\":\"a\0b\"}\n");
    assertThat(Reading.of(settings(InputFormat.AUTO, file)).letters.get(0).detail())
        .as("a stray NUL is not UTF-16")
        .doesNotContain("UTF-16");
  }

  @Test
  void treatsInvalidUtf8AsTheJobSays() throws IOException {
    Path file = file(folder, "a.txt", "a\u00ff\u00e4b".getBytes(ISO_8859_1));
    assertThat(Reading.of(limited(InputFormat.TEXT, 99, InvalidUtf8.DEAD_LETTER, file)).reasons())
        .containsExactly("invalid-utf8");
    assertThat(Reading.of(limited(InputFormat.TEXT, 99, InvalidUtf8.REPLACE, file)).texts())
        .containsExactly("a\uFFFD\uFFFDb");
    assertThat(
            Reading.of(limited(InputFormat.TEXT, 99, InvalidUtf8.BYTES, file))
                .documents
                .get(0)
                .text())
        .isEqualTo("a\u00ff\u00e4b".getBytes(ISO_8859_1));
  }

  @Test
  void replacesALoneSurrogateEscapeByOneCharacterOrKeepsItsBytes() throws IOException {
    Path file = file(folder, "a.jsonl", "{\"text\":\"a\\ude00\\ud83db\"}");
    assertThat(Reading.of(limited(InputFormat.JSONL, 99, InvalidUtf8.REPLACE, file)).texts())
        .containsExactly("a\uFFFD\uFFFDb");
    assertThat(
            Reading.of(limited(InputFormat.JSONL, 99, InvalidUtf8.BYTES, file))
                .documents
                .get(0)
                .text())
        .isEqualTo(HexFormat.of().parseHex("61edb880eda0bd62"));
  }

  @Test
  void countsAnEmptyFileAsBlank() throws IOException {
    file(folder, "a.txt", "");
    file(folder, "b.jsonl", "");
    Reading reading = Reading.of(settings(InputFormat.AUTO, folder));
    assertThat(reading.documents).isEmpty();
    assertThat(reading.receipts.stream().map(RangeReceipt::blank)).containsExactly(1L, 0L);
  }

  @Test
  void digestsTheStoredBytesOfEachRange() throws IOException {
    Path file = file(folder, "a.txt", "one\ntwo\nthree\nfour\n");
    Reading reading = Reading.split(settings(InputFormat.LINES, file), null, List.of(5L, 6L, 15L));
    byte[] all = Files.readAllBytes(file);
    assertThat(reading.receipts.stream().map(read -> read.sum().sha256()))
        .containsExactly(
            sha256(java.util.Arrays.copyOfRange(all, 0, 5)),
            sha256(java.util.Arrays.copyOfRange(all, 5, 6)),
            sha256(java.util.Arrays.copyOfRange(all, 6, 15)),
            sha256(java.util.Arrays.copyOfRange(all, 15, all.length)));
  }

  @Test
  void noticesThatAFileChangedSinceItWasPlanned() throws IOException {
    Path file = file(folder, "a.txt", "one");
    CorpusSettings settings = settings(InputFormat.TEXT, file);
    List<WorkUnit> plan = CorpusPlanner.plan(CorpusPlanner.list(settings));
    file(folder, "a.txt", "one and more");
    assertThatThrownBy(() -> Reading.of(settings, null, plan))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.txt changed while the job ran (it had 3 bytes and has 12, or")
        .hasMessageContaining("run again once nothing writes to it");
    Files.delete(file);
    assertThatThrownBy(() -> Reading.of(settings, null, plan))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.txt cannot be opened")
        .hasMessageContaining("Run again");
  }

  @Test
  void noticesAnotherFileOfTheSameNameSizeAndTime() throws IOException {
    Path file = file(folder, "a.txt", "one");
    CorpusSettings settings = settings(InputFormat.TEXT, file);
    List<WorkUnit> plan = CorpusPlanner.plan(CorpusPlanner.list(settings));
    assertThat(Reading.of(settings, null, plan).documents).hasSize(1);
    Path other = file(folder, "b.txt", "two");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    String changed = "or its times, inode or checksum are others";
    assertThatThrownBy(() -> Reading.of(settings, null, plan))
        .hasMessageContaining("a.txt changed while the job ran (it had 3 bytes")
        .hasMessageContaining(changed);
  }

  @Test
  void passesOnWhatTheHandlerThrows() throws IOException {
    Path file = file(folder, "a.txt", "one");
    CorpusSettings settings = settings(InputFormat.TEXT, file);
    Reading full =
        new Reading() {
          @Override
          public void document(Document d) {
            throw new IllegalStateException("disk full");
          }
        };
    WorkUnit unit = CorpusPlanner.plan(CorpusPlanner.list(settings)).get(0);
    assertThatThrownBy(() -> new UnitReader(settings, null).read(unit, full))
        .hasMessage("disk full");
  }

  @Test
  void refusesALimitThatNoArrayHolds() {
    assertThatThrownBy(
            () -> new UnitReader(limited(InputFormat.TEXT, 0, InvalidUtf8.BYTES, "x"), null))
        .isInstanceOf(CorpusException.class)
        .hasMessage("corpus.maxDocumentBytes is 0; allowed are 1 to 1073741824 (1 GiB)");
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void cutsAGroupThatIsTooLongAndKeepsTwoGroupsApart() throws IOException {
    String one = "g".repeat(50_000);
    String line = "{\"text\":\"a\",\"group\":\"%s\"}\n";
    Path file =
        file(
            folder,
            "a.jsonl",
            line.formatted(one)
                + line.formatted(one + "h")
                + line.formatted(one)
                + line.formatted("g".repeat(200)));
    List<String> groups =
        Reading.of(fields(file, "text", "id", "group")).documents.stream()
            .map(d -> d.group())
            .toList();
    assertThat(groups.get(0)).hasSize(200).startsWith("ggg").matches("g{183}#[0-9a-f]{16}");
    assertThat(groups.get(1)).hasSize(200).isNotEqualTo(groups.get(0));
    assertThat(groups.get(2)).isEqualTo(groups.get(0));
    assertThat(groups.get(3)).isEqualTo("g".repeat(200));
  }
}

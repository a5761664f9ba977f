package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.settings;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;

/** Files that are no text are dead letters that name what they are, and text is not mistaken. */
class FileKindTest {
  private record Case(String name, byte[] bytes, String kind, String advice) {
    Case(String name, String latin1, String kind) {
      this(name, latin1.getBytes(ISO_8859_1), kind, "");
    }

    Case(String name, String latin1, String kind, String advice) {
      this(name, latin1.getBytes(ISO_8859_1), kind, advice);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir Path folder;

  private static byte[] zip() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a.txt"));
      zip.write("text".getBytes(UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  /** A header of the POSIX format and a file of plain text, all of it valid UTF-8. */
  private static String tar() {
    String name = "a.txt" + "\0".repeat(95);
    String numbers = "0000644\0" + "0000000\0".repeat(2) + "00000000004\0" + "00000000000\0";
    String header = name + numbers + "000000\0 0" + "\0".repeat(100) + "ustar\0" + "00";
    return header + "\0".repeat(512 - header.length()) + "text" + "\0".repeat(508);
  }

  static List<Case> cases() {
    return List.of(
        new Case("a", zip(), "a ZIP archive", "unpack it with unzip FILE -d FILE.unpacked"),
        new Case("notes.txt", zip(), "a ZIP archive", "unpack it"),
        new Case("a.dat", tar(), "a tar archive", "unpack it with mkdir FILE.unpacked && tar xf"),
        new Case("a.bin", "\1\2" + "\0".repeat(16), "binary data"),
        new Case(
            "a.pdf", "%PDF-1.7\n1 0 obj\n", "a PDF document", "extract its text with pdftotext"),
        new Case("a.rtf", "{\\rtf1 text}", "an RTF document"),
        new Case("a.html", "<p>one", "HTML or XML by its name"),
        new Case("a", "\n <!DOCTYPE html><p>one", "HTML"),
        new Case("a", "<?xml version='1.0'?><a/>", "XML"),
        new Case(
            "a.txt",
            ("\ufeff" + "one").getBytes(UTF_16LE),
            "text in UTF-16LE",
            "convert it with iconv -f UTF-16 -t"),
        new Case("a.txt", ("\ufeff" + "one").getBytes(UTF_16BE), "text in UTF-16BE", "convert"),
        new Case(
            "a.md",
            ("\ufeff" + "one").getBytes(Charset.forName("UTF-32LE")),
            "text in UTF-32LE",
            "convert"),
        new Case(
            "a.txt",
            ("\ufeff" + "one").getBytes(Charset.forName("UTF-32BE")),
            "text in UTF-32BE",
            "convert it with iconv -f UTF-32 -t"),
        new Case(
            "a.txt",
            "text without a mark".getBytes(UTF_16LE),
            "text in UTF-16LE without",
            "convert it with iconv -f UTF-16LE -t"),
        new Case(
            "a.txt",
            "text without a mark".getBytes(UTF_16BE),
            "text in UTF-16BE without",
            "convert it with iconv -f UTF-16BE -t"),
        new Case(
            "a.txt",
            "\u0411\u0435\u0437 \u043c\u0435\u0442\u043a\u0438, \u0434\u0430".getBytes(UTF_16LE),
            "text in UTF-16LE without",
            "convert it with iconv -f UTF-16LE -t"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void autoMakesADeadLetterThatNamesTheKind(Case one) throws IOException {
    for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
      byte[] stored = Compressed.of(compression, one.bytes);
      String name = one.name + (compression == Compression.NONE ? "" : ".gz");
      Reading reading = Reading.of(settings(InputFormat.AUTO, file(folder, name, stored)));
      assertThat(reading.documents).isEmpty();
      assertThat(reading.reasons()).containsExactly("unsupported");
      DeadLetter letter = reading.letters.get(0);
      assertThat(letter.detail())
          .startsWith("the file is " + one.kind)
          .contains(", which is not read: " + one.advice);
      assertThat(letter.raw()).isEqualTo(stored);
      assertThat(letter.sha256()).isEqualTo(UnitReaderTest.sha256(stored));
      assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(UnitReaderTest.sha256(stored));
    }
  }

  /** A stray image among thousands of texts is one record, not a file of unknown losses. */
  @Test
  void aFileWithoutTextIsARecordThatIsNotUtf8() throws IOException {
    byte[] png = "\u0089PNG\r\n\32\n\0\0\0\rIHDR".getBytes(ISO_8859_1);
    for (InputFormat format : List.of(InputFormat.AUTO, InputFormat.TEXT)) {
      Reading reading = Reading.of(settings(format, file(folder, "a.txt", png)));
      assertThat(reading.reasons()).containsExactly("invalid-utf8");
      assertThat(reading.letters.get(0).detail()).startsWith("the file is an image");
    }
  }

  @Test
  void aFormatThatTheJobNamesIsReadAndItsFirstDeadLetterNamesTheKind() throws IOException {
    Path csv = file(folder, "a.csv", "id,text\n1,one\n");
    assertThat(Reading.of(settings(InputFormat.LINES, csv)).texts())
        .containsExactly("id,text", "1,one");
    Path zip = file(folder, "a.zip", "PK\3\4\u00ff\u00ff".getBytes(ISO_8859_1));
    for (InputFormat format : List.of(InputFormat.TEXT, InputFormat.LINES, InputFormat.JSONL)) {
      assertThat(Reading.of(settings(format, zip)).letters.get(0).detail())
          .startsWith("the file is a ZIP archive");
    }
  }

  static List<Case> formatsOfUtf8() {
    return List.of(
        new Case("a.rtf", "{\\rtf1\\ansi one}", "an RTF document", "pandoc -f rtf"),
        new Case("notes.txt", "{\\rtf1\\ansi one}", "an RTF document", "pandoc -f rtf"),
        new Case(
            "inbox",
            "From a@b.org Thu Jan  1 10:00:00 2026\nFrom: a\nSubject: one\n\ntwo\n",
            "a mailbox (mbox)",
            "python3"),
        new Case(
            "1.txt",
            "From: a\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nb25l\n",
            "a mail message whose body is encoded",
            "python3"),
        new Case(
            "a.json",
            "{\n \"cells\": [\n  {\n   \"cell_type\": \"code\"",
            "a Jupyter notebook",
            "jupyter"),
        new Case(
            "a",
            "{\"nbformat\": 4, \"metadata\": {}, \"cells\": []}",
            "a Jupyter notebook",
            "jupyter"),
        new Case(
            "enwiki-latest-pages-articles1.xml-p1p41242",
            "<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\">\n",
            "a dump of a MediaWiki",
            "wikiextractor"),
        new Case("a.txt", "<?xml version=\"1.0\"?>\n<mediawiki>", "a dump of a MediaWiki", ""),
        new Case(
            "a.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\none\r\n", "a file of subtitles", "sed"),
        new Case("a.txt", "WEBVTT\n\n00:01.000 --> 00:02.000\none\n", "a file of subtitles", "sed"),
        new Case("a.ass", "[Script Info]\nTitle: one\n", "a file of subtitles", "sed"),
        new Case(
            "a.txt",
            "one \33$B$3$l\33(B two \33$B$O;n83$G$9\33(B\n",
            "text in ISO-2022-JP",
            "iconv"));
  }

  @ParameterizedTest
  @MethodSource("formatsOfUtf8")
  void aNamedFormatDoesNotReadDocumentsOfOtherProgramsButIncludeAllDoes(Case one)
      throws IOException {
    Path file = file(folder, one.name, one.bytes);
    for (InputFormat format : List.of(InputFormat.AUTO, InputFormat.TEXT, InputFormat.LINES)) {
      Reading reading = Reading.of(settings(format, file));
      assertThat(reading.reasons()).as(format.spelled()).containsExactly("unsupported");
      assertThat(reading.letters.get(0).detail())
          .startsWith("the file is " + one.kind)
          .contains(one.advice);
    }
    if (!one.kind.startsWith("text in")) {
      CorpusSettings all = Reading.includingAll(settings(InputFormat.TEXT, file));
      assertThat(Reading.of(all).texts()).containsExactly(new String(one.bytes, ISO_8859_1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\n  {\n    \"text\": \"one\"\n  }\n]\n",
        "[{\"text\": \"one\"}, {\"text\": \"two\"}]",
        "[{\"text\": \"one\"},\n{\"text\": \"two\"}]",
        "\u00ef\u00bb\u00bf[[{\"role\": \"user\", \"content\": \"one\"}]]"
      })
  void anArrayOfRecordsIsAFormatOfItsOwn(String array) throws IOException {
    for (Compression compression : List.of(Compression.NONE, Compression.GZIP)) {
      byte[] stored = Compressed.of(compression, array.getBytes(ISO_8859_1));
      String name = "a.json" + (compression == Compression.NONE ? "" : ".gz");
      Path file = file(folder, name, stored);
      assertThat(CorpusPlanner.list(settings(InputFormat.AUTO, file)).get(0).format())
          .isEqualTo(InputFormat.JSON);
      Reading reading = Reading.of(settings(InputFormat.AUTO, file));
      assertThat(reading.texts().size() + reading.letters.size()).isPositive();
      assertThat(reading.reasons()).isSubsetOf("missing-text"); // the list of chats
      Reading lines = Reading.of(settings(InputFormat.JSONL, file));
      assertThat(lines.letters.get(0).detail()).startsWith("the file is one JSON array");
    }
    Path text = file(folder, "a", array.getBytes(ISO_8859_1));
    assertThat(Reading.of(settings(InputFormat.AUTO, text)).letters).isEmpty();
  }

  @Test
  void aListThatIsALineIsNoArrayOfRecords() throws IOException {
    String record = "{\"text\": \"one\"}\n";
    for (String list :
        List.of("[]", "[1, 2]", "[\"a\"]", "[{\"n\": 1, \"role\": \"user\", \"content\": \"\"}]")) {
      Path lines = file(folder, "a.json", list + "\n" + record);
      Reading reading = Reading.of(settings(InputFormat.AUTO, lines));
      assertThat(reading.texts()).as(list).containsExactly("one");
      assertThat(reading.letters.get(0).detail()).startsWith("the line is a list");
    }
    Path named = file(folder, "b.json", "[\n" + record + "]\n");
    assertThat(Reading.of(settings(InputFormat.JSONL, named)).letters.get(0).detail())
        .contains("name the format json");
  }

  @Test
  void aListOfRecordsInAnObjectIsNamedWhateverTheOrderOfItsKeys() throws IOException {
    String items = "[{\"text\": \"one\"}, {\"text\": \"two\"}]";
    for (String newline : List.of("\n", "")) {
      for (String object :
          List.of(
              "{#\"results\": #,#\"count\": 2#}",
              "{#\"count\": 2,#\"next\": null,#\"tags\": [\"a\"],#\"results\": #}",
              "{#\"count\": {\"a\": [1, [2]]},#\"results\":#}")) {
        String json = object.replaceFirst("(\"results\": ?)#", "$1" + items).replace("#", newline);
        Path file = file(folder, "a.json", json + "\n");
        DeadLetter letter = Reading.of(settings(InputFormat.AUTO, file)).letters.get(0);
        assertThat(letter.detail())
            .as(json)
            .contains("jq -c '.results[]' FILE > FILE.jsonl makes a line of each");
      }
    }
    Path deep = file(folder, "b.json", "{\"a b\": {\"hits\":\n" + items + "}}");
    assertThat(Reading.of(settings(InputFormat.AUTO, deep)).letters.get(0).detail())
        .contains("in the list \"a b.hits\"")
        .contains("jq -c '.\"a b\".hits[]' FILE");
    Path chat = file(folder, "c.json", "{\"turns\": [{\"role\": \"user\", \"content\": \"x\"}]}\n");
    assertThat(Reading.of(settings(InputFormat.AUTO, chat)).letters.get(0).detail())
        .doesNotContain("jq");
  }

  @Test
  void anObjectOnSeveralLinesIsToldAsThat() throws IOException {
    for (String mark : List.of("", "\ufeff")) {
      Path object = file(folder, "a.json", mark + "{\r\n  \"text\": \"one\"\r\n}\r\n");
      Reading reading = Reading.of(settings(InputFormat.AUTO, object));
      assertThat(reading.letters.get(0).detail())
          .startsWith("not JSON: the line ends within an object")
          .contains("jq -c . FILE > FILE.jsonl");
    }
    Path wrong = file(folder, "b.json", "{\"text\": \"one\",}\n");
    assertThat(Reading.of(settings(InputFormat.AUTO, wrong)).letters.get(0).detail())
        .contains("expected a key");
  }

  static List<Case> encodings() {
    return List.of(
        new Case("latin1", "une soir\u00e9e \u00e0 l'op\u00e9ra", "ISO-8859-1"),
        new Case("windows", "\u0093quoted\u0094 and \u0080 5, na\u00efve", "WINDOWS-1252"),
        new Case("cyrillic, short", "\u00cf\u00f0\u00e8\u00e2\u00e5\u00f2 \u00ec\u00e8\u00f0", ""),
        in(
            "windows-1251",
            "\u0421\u044a\u0435\u0448\u044c \u0436\u0435 \u0435\u0449\u0451"
                + " \u044d\u0442\u0438\u0445 \u043c\u044f\u0433\u043a\u0438\u0445"
                + " \u0444\u0440\u0430\u043d\u0446\u0443\u0437\u0441\u043a\u0438\u0445"
                + " \u0431\u0443\u043b\u043e\u043a, \u0434\u0430 \u0432\u044b\u043f\u0435\u0439"
                + " \u0447\u0430\u044e.",
            "WINDOWS-1251",
            "WINDOWS-1251"),
        in(
            "Shift_JIS",
            "\u543e\u8f29\u306f\u732b\u3067\u3042\u308b\u3002\u540d\u524d\u306f\u307e\u3060\u7121\u3044\u3002\u3069\u3053\u3067\u751f\u308c\u305f\u304b",
            "SHIFT_JIS",
            "CP932"),
        in(
            "GB18030",
            "\u5929\u5730\u7384\u9ec4\uff0c\u5b87\u5b99\u6d2a\u8352\u3002\u65e5\u6708\u76c8\u6603\uff0c\u8fb0\u5bbf\u5217\u5f20\u3002\u5bd2\u6765\u6691\u5f80\uff0c\u79cb\u6536\u51ac\u85cf\u3002",
            "GB18030",
            "GB18030"),
        in(
            "EUC-KR",
            "\ubaa8\ub4e0 \uad6d\ubbfc\uc740 \ubc95 \uc55e\uc5d0 \ud3c9\ub4f1\ud558\ub2e4."
                + " \ub204\uad6c\ub4e0\uc9c0 \uc131\ubcc4",
            "EUC-KR",
            "CP949"),
        new Case("unused", "text with \u0081 in it, which no one uses", ""),
        new Case("binary", "text \u00e9 with \1 in it", ""),
        new Case("broken", "gr\u00c3\u00bc\u00c3\u009fe und gr\u00c3\u00bc\u00c3 e", ""),
        new Case("signs", "it\u00e2\u0080\u0099s and it\u00e2\u0080 s", ""));
  }

  private static Case in(String charset, String text, String name, String program) {
    return new Case(charset, text.getBytes(Charset.forName(charset)), name, program);
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void theLikelyEncodingOfATextIsNamedWithTheCommandThatConvertsIt(Case one) throws IOException {
    String text = new String(one.bytes, ISO_8859_1);
    for (InputFormat format :
        List.of(InputFormat.TEXT, InputFormat.LINES, InputFormat.JSONL, InputFormat.CSV)) {
      if (format == InputFormat.JSONL && text.indexOf(1) >= 0) {
        continue; // JSON has no such character
      }
      String content =
          switch (format) {
            case JSONL -> "{\"text\": \"" + text + "\"}\n";
            case CSV -> "text\n\"" + text + "\"\n";
            default -> text;
          };
      Path file = file(folder, "a.txt", content.getBytes(ISO_8859_1));
      DeadLetter letter = Reading.of(settings(format, file)).letters.get(0);
      assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.INVALID_UTF8);
      if (one.kind.isEmpty()) {
        assertThat(letter.detail()).endsWith("of the text are not UTF-8");
      } else {
        assertThat(letter.detail())
            .contains("seems to be in " + one.kind + ":")
            .endsWith(
                "iconv -f %s -t UTF-8 FILE > NEW"
                    .formatted(one.advice.isEmpty() ? one.kind : one.advice));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.txt", "a.jsonl", "a.json.gz", "a.csv", "a.parquet", "a.warc.zst", "a"})
  void aPointerOfGitLfsIsNoCorpusWhateverItsName(String name) throws IOException {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    Path file = file(folder, name, pointer);
    for (InputFormat format : List.of(InputFormat.AUTO, InputFormat.TEXT, InputFormat.PARQUET)) {
      Reading reading = Reading.of(settings(format, file));
      assertThat(reading.documents).isEmpty();
      assertThat(reading.reasons()).containsExactly("unsupported");
      assertThat(reading.letters.get(0).detail())
          .startsWith("the file is a Git LFS pointer")
          .contains("git lfs pull");
    }
    Path text = file(folder, "notes.txt", "version https://git-lfs.github.com/ is a page");
    assertThat(Reading.of(settings(InputFormat.AUTO, text)).documents).hasSize(1);
  }

  /** Blank lines and a header alone say that there is nothing; nothing else does. */
  @Test
  void aFileThatIsNotEmptyHasADocumentOrADeadLetter() throws IOException {
    Random random = new Random(Seeds.next());
    for (int n = 0; n < Seeds.cases(8_000); n++) {
      InputFormat format = InputFormat.values()[n % InputFormat.values().length];
      if (format == InputFormat.UNSUPPORTED || format == InputFormat.SEPARATED) {
        continue;
      }
      byte[] bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) { // text of one line
        bytes = Base64.getEncoder().encode(bytes);
      }
      bytes[0] = (byte) Math.max('!', bytes[0]); // no blank line
      String name = List.of("a", "a.csv", "a.wet", "a.json").get(random.nextInt(4));
      Reading reading = Reading.of(settings(format, file(folder, name, bytes)));
      assertThat(reading.documents.size() + reading.letters.size())
          .as("%s %s %s", format, name, Arrays.toString(bytes))
          .isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ORCHIDS are flowers",
        "PK is short for primary key",
        "<p>no document of HTML",
        "abc\0def\0\0ghi\n",
        "GIF89a is a format",
        "From here on, at 10:00 in 2026, it rained.\nNote: it stopped.\n",
        "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n"
            + "From: a\n"
            + "Date: b\n",
        "Received: wisdom\nThere is none.",
        "From: a\nSubject: a message of plain text\nMIME-Version: 1.0\n\none\n",
        "#!/bin/sh\necho one\n",
        "WEBVTT is a format of subtitles",
        "1\n2\n3\n",
        "[Intro]\nla la\n",
        "{\\em one} is TeX",
        "%PDFs are documents",
        "\33[1mbold\33[0m and $B plain"
      })
  void textIsNotMistaken(String text) throws IOException {
    Reading reading =
        Reading.of(settings(InputFormat.AUTO, file(folder, "a", text.getBytes(US_ASCII))));
    assertThat(reading.texts()).containsExactly(text);
  }
}

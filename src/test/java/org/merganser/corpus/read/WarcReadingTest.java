package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.fields;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;

class WarcReadingTest {
  @TempDir Path folder;

  static String record(String type, String id, String block) {
    int length = block.getBytes(UTF_8).length;
    return "WARC/1.0\r\nWARC-Type: "
        + type
        + "\r\n"
        + (id.isEmpty() ? "" : "WARC-Record-ID: <urn:uuid:" + id + ">\r\n")
        + "WARC-Identified-Content-Language: deu\r\ncontent-length:"
        + length
        + "\r\n\r\n"
        + block
        + "\r\n\r\n";
  }

  private static final String WET =
      record("warcinfo", "0", "Software: x\r\n")
          + record("conversion", "1", "Grüße\n\nzwei")
          + record("conversion", "", "WARC/1.0\r\n\r\n")
          + record("metadata", "3", "")
          + record("conversion", "4", "last");

  @Test
  void readsTheBlocksOfConversionRecordsFromEveryCompression() throws IOException {
    for (Compression compression : Compression.values()) {
      Path path = file(folder, "a.warc.wet", Compressed.of(compression, WET.getBytes(UTF_8)));
      Reading reading = Reading.of(settings(InputFormat.AUTO, path));
      assertThat(reading.texts()).containsExactly("Grüße\n\nzwei", "WARC/1.0\r\n\r\n", "last");
      assertThat(reading.ids())
          .containsExactly("<urn:uuid:1>", "a.warc.wet#" + second(), "<urn:uuid:4>");
      assertThat(reading.receipts.get(0).blank()).isEqualTo(2);
      assertThat(reading.rawBytes()).isEqualTo(WET.getBytes(UTF_8).length);
    }
  }

  private static int second() {
    return WET.substring(0, WET.lastIndexOf("WARC/1.0\r\n\r\n")).getBytes(UTF_8).length;
  }

  @Test
  void makesWhatAServerSentADeadLetterWithAReasonOfItsOwn() throws IOException {
    String response = record("response", "1", "HTTP/1.1 200 OK\r\n\r\n<p>text");
    String large = record("Resource", "2", "x".repeat(300_000));
    String content =
        record("warcinfo", "0", "Software: x")
            + response
            + record("request", "3", "GET /")
            + large
            + record("conversion", "4", "text")
            + record("continuation", "5", "more")
            + record("conversiom", "6", "a type that the standard does not have");
    Reading reading = Reading.of(settings(InputFormat.AUTO, file(folder, "a.warc", content)));
    assertThat(reading.texts()).containsExactly("text");
    assertThat(reading.reasons()).hasSize(4).containsOnly("not-extracted");
    assertThat(reading.receipts.get(0).blank()).isEqualTo(2);
    assertThat(new String(reading.letters.get(0).raw(), UTF_8))
        .isEqualTo(response.substring(0, response.length() - 4));
    assertThat(reading.letters.get(0).detail()).contains("the type response").contains("WET files");
    byte[] second = large.substring(0, large.length() - 4).getBytes(UTF_8);
    assertThat(reading.letters.get(1).length()).isEqualTo(second.length);
    assertThat(reading.letters.get(1).sha256()).isEqualTo(UnitReaderTest.sha256(second));
  }

  @Test
  void theChecksumIsThatOfTheWholeFileEvenIfItsBeginningIsDamaged() throws IOException {
    StringBuilder digits = new StringBuilder();
    new Random(1).ints(300_000, 'a', 'z').forEach(digits::appendCodePoint);
    byte[] stored = Compressed.gzip(record("conversion", "1", digits.toString()));
    Arrays.fill(stored, 100, 200, (byte) 0xFF);
    Reading reading = Reading.of(settings(InputFormat.AUTO, file(folder, "a.wet.gz", stored)));
    assertThat(reading.texts()).isEmpty();
    assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(UnitReaderTest.sha256(stored));
  }

  @Test
  void readsMembersOfOneRecordEach() throws IOException {
    byte[] members =
        Compressed.join(
            Compressed.gzip(record("conversion", "1", "one")),
            Compressed.gzip(record("conversion", "2", "two")));
    Reading reading = Reading.of(settings(InputFormat.AUTO, file(folder, "a.wet.gz", members)));
    assertThat(reading.texts()).containsExactly("one", "two");
  }

  @Test
  void takesIdAndGroupFromTheHeadersThatTheJobNames() throws IOException {
    Path path = file(folder, "a.wet", record("conversion", "1", "one"));
    Reading reading =
        Reading.of(fields(path, "text", "WARC-Type", "WARC-Identified-Content-Language"));
    assertThat(reading.ids()).containsExactly("conversion");
    assertThat(reading.documents.get(0).group()).isEqualTo("deu");
  }

  @Test
  void endsAFileThatItCannotFollowWithOneDeadLetter() throws IOException {
    String good = record("conversion", "1", "one");
    check(
        good + "no header here\r\n\r\n",
        "corrupt",
        "expected the header of a WARC record at byte " + good.length());
    check(good + "WARC/1.0\r\nContent-Length: x\r\n\r\n", "corrupt", "Content-Length x");
    check(
        good + "WARC/1.0\r\nContent-Length: 3\r\ncontent-length: 4\r\n\r\nabcd\r\n\r\n",
        "corrupt",
        "Content-Length 3 and 4");
    check(good + "WARC/1.0\r\nContent-Length: 3", "truncated", "ends inside the header");
    check(
        good + "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 9\r\n\r\nabc",
        "truncated",
        "the file ends 6 bytes before the record does");
    check(
        good + "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 9\r\n\r\nabc",
        "truncated",
        "ends inside the WARC record");
    check(good + "WARC/1.0\r\n" + "x".repeat(70_000), "corrupt", "");
    check(good + "WARC/1.0\r\n" + "x: y\r\n".repeat(90_000), "corrupt", "more than 65536 bytes");
  }

  /** The header is shorter than the magic number, and nothing follows it in memory. */
  @Test
  void aShortHeaderAtTheEndOfWhatIsReadAtOnceIsADeadLetter() throws IOException {
    String content = "\n".repeat((1 << 18) - 3) + "a\n\n";
    Reading reading = Reading.of(settings(InputFormat.WARC, file(folder, "a.wet", content)));
    assertThat(reading.reasons()).containsExactly("corrupt");
    assertThat(reading.letters.get(0).detail())
        .isEqualTo("expected the header of a WARC record at byte 262141");
  }

  /** Whether the header ends in the bytes that were read together does not matter. */
  @Test
  void takesAHeaderOf64KibAndNotOneByteMore() throws IOException {
    String before = record("conversion", "1", "one");
    for (int over = 0; over <= 1; over++) {
      String begin = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 3\r\n";
      int lines = (1 << 16) - begin.length() - 2;
      String header = begin + "x: y\r\n".repeat(lines / 6 - 1);
      header += "x:" + "y".repeat((1 << 16) - header.length() - 6 + over) + "\r\n\r\n";
      assertThat(header).hasSize((1 << 16) + over);
      Path path = file(folder, "a.wet", before + header + "two\r\n\r\n");
      Reading reading = Reading.of(settings(InputFormat.WARC, path));
      assertThat(reading.texts()).hasSize(2 - over);
      assertThat(reading.reasons()).isEqualTo(over == 0 ? List.of() : List.of("corrupt"));
    }
  }

  private void check(String content, String reason, String detail) throws IOException {
    Path path = file(folder, "a.wet", content);
    Reading reading = Reading.of(settings(InputFormat.WARC, path));
    assertThat(reading.texts()).as("%s", reading.letters).containsExactly("one");
    assertThat(reading.reasons()).as(detail).containsExactly(reason);
    assertThat(reading.letters.get(0).detail()).contains(detail);
    byte[] gzip = Compressed.gzip(content);
    Path cut = file(folder, "b.wet", Arrays.copyOf(gzip, gzip.length - 4));
    assertThat(Reading.of(settings(InputFormat.WARC, cut)).letters).as(detail).isNotEmpty();
  }

  @Test
  void makesARecordAboveTheLimitADeadLetterAndGoesOn() throws IOException {
    String content =
        record("conversion", "1", "x".repeat(1001)) + record("conversion", "2", "y".repeat(1000));
    Path path = file(folder, "a.wet", content);
    Reading reading = Reading.of(limited(InputFormat.WARC, 1000, InvalidUtf8.DEAD_LETTER, path));
    assertThat(reading.ids()).containsExactly("<urn:uuid:2>");
    assertThat(reading.reasons()).containsExactly("too-large");
    assertThat(reading.letters.get(0).length()).isEqualTo(1001);
  }
}

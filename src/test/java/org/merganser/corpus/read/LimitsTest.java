package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.text.scan.CutRule;

class LimitsTest {
  private static final int MB = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "LINES", "PARAGRAPHS", "JSONL"})
  void makesABombOneDeadLetterInBoundedMemory(InputFormat format) throws IOException {
    byte[] text = new byte[20 * MB];
    Arrays.fill(text, (byte) 'x'); // NULs would be binary data, of which no text is read
    byte[] bomb = Zstd.compress(text, 3);
    assertThat(bomb.length).isLessThan(4_000);
    CorpusSettings settings = limited(format, MB, InvalidUtf8.DEAD_LETTER, file(folder, "a", bomb));
    ByteWindow window = new ByteWindow();
    assertThat(window.bytes().length).isLessThan(MB);
    Reading reading = Reading.of(settings);
    assertThat(reading.reasons()).containsExactly("too-large");
    DeadLetter letter = reading.letters.get(0);
    assertThat(letter.length()).isEqualTo(20 * MB);
    assertThat(letter.raw()).hasSize(65536).containsOnly('x');
    assertThat(letter.sha256()).isEqualTo(UnitReaderTest.sha256(text));
    assertThat(letter.detail()).contains("20971520 bytes; the limit is ");
  }

  @Test
  void takesADocumentOfTheLimitAndNotOneByteMore() throws IOException {
    for (int over = 0; over <= 1; over++) {
      String text = "x".repeat(1000 + over);
      for (String content : List.of(text, "{\"text\":\"" + text + "\"}")) {
        InputFormat format = content.startsWith("{") ? InputFormat.JSONL : InputFormat.TEXT;
        Path path = file(folder, "a", content);
        Reading reading = Reading.of(limited(format, 1000, InvalidUtf8.DEAD_LETTER, path));
        assertThat(reading.documents).hasSize(1 - over);
        assertThat(reading.reasons()).isEqualTo(over == 0 ? List.of() : List.of("too-large"));
      }
    }
  }

  /**
   * A document of the limit of whole ones and one byte more; each above the limit of the others.
   */
  @ParameterizedTest
  @EnumSource(names = {"TEXT", "LINES", "PARAGRAPHS", "JSONL"})
  void takesWhatCannotBeCutAsAWholeUpToALimitOfItsOwn(InputFormat format) throws IOException {
    for (int over = 0; over <= 1; over++) {
      String text = "x".repeat(1000 + over);
      String content = format == InputFormat.JSONL ? "{\"text\":\"" + text + "\"}" : text;
      Path path = file(folder, "a", content);
      CorpusSettings settings = limited(format, 100, 1000, InvalidUtf8.DEAD_LETTER, path);
      for (CutRule rule : Arrays.asList(null, SplitPropertyTest.CAPITALS)) {
        Reading reading = Reading.of(settings, rule);
        if (over == 0) {
          assertThat(reading.texts()).containsExactly(text);
          assertThat(reading.documents.get(0).part()).isZero();
          assertThat(reading.letters).isEmpty();
        } else {
          assertThat(reading.reasons()).containsExactly("too-large");
          assertThat(reading.letters.get(0).detail())
              .contains("1001 bytes")
              .contains("the limit is 1000 (corpus.maxWholeDocumentBytes, at most 1073741824)");
        }
      }
    }
  }

  @Test
  void takesAPartWithoutAPlaceToCutItAsAWhole() throws IOException {
    String text = "Word ".repeat(100) + "x".repeat(2500) + "Word ".repeat(100);
    for (long whole : new long[] {1000, 4000}) {
      Path path = file(folder, "a", text);
      Reading reading =
          Reading.of(
              limited(InputFormat.TEXT, 1000, whole, InvalidUtf8.DEAD_LETTER, path),
              SplitPropertyTest.CAPITALS);
      boolean all = whole == 4000;
      assertThat(String.join("", reading.texts()).length() == text.length()).isEqualTo(all);
      assertThat(reading.reasons()).isEqualTo(all ? List.of() : List.of("too-large"));
      assertThat(reading.documents).hasSizeGreaterThan(1);
    }
  }

  @Test
  void cutsALargeDocumentIntoPartsThatMakeItUpInEveryFormat() throws IOException {
    String text = "Word and word ".repeat(1000);
    CorpusSettings settings =
        limited(InputFormat.TEXT, 1000, InvalidUtf8.DEAD_LETTER, file(folder, "a", text));
    Reading reading = Reading.of(settings, SplitPropertyTest.CAPITALS);
    assertThat(String.join("", reading.texts())).isEqualTo(text);
    assertThat(reading.receipts.get(0).documents()).isEqualTo(1);
    assertThat(reading.documents).hasSizeGreaterThan(20);
    assertThat(reading.ids()).containsOnly("a");
    assertThat(reading.documents.stream().map(Reading.Doc::part))
        .isSorted()
        .doesNotHaveDuplicates()
        .startsWith(0, 1);
    for (InputFormat format :
        List.of(InputFormat.LINES, InputFormat.PARAGRAPHS, InputFormat.JSONL)) {
      String content = format == InputFormat.JSONL ? "{\"text\":\"" + text + "\"}" : text;
      Path path = file(folder, "a", content);
      Reading other =
          Reading.of(
              limited(format, 20_000 / 2, InvalidUtf8.DEAD_LETTER, path),
              SplitPropertyTest.CAPITALS);
      assertThat(String.join("", other.texts())).as("%s", format).isEqualTo(text);
      assertThat(other.documents).hasSize(3);
    }
  }

  @Test
  void keepsTheOtherPartsWhenOneIsNotUtf8() throws IOException {
    byte[] text = "Word and word ".repeat(1000).getBytes(UTF_8);
    text[7000] = (byte) 0xFF;
    CorpusSettings settings =
        limited(InputFormat.TEXT, 1000, InvalidUtf8.DEAD_LETTER, file(folder, "a", text));
    Reading reading = Reading.of(settings, SplitPropertyTest.CAPITALS);
    assertThat(reading.reasons()).containsExactly("invalid-utf8");
    DeadLetter letter = reading.letters.get(0);
    assertThat(letter.raw())
        .isEqualTo(
            Arrays.copyOfRange(
                text, (int) letter.offset(), (int) (letter.offset() + letter.length())));
    assertThat(reading.receipts.get(0).textBytes() + letter.length()).isEqualTo(text.length);
  }

  @Test
  void readsAJsonStringOfTenMegabytes() throws IOException {
    String text = "größe ".repeat(10 * MB / 7);
    Path path = file(folder, "a", "{\"text\":\"" + text + "\"}\n{\"text\":\"next\"}\n");
    Reading reading =
        Reading.of(limited(InputFormat.JSONL, 64 * MB, InvalidUtf8.DEAD_LETTER, path));
    assertThat(reading.texts()).containsExactly(text, "next");
    Reading small = Reading.of(limited(InputFormat.JSONL, MB, InvalidUtf8.DEAD_LETTER, path));
    assertThat(small.texts()).containsExactly("next");
    assertThat(small.letters.get(0).detail())
        .contains(
            "(twice corpus.maxWholeDocumentBytes and 64 KiB, at most 1 GiB), and a line of JSON");
  }

  @Test
  void refusesAZstdWindowAboveTheLimit() throws IOException {
    for (int log = 27; log <= 28; log++) {
      // A frame with a window and one block as it is.
      byte window = (byte) (log - 10 << 3);
      byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, window, 1 + (3 << 3), 0, 0, 1, 2, 3};
      byte[] file = Compressed.join(frame, new byte[100_000]);
      Reading limit =
          Reading.of(
              limited(
                  InputFormat.TEXT,
                  MB,
                  InvalidUtf8.BYTES,
                  file(folder, "a", log == 27 ? frame : file)));
      if (log == 27) {
        assertThat(limit.documents.get(0).text()).containsExactly(1, 2, 3);
      } else {
        assertThat(limit.reasons()).containsExactly("unsupported");
        assertThat(limit.letters.get(0).detail())
            .startsWith(
                "the zstd stream needs a larger window than the limit (2^27 bytes): compress it"
                    + " again with a smaller one, after 0 decoded bytes; the last ");
      }
    }
  }
}

package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.separated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.text.scan.CutRule;

/** Documents of a text that end with a line. */
final class SeparatedReadingTest {
  private static final int MOST = SeparatedDocumentEnd.MOST_BLANK;

  @TempDir Path folder;

  private Reading read(String separator, String content) throws IOException {
    return Reading.of(settings(separator, file(folder, "a.txt", content)));
  }

  private static CorpusSettings settings(String separator, Path file) {
    return separated(separator, 1 << 20, 1 << 20, InvalidUtf8.BYTES, file);
  }

  @Test
  void aLineEndsADocumentAndIsNoText() throws IOException {
    Reading reading =
        read(
            "<|endoftext|>",
            "Once.\n\nThe end.\n<|endoftext|>\n\n\n Twice.\r\n<|endoftext|> \t\r\nthrice\n");
    assertThat(reading.texts()).containsExactly("Once.\n\nThe end.", " Twice.", "thrice");
    assertThat(reading.ids()).containsExactly("a.txt#0", "a.txt#32", "a.txt#58");
    assertThat(reading.receipts.get(0).records()).isEqualTo(3);
    assertThat(reading.rawBytes()).isEqualTo(65);
  }

  @Test
  void nothingButBlanksIsNoDocumentAndNoRecord() throws IOException {
    Reading reading = read("---", "---\n\n---\n \t\r\n---\n");
    assertThat(reading.texts()).isEmpty();
    assertThat(reading.receipts.get(0).records()).isZero();
    assertThat(reading.rawBytes()).isEqualTo(17);
  }

  @Test
  void theSameTextWithinALineStaysText() throws IOException {
    assertThat(read("---", "a --- b\n----\n --- \nx---\n---\nb").texts())
        .containsExactly("a --- b\n----\n --- \nx---", "b");
  }

  @Test
  void aTextWithoutTheLineIsOneDocument() throws IOException {
    assertThat(read("---", "a\nb\n\n").texts()).containsExactly("a\nb");
  }

  @Test
  void theLastLineNeedsNoLineEndAndTheFirstMayHaveAByteOrderMark() throws IOException {
    assertThat(read("---", "\ufeff---\na\n---").texts()).containsExactly("a");
    assertThat(read("---", "\ufeffa\n---\nb").texts()).containsExactly("\ufeffa", "b");
  }

  @Test
  void aFormFeedOrAWordOfAnyScriptSeparates() throws IOException {
    assertThat(read("\f", "a\n\f\nb\fc\n").texts()).containsExactly("a", "b\fc");
    assertThat(read("终", "a\n终\nb终\n").texts()).containsExactly("a", "b终");
  }

  /** On both sides of a document, and after the separator in its line. */
  @Test
  void moreBlankBytesThanTheLimitAreText() throws IOException {
    String most = "\n".repeat(MOST - 1);
    assertThat(read("---", "---\n" + most + "a\n" + most + "---\nb").texts())
        .containsExactly("a", "b");
    Reading more = read("---", "---\n" + most + "\n\na\n---\nb");
    assertThat(more.texts()).containsExactly(most + "\n\na", "b");
    assertThat(more.ids()).containsExactly("a.txt#4", "a.txt#" + (MOST + 11));
    assertThat(read("---", "a\n---" + " ".repeat(MOST) + "\nb").texts()).containsExactly("a", "b");
    assertThat(read("---", "a\n---" + " ".repeat(MOST + 1) + "\nb").texts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"---", "-", "-- -", "<|end|>"})
  void equalsTheSlowTwinHoweverTheFileIsCut(String separator) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < Seeds.cases(60); i++) {
      byte[] content = content(random, separator, 30);
      Path path = file(folder, "a.txt", content);
      CorpusSettings settings = settings(separator, path);
      String what = "seed %d, case %d".formatted(seed, i);
      Reading whole = Reading.split(settings, null, List.of());
      assertThat(latin(whole)).as(what).isEqualTo(twin(content, separator));
      assertThat(whole.rawBytes()).as(what).isEqualTo(content.length);
      for (long cut = 1; cut < content.length; cut++) {
        Reading split = Reading.split(settings, null, List.of(cut));
        assertThat(keys(split)).as(what + ", cut " + cut).isEqualTo(keys(whole));
        assertThat(split.rawBytes()).as(what + ", cut " + cut).isEqualTo(content.length);
      }
      Path packed = file(folder, "a.txt", Compressed.of(Compression.GZIP, content));
      assertThat(keys(Reading.of(settings(separator, packed)))).as(what).isEqualTo(keys(whole));
    }
  }

  /** Blank runs around the limit, documents in parts, ill-formed text, several cuts. */
  @Test
  void givesTheSameHoweverALongFileIsCut() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < Seeds.cases(60); i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        out.writeBytes(content(random, "---", 20));
        if (random.nextInt(3) == 0) {
          String blank = random.nextBoolean() ? "\n" : random.nextBoolean() ? " " : "\r\n";
          int length = random.nextInt(4) == 0 ? 3 * MOST : MOST - 4 + random.nextInt(8);
          out.writeBytes(blank.repeat(length).getBytes(UTF_8));
        }
        if (random.nextInt(4) == 0) {
          out.write(random.nextInt(256));
        }
      }
      byte[] content = out.toByteArray();
      int limit = new int[] {40, 3000, 1 << 20}[random.nextInt(3)];
      InvalidUtf8 mode = InvalidUtf8.values()[random.nextInt(3)];
      CutRule rule = random.nextInt(3) == 0 ? null : SplitPropertyTest.CAPITALS;
      Path path = file(folder, "a.txt", content);
      CorpusSettings settings = separated("---", limit, 2L * limit, mode, path);
      TreeSet<Long> cuts = new TreeSet<>();
      for (int n = random.nextInt(12); n >= 0; n--) {
        cuts.add(1L + random.nextInt(content.length));
      }
      cuts.remove((long) content.length);
      Reading whole = Reading.split(settings, rule, List.of());
      Reading split = Reading.split(settings, rule, new ArrayList<>(cuts));
      String what = "seed %d, case %d, limit %d, cuts %s".formatted(seed, i, limit, cuts);
      assertThat(keys(split)).as(what).isEqualTo(keys(whole));
      assertThat(letters(split)).as(what).isEqualTo(letters(whole));
      assertThat(whole.rawBytes()).as(what).isEqualTo(content.length);
      assertThat(split.rawBytes()).as(what).isEqualTo(content.length);
      Path packed = file(folder, "a.txt", Compressed.of(Compression.GZIP, content));
      CorpusSettings other = separated("---", limit, 2L * limit, mode, packed);
      assertThat(keys(Reading.of(other, rule))).as(what).isEqualTo(keys(whole));
    }
  }

  @Test
  void theUnfinishedDocumentOfATruncatedFileIsADeadLetter() throws IOException {
    byte[] packed = Compressed.of(Compression.GZIP, "a\n---\nb\n---\nc".getBytes(UTF_8));
    Path path = file(folder, "a.txt", Arrays.copyOf(packed, packed.length - 8));
    Reading reading = Reading.of(settings("---", path));
    assertThat(reading.texts()).containsExactly("a");
    assertThat(reading.reasons()).containsExactly("truncated", "truncated"); // b has no checksum
  }

  @Test
  void onlyFilesOfTextAreSeparatedAndLargeOnesInRanges() throws IOException {
    file(folder, "a.jsonl", "{\"text\": \"a\\n---\\nb\"}\n");
    file(folder, "b.txt", "a\n---\nb\n".repeat(4 << 20));
    CorpusSettings settings =
        CorpusSettings.builder(CorpusInput.of(List.of(folder.toString()))).separator("---").build();
    List<InputFile> files = CorpusPlanner.list(settings);
    assertThat(files)
        .extracting(InputFile::format)
        .containsExactly(InputFormat.JSONL, InputFormat.SEPARATED);
    assertThat(CorpusPlanner.plan(files)).hasSize(9);
  }

  private static List<Object> keys(Reading reading) {
    return reading.documents.stream().map(d -> (Object) d.key()).toList();
  }

  private static List<Object> letters(Reading reading) {
    return reading.letters.stream()
        .map(l -> (Object) List.of(l.offset(), l.length(), l.sha256(), l.reason(), l.detail()))
        .toList();
  }

  private static List<String> latin(Reading reading) {
    return reading.documents.stream().map(d -> new String(d.text(), ISO_8859_1)).toList();
  }

  private static byte[] content(Random random, String separator, int most) {
    String[] pieces = {
      separator,
      separator + "\n",
      "\n" + separator + "\n",
      "\n" + separator + " \t\r\n",
      "\n",
      "\r\n",
      " ",
      "\t",
      "A b",
      "Zé\n",
      " x\n",
      separator.substring(0, 1),
      "\n\n",
      "Q",
      "\r"
    };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int n = random.nextInt(most); n >= 0; n--) {
      out.writeBytes(pieces[random.nextInt(pieces.length)].getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  /** The obvious way: all lines, then those between separators without blank ones around them. */
  private static List<String> twin(byte[] content, String separator) {
    List<String> documents = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<String> all =
        new ArrayList<>(List.of(new String(content, ISO_8859_1).split("(?<=\n)", -1)));
    all.add(separator);
    for (String line : all) {
      if (!line.replaceFirst("[ \t\r\n]+$", "").equals(separator)) {
        lines.add(line);
        continue;
      }
      while (!lines.isEmpty() && lines.get(0).isBlank()) {
        lines.remove(0);
      }
      while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
        lines.remove(lines.size() - 1);
      }
      if (!lines.isEmpty()) {
        documents.add(String.join("", lines).replaceFirst("\r?\n$", ""));
        lines.clear();
      }
    }
    return documents;
  }
}

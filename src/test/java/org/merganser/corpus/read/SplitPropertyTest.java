package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.limited;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.TestResources;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.text.scan.CutRule;

/** However a file is cut into ranges, the same documents and dead letters come out of it. */
public class SplitPropertyTest {
  /** Before a capital letter. */
  public static final CutRule CAPITALS =
      (text, from, to) -> {
        for (int i = to - 1; i > from; i--) {
          if (text[i] >= 'A' && text[i] <= 'Z') {
            return i;
          }
        }
        return -1;
      };

  private static final List<String> PIECES = TestResources.list("corpus/read/record-pieces.json");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "LINES", "PARAGRAPHS", "JSONL"})
  void givesTheSameHoweverAFileIsCut(InputFormat format) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < Seeds.cases(1_000); i++) {
      byte[] content = content(random);
      Path path = file(folder, "a.txt", content);
      int limit = 2 + random.nextInt(60);
      InvalidUtf8 mode = InvalidUtf8.values()[random.nextInt(3)];
      CutRule rule = random.nextInt(4) == 0 ? null : CAPITALS;
      String what = "seed " + seed + ", case " + i + ", limit " + limit;
      int wholeLimit = limit * (1 + random.nextInt(3));
      CorpusSettings settings = anyBytes(format, limit, wholeLimit, mode, path);
      Set<Long> cuts = cuts(random, random.nextInt(6), content);
      Reading whole =
          assertSameWhenCut(settings, rule, cuts, content, SplitPropertyTest::keys, what);
      assertThat(whole.rawBytes()).as(what).isEqualTo(content.length);
      Path packed = file(folder, "a.txt", Compressed.of(Compression.GZIP, content));
      Reading compressed = Reading.of(anyBytes(format, limit, wholeLimit, mode, packed), rule);
      assertThat(keys(compressed)).as(what).isEqualTo(keys(whole));
      assertThat(letters(compressed)).as(what).isEqualTo(letters(whole));
      if (format != InputFormat.JSONL) {
        assertAllBytesAccountedFor(content, whole, mode, what);
      }
    }
  }

  /** Lines, blanks and documents that are longer than what is looked at in one go. */
  @ParameterizedTest
  @EnumSource(names = {"TEXT", "LINES", "PARAGRAPHS", "JSONL"})
  void givesTheSameHoweverALongFileIsCut(InputFormat format) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      byte[] content = longContent(random);
      Path path = file(folder, "a.txt", content);
      int limit = new int[] {300, 5000, 150_000, 400_000}[random.nextInt(4)] + random.nextInt(99);
      InvalidUtf8 mode = InvalidUtf8.values()[random.nextInt(3)];
      CutRule rule = random.nextInt(5) == 0 ? null : CAPITALS;
      String what = "seed " + seed + ", case " + i + ", limit " + limit;
      int wholeLimit = limit * (1 + random.nextInt(3));
      CorpusSettings settings = anyBytes(format, limit, wholeLimit, mode, path);
      Set<Long> cuts = cuts(random, 1 + random.nextInt(9), content);
      Reading whole =
          assertSameWhenCut(settings, rule, cuts, content, SplitPropertyTest::sums, what);
      if (format != InputFormat.JSONL) {
        assertAllBytesAccountedFor(content, whole, mode, what);
      }
    }
  }

  /** Also reads soups whose first bytes are those of another kind, which would not be cut. */
  private static CorpusSettings anyBytes(
      InputFormat format, long limit, long wholeLimit, InvalidUtf8 mode, Path path) {
    return Reading.includingAll(limited(format, limit, wholeLimit, mode, path));
  }

  private static Set<Long> cuts(Random random, int most, byte[] content) {
    Set<Long> cuts = new TreeSet<>();
    for (int n = most; n > 0 && content.length > 1; n--) {
      cuts.add(1L + random.nextInt(content.length - 1));
    }
    return cuts;
  }

  /** Reads a file whole and in ranges, which must give the same; returns what it gave whole. */
  private static Reading assertSameWhenCut(
      CorpusSettings settings,
      CutRule rule,
      Set<Long> cuts,
      byte[] content,
      Function<Reading, List<Object>> documents,
      String what)
      throws IOException {
    Reading whole = Reading.split(settings, rule, List.of());
    Reading split = Reading.split(settings, rule, new ArrayList<>(cuts));
    String cut = what + ", cuts " + cuts;
    assertThat(documents.apply(split)).as(cut).isEqualTo(documents.apply(whole));
    assertThat(letters(split)).as(cut).isEqualTo(letters(whole));
    assertThat(split.rawBytes()).as(cut).isEqualTo(content.length);
    return whole;
  }

  /** Like {@link #keys}, short where an assertion fails. */
  private static List<Object> sums(Reading reading) {
    return reading.documents.stream()
        .map(d -> (Object) List.of(d.id(), d.offset(), d.part(), Arrays.hashCode(d.text())))
        .toList();
  }

  /** Runs of one piece, some of thousands of bytes, some of a hundred thousand. */
  private static byte[] longContent(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int n = 2 + random.nextInt(25); n >= 0; n--) {
      byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8);
      int bytes = 1 << random.nextInt(random.nextInt(8) == 0 ? 18 : 14);
      for (int times = random.nextInt(bytes) / piece.length; times >= 0; times--) {
        out.writeBytes(piece);
      }
      if (random.nextInt(20) == 0) {
        out.write(random.nextInt(256));
      }
    }
    return out.toByteArray();
  }

  /** The one place from which the byte before the range is the first of the file. */
  @Test
  void givesTheSameCutAfterTheFirstByteOfALongLine() throws IOException {
    Path path = file(folder, "a.txt", "a bcdefg Hijklm Nopqr\nx\n");
    CorpusSettings settings = limited(InputFormat.LINES, 12, InvalidUtf8.DEAD_LETTER, path);
    Reading whole = Reading.split(settings, CAPITALS, List.of());
    assertThat(whole.texts()).containsExactly("a bcdefg ", "Hijklm ", "Nopqr", "x");
    assertThat(keys(Reading.split(settings, CAPITALS, List.of(1L)))).isEqualTo(keys(whole));
  }

  /** Text and dead letters are the file without what separates them, in order. */
  private static void assertAllBytesAccountedFor(
      byte[] content, Reading reading, InvalidUtf8 mode, String what) {
    if (mode == InvalidUtf8.REPLACE) {
      return;
    }
    long accounted = 0;
    for (Reading.Doc doc : reading.documents) {
      accounted += doc.text().length;
    }
    for (DeadLetter letter : reading.letters) {
      accounted += letter.length();
    }
    String all = new String(content, ISO_8859_1);
    long separators = content.length - accounted;
    long possible =
        all.chars().filter(c -> c == '\n' || c == '\r' || c == ' ' || c == '\t').count();
    assertThat(separators).as(what).isBetween(0L, possible);
  }

  private static List<Object> keys(Reading reading) {
    return reading.documents.stream().map(d -> (Object) d.key()).toList();
  }

  private static List<Object> letters(Reading reading) {
    return reading.letters.stream()
        .map(
            l ->
                (Object)
                    List.of(
                        l.offset(),
                        l.length(),
                        l.sha256(),
                        l.reason(),
                        l.detail(),
                        new String(l.raw(), ISO_8859_1)))
        .toList();
  }

  private static byte[] content(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int n = random.nextInt(60); n >= 0; n--) {
      if (random.nextInt(30) == 0) {
        out.write(random.nextInt(256));
      }
      out.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  /** The obvious way to read lines. */
  @ParameterizedTest
  @EnumSource(names = {"LINES", "PARAGRAPHS"})
  void equalsTheSlowTwin(InputFormat format) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] content = content(random);
      Path path = file(folder, "a.txt", content);
      Reading reading = Reading.of(anyBytes(format, 1 << 20, 1 << 20, InvalidUtf8.BYTES, path));
      List<String> texts =
          reading.documents.stream().map(d -> new String(d.text(), ISO_8859_1)).toList();
      String all = new String(content, ISO_8859_1);
      List<String> expected = new ArrayList<>();
      if (format == InputFormat.LINES) {
        for (String line : all.split("\r?\n", -1)) {
          if (!line.isEmpty()) {
            expected.add(line);
          }
        }
      } else {
        StringBuilder paragraph = new StringBuilder();
        String[] lines = all.split("(?<=\n)", -1);
        for (int l = 0; l <= lines.length; l++) {
          if (l < lines.length && !lines[l].matches("[ \t\r]*\n?")) {
            paragraph.append(lines[l]);
          } else if (paragraph.length() > 0) {
            expected.add(paragraph.toString().replaceFirst("\r?\n$", ""));
            paragraph.setLength(0);
          }
        }
      }
      assertThat(texts).as("seed %d, case %d", seed, i).isEqualTo(expected);
    }
  }
}

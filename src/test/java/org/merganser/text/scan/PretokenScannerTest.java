package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.TestResources;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.Scalars;

/** The scanners against java.util.regex. */
class PretokenScannerTest {
  private static final long SEED = Seeds.next();

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "GPT2~you're it's 'S\\n\\n  x~you|'re| it|'s| '|S|\\n\\n | x",
        "CL100K~I'LL pay (12345)\\n\\n  now~I|'LL| pay| (|123|45|)\\n\\n| | now",
        "QWEN2~a\\t\\tb 123~a|\\t|\\tb| |1|2|3",
        "QWEN35~क्षि 1~क्षि| |1",
        "O200K~HelloWorld's HTTPServer's//\\n/x~Hello|World's| HTTPServer's|//\\n/|x",
        "TEKKEN~HelloWorld's HTTPServer12//\\n/x~Hello|World|'s| HTTPServer|1|2|//\\n/|x",
        "DEEPSEEK3~中国2024年 (éa) (ab~中国|202|4|年| (|éa|)| (|ab"
      })
  void worksAsTheseExamples(SplitPattern pattern, String text, String pretokens) {
    String plain = unescape(text);
    StringBuilder joined = new StringBuilder();
    int start = 0;
    byte[] bytes = plain.getBytes(UTF_8);
    for (int end : scan(pattern, bytes, 0, bytes.length, bytes.length)) {
      joined.append(start == 0 ? "" : "|").append(new String(bytes, start, end - start, UTF_8));
      start = end;
    }
    assertThat(joined.toString()).isEqualTo(unescape(pretokens));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("random")
  @Tag("long")
  void everyScalarValueAloneBetweenLettersAndAfterASpaceIsCutAsTheRegexDoes(SplitPattern pattern) {
    RegexTwin twin = new RegexTwin(pattern);
    // Each representative's cuts are the regex's; every other character must be cut alike.
    Map<Integer, int[][]> cuts = new HashMap<>();
    Scalars.drawn(c -> compareInContexts(pattern, twin, c, cuts));
  }

  private static void compareInContexts(
      SplitPattern pattern, RegexTwin twin, int c, Map<Integer, int[][]> cuts) {
    String s = Character.toString(c);
    String[] contexts = {s, "ab" + s + "ba", "! " + s + s + "B", "'" + s + "\n" + s + "12\n\n"};
    int length = s.getBytes(UTF_8).length;
    int[][] expected =
        cuts.computeIfAbsent(
            twin.representative(c) << 3 | length,
            key -> Arrays.stream(contexts).map(twin::ends).toArray(int[][]::new));
    for (int i = 0; i < contexts.length; i++) {
      byte[] text = contexts[i].getBytes(UTF_8);
      int[] ends = c % 7 == 0 ? scan(pattern, text, 0, text.length, 16) : expected[i];
      if (!Arrays.equals(ends, expected[i])) {
        assertThat(ends).as("%s U+%04X in context %d", pattern, c, i).isEqualTo(expected[i]);
      }
      // The same where whole blocks can be read after the text.
      byte[] padded = Arrays.copyOf(text, text.length + 80);
      int[] block = scan(pattern, padded, 0, text.length, 100);
      if (!Arrays.equals(block, expected[i])) {
        assertThat(block).as("%s U+%04X in block %d", pattern, c, i).isEqualTo(expected[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomDocumentsAreCutAsTheRegexCutsThem(SplitPattern pattern) {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    RegexTwin twin = new RegexTwin(pattern);
    for (int round = 0; round < 6_000; round++) {
      String text = NastyText.forSplits(random, round % 7 == 0 ? 120 : 24);
      byte[] bytes = text.getBytes(UTF_8);
      int offset = random.nextInt(70);
      byte[] inside = new byte[offset + bytes.length + random.nextInt(130)];
      random.nextBytes(inside);
      System.arraycopy(bytes, 0, inside, offset, bytes.length);
      int[] ends = scan(pattern, inside, offset, offset + bytes.length, bytes.length + 1);
      int[] expected = Arrays.stream(twin.ends(text)).map(end -> end + offset).toArray();
      if (!Arrays.equals(ends, expected)) {
        assertThat(pretokens(inside, offset, ends))
            .as("%s seed %d round %d text %s", pattern, SEED, round, escape(text))
            .isEqualTo(pretokens(inside, offset, expected));
      }
    }
  }

  /** Blocks full of one script, whose first bytes tell the class, and some of what they don't. */
  @ParameterizedTest
  @EnumSource
  void textOfOneScriptIsCutAsTheRegexCutsIt(SplitPattern pattern) {
    Random random = new Random(SEED);
    RegexTwin twin = new RegexTwin(pattern);
    int[][] scripts = {
      {0x400, 0x480}, {0x370, 0x400}, {0x100, 0x180}, {0x530, 0x590}, {0x4DA0, 0x5020},
      {0x5000, 0xA000}, {0x9F80, 0xA020}, {0xAC00, 0xD7A4}, {0x3000, 0x3100}, {0x10400, 0x10450}
    };
    for (int round = 0; round < 2_000; round++) {
      int[] script = scripts[round % scripts.length];
      StringBuilder text = new StringBuilder();
      int spaces = 2 + random.nextInt(12);
      for (int i = random.nextInt(200); i >= 0; i--) {
        int kind = random.nextInt(40);
        int c = script[0] + random.nextInt(script[1] - script[0]);
        if (kind < spaces) {
          c = " \n.,'1a!".charAt(random.nextInt(random.nextBoolean() ? 1 : 8));
        } else if (kind == 39) {
          c = 0x80 + random.nextInt(0x3000);
        }
        text.appendCodePoint(c);
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      byte[] inside = Arrays.copyOf(bytes, bytes.length + 64);
      int[] ends = scan(pattern, inside, 0, bytes.length, bytes.length + 64);
      int[] expected = twin.ends(text.toString());
      if (!Arrays.equals(ends, expected)) {
        assertThat(pretokens(inside, 0, ends))
            .as("%s seed %d round %d", pattern, SEED, round)
            .isEqualTo(pretokens(inside, 0, expected));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyCapacityGivesTheSameEnds(SplitPattern pattern) {
    Random random = new Random(SEED);
    for (int round = 0; round < 400; round++) {
      byte[] text = NastyText.forSplits(random, 60).getBytes(UTF_8);
      byte[] inside = Arrays.copyOf(text, text.length + (round % 2) * 64);
      int[] expected = scan(pattern, inside, 0, text.length, text.length + 100);
      for (int capacity : new int[] {1, 2, 3, 7, 63, 64, 65, 128, 256}) {
        assertThat(scan(pattern, inside, 0, text.length, capacity))
            .as("%s seed %d round %d capacity %d", pattern, SEED, round, capacity)
            .isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyBoundaryAtEveryPlaceOfABlockIsFound(SplitPattern pattern) {
    RegexTwin twin = new RegexTwin(pattern);
    List<String> tails = TestResources.list("text/scan/tails.json");
    String[] fillings = {"a", "A", " ", "\n", "!", "1", "'", "word ", "é", "中", "\u0301"};
    int each = Seeds.allCases() ? 140 : 70; // blocks have 64 bytes
    int[] lengths = new int[each + 14];
    for (int i = 0; i < each; i++) {
      lengths[i] = i;
    }
    for (int i = 0; i < 14; i++) {
      lengths[each + i] = 4096 - 7 + i;
    }
    for (String filling : fillings) {
      for (int length : lengths) {
        if (length > 210 && !filling.equals("word ") && !filling.equals("1")) {
          continue;
        }
        String head = filling.repeat(length / filling.length() + 1).substring(0, length);
        for (String tail : tails) {
          if (length > 210 && tail.length() % 2 == 0) {
            continue;
          }
          String text = head + tail;
          byte[] bytes = text.getBytes(UTF_8);
          int[] expected = twin.ends(text);
          for (int more : new int[] {0, 64}) {
            byte[] inside = Arrays.copyOf(bytes, bytes.length + more);
            int[] ends = scan(pattern, inside, 0, bytes.length, bytes.length + 100);
            if (!Arrays.equals(ends, expected)) {
              assertThat(pretokens(bytes, 0, ends))
                  .as("%s %s × %d + %s", pattern, escape(filling), length, escape(tail))
                  .isEqualTo(pretokens(bytes, 0, expected));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void scanningAllocatesNothing(SplitPattern pattern) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Random random = new Random(SEED);
    byte[] text = new byte[0];
    while (text.length < 50_000) {
      byte[] more = NastyText.forSplits(random, 500).getBytes(UTF_8);
      text = Arrays.copyOf(text, text.length + more.length);
      System.arraycopy(more, 0, text, text.length - more.length, more.length);
    }
    PretokenScanner scanner = pattern.scanner();
    int[] ends = new int[256];
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 60; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int at = 0; at < text.length; ) {
        at = ends[scanner.scan(text, at, at, text.length, ends) - 1];
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes allocated in a scan of %d", text.length).isZero();
  }

  @Test
  void anEmptyTextHasNoPretoken() {
    for (SplitPattern pattern : SplitPattern.values()) {
      assertThat(pattern.scanner().scan(new byte[100], 7, 7, 7, new int[4])).isZero();
    }
  }

  /** All ends, scanned {@code capacity} at a time. */
  static int[] scan(SplitPattern pattern, byte[] text, int from, int to, int capacity) {
    int[] all = new int[to - from];
    int[] ends = new int[Math.max(1, capacity)];
    int count = 0;
    int at = from;
    while (at < to) {
      int found = pattern.scanner().scan(text, at, at, to, ends);
      System.arraycopy(ends, 0, all, count, found);
      count += found;
      at = ends[found - 1];
    }
    return Arrays.copyOf(all, count);
  }

  static List<String> pretokens(byte[] text, int from, int[] ends) {
    List<String> pretokens = new ArrayList<>();
    int start = from;
    for (int end : ends) {
      pretokens.add(escape(new String(text, start, end - start, UTF_8)));
      start = end;
    }
    return pretokens;
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c >= 0x21 && c < 0x7F) {
                escaped.append((char) c);
              } else {
                escaped.append(String.format("{%X}", c));
              }
            });
    return escaped.toString();
  }

  private static String unescape(String text) {
    return text.replace("\\n", "\n").replace("\\t", "\t");
  }
}

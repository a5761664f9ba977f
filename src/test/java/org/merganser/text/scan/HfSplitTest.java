package org.merganser.text.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.text.HfLibrary;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.UnicodeCategories;

/**
 * The scanners against HF's Rust library. Its pretokens show through a byte-level vocabulary of the
 * 256 bytes without merges: every byte becomes a token, whose word id is the number of its
 * pretoken.
 *
 * <p>DJL's library carries Unicode 16, as we do: no code point differs.
 */
class HfSplitTest {
  private static final long SEED = Seeds.next();
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @EnumSource
  void randomDocumentsAreCutAsHfCutsThem(SplitPattern pattern) throws IOException {
    System.out.println("seed " + SEED);
    assertDocumentsEqual(pattern, Seeds.cases(1_700));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void manyRandomDocumentsAreCutAsHfCutsThem(SplitPattern pattern) throws IOException {
    System.out.println("seed " + SEED);
    assertDocumentsEqual(pattern, 170_000);
  }

  /** Long runs of one category are told by their ends and some between. */
  @ParameterizedTest
  @EnumSource
  void scalarValuesOfEveryRunOfACategoryAreCutAsHfCutsThem(SplitPattern pattern)
      throws IOException {
    List<Integer> some = new ArrayList<>();
    int run = 0;
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      boolean first = c == 0 || !UnicodeCategories.name(c).equals(UnicodeCategories.name(c - 1));
      run = first ? 0 : run + 1;
      boolean last =
          c + 1 == UnicodeCategories.CODE_POINTS
              || !UnicodeCategories.name(c).equals(UnicodeCategories.name(c + 1));
      if (run < 20 || last || run % 997 == 0) {
        some.add(c);
      }
    }
    assertScalarValuesEqual(pattern, some);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void everyScalarValueIsCutAsHfCutsIt(SplitPattern pattern) throws IOException {
    List<Integer> all = new ArrayList<>();
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      all.add(c);
    }
    assertScalarValuesEqual(pattern, all);
  }

  /** Alone, between letters, after a space, and behind an apostrophe where it may fold. */
  private static void assertScalarValuesEqual(SplitPattern pattern, List<Integer> codePoints)
      throws IOException {
    try (HfLibrary hf = hf(pattern)) {
      StringBuilder text = new StringBuilder();
      int first = 0;
      for (int i = 0; i < codePoints.size(); i++) {
        int c = codePoints.get(i);
        if (c < 0xD800 || c > 0xDFFF) {
          String s = Character.toString(c);
          text.append("\n1").append(s).append("1a").append(s).append("b1 ").append(s);
          text.append("1e'").append(s).append("x");
        }
        if (text.length() > 4_000 || i + 1 == codePoints.size()) {
          assertLikeHf(
              hf, pattern, text.toString(), "from U+%04X".formatted(codePoints.get(first)));
          text.setLength(0);
          first = i + 1;
        }
      }
    }
  }

  private static void assertDocumentsEqual(SplitPattern pattern, int documents) throws IOException {
    Random random = new Random(SEED);
    try (HfLibrary hf = hf(pattern)) {
      for (int round = 0; round < documents; round++) {
        String text = NastyText.forSplits(random, 40);
        assertLikeHf(hf, pattern, text, "seed " + SEED + " round " + round);
      }
    }
  }

  private static void assertLikeHf(
      HfLibrary hf, SplitPattern pattern, String text, String description) {
    byte[] bytes = text.getBytes(UTF_8);
    // Room behind the text, so that whole blocks can be read.
    byte[] inside = Arrays.copyOf(bytes, bytes.length + 64);
    int[] ends = PretokenScannerTest.scan(pattern, inside, 0, bytes.length, 4096);
    int[] expected = ends(hf.encode(text, false).words(), bytes.length);
    if (!Arrays.equals(ends, expected)) {
      assertThat(PretokenScannerTest.pretokens(bytes, 0, ends))
          .as("%s %s text %s", pattern, description, PretokenScannerTest.escape(text))
          .isEqualTo(PretokenScannerTest.pretokens(bytes, 0, expected));
    }
  }

  private static int[] ends(int[] words, int length) {
    assertThat(words).hasSize(length);
    int[] ends = new int[length];
    int count = 0;
    for (int i = 1; i <= length; i++) {
      if (i == length || words[i] != words[i - 1]) {
        ends[count++] = i;
      }
    }
    return Arrays.copyOf(ends, count);
  }

  private static HfLibrary hf(SplitPattern pattern) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation").putNull("padding").putArray("added_tokens");
    root.putNull("normalizer");
    ObjectNode sequence = root.putObject("pre_tokenizer").put("type", "Sequence");
    ArrayNode parts = sequence.putArray("pretokenizers");
    if (pattern != SplitPattern.GPT2) {
      for (String regex : pattern.regexes()) {
        ObjectNode split = parts.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", regex);
        split.put("behavior", "Isolated").put("invert", false);
      }
    }
    ObjectNode byteLevel = parts.addObject().put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false).put("trim_offsets", false);
    byteLevel.put("use_regex", pattern == SplitPattern.GPT2);
    root.putNull("post_processor").putNull("decoder");
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    ObjectNode vocabulary = model.putObject("vocab");
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      vocabulary.put(Character.toString(printable ? b : next++), b);
    }
    model.putArray("merges");
    return HfLibrary.open(JSON.writeValueAsBytes(root));
  }
}

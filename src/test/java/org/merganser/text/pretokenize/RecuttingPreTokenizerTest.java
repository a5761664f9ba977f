package org.merganser.text.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.NastyText;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.TextPattern;

/**
 * The table of pieces that are left whole changes no cut: the chain without it is the slow twin.
 */
class RecuttingPreTokenizerTest {
  private static final List<PreTokenizerSpec> COMPONENTS =
      List.of(
          new PreTokenizerSpec.Whitespace(),
          new PreTokenizerSpec.WhitespaceSplit(),
          new PreTokenizerSpec.Digits(true),
          new PreTokenizerSpec.Digits(false),
          new PreTokenizerSpec.Punctuation(Behavior.ISOLATED),
          new PreTokenizerSpec.Punctuation(Behavior.CONTIGUOUS),
          new PreTokenizerSpec.Punctuation(Behavior.REMOVED),
          new PreTokenizerSpec.UnicodeScripts(),
          split("\\s?\\p{L}+", Behavior.ISOLATED),
          split("\\s+$", Behavior.ISOLATED),
          split("(?<=a)b", Behavior.MERGED_WITH_NEXT),
          split("[\\r\\n]", Behavior.REMOVED));

  private static PreTokenizerSpec split(String regex, Behavior behavior) {
    return new PreTokenizerSpec.Split(new TextPattern.Regex(regex), behavior, false);
  }

  private static List<String> pretokens(PreTokenizer cutter, byte[] text) {
    List<String> found = new ArrayList<>();
    cutter.split(
        text,
        0,
        text.length,
        true,
        (bytes, start, ends, count) -> {
          assertThat(bytes).isSameAs(text);
          int from = start;
          for (int i = 0; i < count; i++) {
            found.add(from + " " + new String(bytes, from, ends[i] - from, StandardCharsets.UTF_8));
            from = ends[i];
          }
        });
    return found;
  }

  @Test
  void cutsAsTheChainWithoutATable() {
    Random random = new Random(Seeds.next());
    for (int c = 0; c < Seeds.cases(60); c++) {
      PreTokenizer fast = null;
      PreTokenizer slow = null;
      List<PreTokenizerSpec> chain = new ArrayList<>();
      for (int i = 2 + random.nextInt(3); i > 0; i--) {
        PreTokenizerSpec next = COMPONENTS.get(random.nextInt(COMPONENTS.size()));
        chain.add(next);
        fast = fast == null ? next.build() : new RecuttingPreTokenizer(fast, next.build());
        slow = slow == null ? next.build() : new ChainedPreTokenizer(slow, next.build());
      }
      for (int d = 0; d < 60; d++) {
        byte[] text = NastyText.forSplits(random, 30).getBytes(StandardCharsets.UTF_8);
        assertThat(pretokens(fast, text))
            .as("%s of %s", chain, new String(text, StandardCharsets.UTF_8))
            .isEqualTo(pretokens(slow, text));
      }
    }
  }

  @Test
  void piecesThatDifferInOneByteOrInTheirLengthAreNotMistaken() {
    // Words of 1 to 17 letters, and the same with a digit at one place, which is cut out.
    PreTokenizer fast =
        new RecuttingPreTokenizer(
            new PreTokenizerSpec.WhitespaceSplit().build(),
            new PreTokenizerSpec.Digits(true).build());
    for (int round = 0; round < 2; round++) {
      for (int length = 1; length <= 17; length++) {
        for (int digit = -1; digit < length; digit++) {
          StringBuilder word = new StringBuilder("a".repeat(length));
          if (digit >= 0) {
            word.setCharAt(digit, '7');
          }
          int cuts = digit < 0 ? 1 : 1 + (digit > 0 ? 1 : 0) + (digit < length - 1 ? 1 : 0);
          byte[] text = (word + " ".repeat(20)).getBytes(StandardCharsets.UTF_8);
          assertThat(pretokens(fast, text)).as("%s", word).hasSize(cuts);
        }
      }
    }
  }
}

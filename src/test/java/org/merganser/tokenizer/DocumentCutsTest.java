package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.text.NastyText;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.CutRule;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.DocumentCuts;

/** A document cut where a whole tokenizer allows it gives the pretokens of the document. */
final class DocumentCutsTest {
  private static final List<AddedToken> TOKENS =
      List.of(
          AddedToken.special(-1, "<|end|>"),
          new AddedToken(-1, "the", true, false, false, false, false),
          new AddedToken(-1, "o", false, false, false, true, false),
          new AddedToken(-1, "é", false, false, false, true, false),
          new AddedToken(-1, "世", false, false, false, false, false));

  private static PreTokenizerSpec frame(SplitPattern pattern) {
    if (pattern == SplitPattern.GPT2) {
      return new PreTokenizerSpec.ByteLevel(false, true, true);
    }
    List<PreTokenizerSpec> parts = new ArrayList<>();
    for (String regex : pattern.regexes()) {
      parts.add(new PreTokenizerSpec.Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false));
    }
    parts.add(new PreTokenizerSpec.ByteLevel(false, false, false));
    return new PreTokenizerSpec.Sequence(parts);
  }

  private static List<String> pretokens(
      TrainingPretokenizer cutter, byte[] text, int from, int to) {
    List<String> found = new ArrayList<>();
    cutter.split(
        text,
        from,
        to,
        (bytes, start, ends, n) -> {
          int at = start;
          for (int i = 0; i < n; i++) {
            found.add(new String(bytes, at, ends[i] - at, UTF_8));
            at = ends[i];
          }
        });
    return found;
  }

  @ParameterizedTest
  @EnumSource
  void partsGiveThePretokensOfTheWholeWithNormalizersAndAddedTokens(SplitPattern pattern) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int cuts = 0;
    for (int round = 0; round < 2000; round++) {
      NormalizerSpec normalizer =
          switch (round % 3) {
            case 0 -> new NormalizerSpec.Nfc();
            case 1 -> new NormalizerSpec.Nfd();
            default -> null;
          };
      List<AddedToken> tokens = round % 2 == 0 ? TOKENS : List.of();
      CutRule rule = DocumentCuts.rule(normalizer, frame(pattern), tokens).orElseThrow();
      TrainingPretokenizer cutter =
          new TrainingPretokenizer(normalizer, frame(pattern), tokens, SpecialText.PARSE);
      byte[] text =
          (NastyText.forTokenizers(random, 12) + "<|end|>" + NastyText.forTokenizers(random, 12))
              .getBytes(UTF_8);
      List<String> whole = pretokens(cutter, text, 0, text.length);
      int cut = rule.lastCut(text, 0, text.length);
      while (cut > 0) {
        List<String> parts = new ArrayList<>(pretokens(cutter, text, 0, cut));
        parts.addAll(pretokens(cutter, text, cut, text.length));
        assertThat(parts).as("seed %d, round %d, cut at %d", seed, round, cut).isEqualTo(whole);
        cuts++;
        cut = rule.lastCut(text, 0, cut);
      }
    }
    assertThat(cuts).isGreaterThan(1000);
  }

  @Test
  void whatSeesAcrossPlacesTakesThemOut() {
    assertThat(lastCut(List.of(), "one two")).isEqualTo(3);
    assertThat(lastCut(List.of(AddedToken.special(-1, "The sun")), "one two")).isEqualTo(-1);
    assertThat(lastCut(List.of(AddedToken.special(-1, "The sun")), "one\ntwo")).isEqualTo(4);
    assertThat(lastCut(List.of(AddedToken.special(-1, "é sun")), "one two")).isEqualTo(-1);
    assertThat(lastCut(List.of(AddedToken.special(-1, "  ")), "one two")).isEqualTo(3);
    assertThat(lastCut(List.of(AddedToken.special(-1, "\nx")), "one\ntwo")).isEqualTo(3);
    AddedToken left = new AddedToken(-1, "x", false, true, false, false, false);
    AddedToken right = new AddedToken(-1, "x", false, false, true, false, false);
    assertThat(lastCut(List.of(left), "one.\ntwo")).isEqualTo(-1);
    assertThat(lastCut(List.of(left), "one two")).isEqualTo(3);
    assertThat(lastCut(List.of(right), "one.\ntwo")).isEqualTo(5);
    assertThat(lastCut(List.of(right), "one two")).isEqualTo(-1);
    AddedToken word = new AddedToken(-1, "one ", true, false, false, false, false);
    for (List<AddedToken> tokens :
        List.of(List.of(left, right), List.of(word), List.of(AddedToken.special(-1, "x\ny")))) {
      assertThat(DocumentCuts.rule(null, frame(SplitPattern.QWEN2), tokens)).isEmpty();
    }
  }

  private static int lastCut(List<AddedToken> tokens, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    CutRule rule = DocumentCuts.rule(null, frame(SplitPattern.QWEN2), tokens).orElseThrow();
    return rule.lastCut(bytes, 0, bytes.length);
  }

  @Test
  void aLongTokenCostsNoMoreThanItsLength() {
    String content = "<" + "é".repeat(1_000_000) + ">";
    assertThat(lastCut(List.of(AddedToken.special(-1, content)), "one two")).isEqualTo(3);
    Tokenizer tokenizer = TestTokenizers.bytes().added(TestTokenizers.token(content, "n")).build();
    int[] ids = tokenizer.encode("a" + content + "b");
    assertThat(ids).hasSize(3);
    assertThat(tokenizer.decode(ids)).isEqualTo("a" + content + "b");
  }

  @Test
  void whatSeesAcrossEveryPlaceAllowsNone() {
    PreTokenizerSpec known = frame(SplitPattern.QWEN2);
    for (NormalizerSpec normalizer :
        List.of(
            new NormalizerSpec.Nfkc(),
            new NormalizerSpec.Lowercase(),
            new NormalizerSpec.Strip(true, true),
            new NormalizerSpec.Sequence(
                List.of(new NormalizerSpec.Nfc(), new NormalizerSpec.Prepend("x"))))) {
      assertThat(DocumentCuts.rule(normalizer, known, List.of())).as("%s", normalizer).isEmpty();
    }
    assertThat(DocumentCuts.rule(null, null, List.of())).isEmpty();
  }

  /** Tokens that span white space or strip it, and that must be words, in random sets. */
  @Test
  void partsGiveThePretokensOfTheWholeWithTokensThatSeeWhiteSpace() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String[] contents = {
      "  ", "\n\n", "e o", "the ", " the", ".\n", "é\n", "<x>", "o", "\ta", "1\nA"
    };
    int cuts = 0;
    for (int round = 0; round < 4000; round++) {
      List<AddedToken> tokens = new ArrayList<>();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        String content = contents[random.nextInt(contents.length)];
        boolean strips = random.nextInt(3) == 0;
        tokens.add(
            new AddedToken(
                -1,
                content,
                random.nextInt(4) == 0,
                strips && random.nextBoolean(),
                strips && random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean()));
      }
      SplitPattern pattern = SplitPattern.values()[round % SplitPattern.values().length];
      NormalizerSpec normalizer = random.nextBoolean() ? new NormalizerSpec.Nfc() : null;
      CutRule rule = DocumentCuts.rule(normalizer, frame(pattern), tokens).orElse(null);
      if (rule == null) {
        continue;
      }
      TrainingPretokenizer cutter =
          new TrainingPretokenizer(normalizer, frame(pattern), tokens, SpecialText.PARSE);
      StringBuilder document = new StringBuilder();
      for (int n = 3 + random.nextInt(12); n > 0; n--) {
        document.append(
            random.nextInt(3) == 0
                ? NastyText.forTokenizers(random, 2)
                : contents[random.nextInt(contents.length)]);
      }
      byte[] text = document.toString().getBytes(UTF_8);
      List<String> whole = pretokens(cutter, text, 0, text.length);
      int cut = rule.lastCut(text, 0, text.length);
      while (cut > 0) {
        List<String> parts = new ArrayList<>(pretokens(cutter, text, 0, cut));
        parts.addAll(pretokens(cutter, text, cut, text.length));
        assertThat(parts)
            .as("seed %d, round %d, %s cut at %d: %s", seed, round, tokens, cut, document)
            .isEqualTo(whole);
        cuts++;
        cut = rule.lastCut(text, 0, cut);
      }
    }
    assertThat(cuts).isGreaterThan(3000);
  }
}

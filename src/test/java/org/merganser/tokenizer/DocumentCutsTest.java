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
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.CutRule;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.parts.AddedToken;

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
      Tokenizer.Pretokenizer cutter, byte[] text, int from, int to) {
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
      CutRule rule = Tokenizer.cutRule(normalizer, frame(pattern), tokens).orElseThrow();
      Tokenizer.Pretokenizer cutter =
          Tokenizer.newPretokenizer(normalizer, frame(pattern), tokens, SpecialText.PARSE);
      byte[] text =
          (NastyText.document(random, 12) + "<|end|>" + NastyText.document(random, 12))
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
  void whatSeesAcrossPlacesAllowsNone() {
    PreTokenizerSpec known = frame(SplitPattern.QWEN2);
    assertThat(Tokenizer.cutRule(null, known, List.of())).isPresent();
    for (AddedToken token :
        List.of(
            AddedToken.special(-1, "The sun rises"),
            AddedToken.special(-1, "\nx"),
            new AddedToken(-1, "x", false, true, false, false, false),
            new AddedToken(-1, "x", false, false, true, false, false))) {
      assertThat(Tokenizer.cutRule(null, known, List.of(token))).as("%s", token).isEmpty();
    }
    for (NormalizerSpec normalizer :
        List.of(
            new NormalizerSpec.Nfkc(),
            new NormalizerSpec.Lowercase(),
            new NormalizerSpec.Strip(true, true),
            new NormalizerSpec.Sequence(
                List.of(new NormalizerSpec.Nfc(), new NormalizerSpec.Prepend("x"))))) {
      assertThat(Tokenizer.cutRule(normalizer, known, List.of())).as("%s", normalizer).isEmpty();
    }
    for (PreTokenizerSpec other :
        List.of(
            new PreTokenizerSpec.ByteLevel(true, true, true),
            new PreTokenizerSpec.ByteLevel(false, true, false),
            new PreTokenizerSpec.Metaspace("▁", PreTokenizerSpec.PrependScheme.FIRST, true),
            new PreTokenizerSpec.Split(new TextPattern.Regex("x+"), Behavior.ISOLATED, false),
            new PreTokenizerSpec.Sequence(
                List.of(new PreTokenizerSpec.Digits(true), frame(SplitPattern.QWEN2))))) {
      assertThat(Tokenizer.cutRule(null, other, List.of())).as("%s", other).isEmpty();
    }
    assertThat(Tokenizer.cutRule(null, null, List.of())).isEmpty();
  }
}

package org.merganser.text.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Seeds;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.Bert;
import org.merganser.text.pretokenize.PreTokenizerSpec.ByteLevel;
import org.merganser.text.pretokenize.PreTokenizerSpec.CharDelimiterSplit;
import org.merganser.text.pretokenize.PreTokenizerSpec.Digits;
import org.merganser.text.pretokenize.PreTokenizerSpec.Metaspace;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;
import org.merganser.text.pretokenize.PreTokenizerSpec.Punctuation;
import org.merganser.text.pretokenize.PreTokenizerSpec.Sequence;
import org.merganser.text.pretokenize.PreTokenizerSpec.Split;
import org.merganser.text.pretokenize.PreTokenizerSpec.UnicodeScripts;
import org.merganser.text.pretokenize.PreTokenizerSpec.Whitespace;
import org.merganser.text.pretokenize.PreTokenizerSpec.WhitespaceSplit;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.NormalizationTexts;
import org.merganser.text.unicode.Scalars;

/** Every component, and Sequences of them, against HF Rust. */
final class PreTokenizerOracleTest {
  /**
   * What DJL 0.38.0's HF (built with an older Rust) doesn't know to be numeric: new in Unicode 17,
   * which HF 0.23.2 has.
   */
  private static final CodePointSet NEWER_THAN_DJL =
      CodePointSet.ofRanges(0x11DE0, 0x11DE9, 0x16FF4, 0x16FF6);

  static Stream<Arguments> components() {
    List<Arguments> cases = new ArrayList<>();
    cases.add(Arguments.of(new Digits(true)));
    cases.add(Arguments.of(new Digits(false)));
    for (Behavior behavior : Behavior.values()) {
      cases.add(Arguments.of(new Punctuation(behavior)));
    }
    cases.add(Arguments.of(new Bert()));
    cases.add(Arguments.of(new CharDelimiterSplit("e")));
    cases.add(Arguments.of(new CharDelimiterSplit("中")));
    cases.add(Arguments.of(new UnicodeScripts()));
    cases.add(
        Arguments.of(
            new Sequence(
                List.of(
                    new UnicodeScripts(),
                    new Bert(),
                    new Metaspace("_", PrependScheme.FIRST, true)))));
    cases.add(Arguments.of(new Whitespace()));
    cases.add(Arguments.of(new WhitespaceSplit()));
    for (PrependScheme scheme : PrependScheme.values()) {
      cases.add(Arguments.of(new Metaspace("\u2581", scheme, true)));
      cases.add(Arguments.of(new Metaspace("_", scheme, false)));
    }
    cases.add(Arguments.of(new Sequence(List.of())));
    cases.add(Arguments.of(new ByteLevel(true, true, false)));
    return cases.stream();
  }

  static Stream<Arguments> literals() {
    List<Arguments> cases = new ArrayList<>();
    for (Behavior behavior : Behavior.values()) {
      for (boolean invert : new boolean[] {false, true}) {
        for (String literal : new String[] {" ", "", "aa", "\n", "中", "'", ".*"}) {
          cases.add(Arguments.of(new Split(new TextPattern.Literal(literal), behavior, invert)));
        }
      }
    }
    return cases.stream();
  }

  /** As families write them: isolated, and as the conversions of cl100k and o200k do. */
  static Stream<Arguments> knownPatterns() {
    List<Arguments> cases = new ArrayList<>();
    for (SplitPattern pattern : SplitPattern.values()) {
      List<PreTokenizerSpec> splits = new ArrayList<>();
      for (String regex : pattern.regexes()) {
        splits.add(new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false));
      }
      splits.add(new ByteLevel(false, false, false));
      cases.add(Arguments.of(new Sequence(splits)));
      if (pattern.regexes().size() == 1) {
        TextPattern regex = new TextPattern.Regex(pattern.regex());
        cases.add(Arguments.of(new Split(regex, Behavior.REMOVED, true)));
        cases.add(
            Arguments.of(
                new Sequence(
                    List.of(
                        new Digits(true),
                        new Split(regex, Behavior.ISOLATED, true),
                        new ByteLevel(true, false, false)))));
      }
    }
    return cases.stream();
  }

  /** Families' patterns with small changes, which run on their scanners. */
  static Stream<Arguments> changedPatterns() {
    String gpt2 = SplitPattern.GPT2.regex();
    String cl100k = SplitPattern.CL100K.regex();
    String o200k = SplitPattern.O200K.regex();
    String contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    Stream<String> regexes =
        Stream.of(
            cl100k.replace("{1,3}", "{1,2}"),
            cl100k.replace("{1,3}", "+"),
            cl100k.replace("{1,3}", "{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))"),
            o200k.replace("{1,3}", "{1,3}(?=(?:\\p{N}{3})*(?:\\P{N}|$))"),
            cl100k.replace(contractions + "|", ""),
            cl100k.replace(
                contractions, "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"),
            cl100k.replace("[\\r\\n]*", "[\\r\\n/]*"),
            o200k.replace("{1,3}", ""),
            o200k.replace(contractions + "?", ""),
            contractions + "|" + SplitPattern.TEKKEN.regex(),
            SplitPattern.QWEN35.regex().replace("|\\p{N}|", "|\\p{N}{1,4}|"),
            gpt2.substring(gpt2.indexOf(" ?\\p{L}")));
    return regexes.map(
        regex -> {
          assertThat(SplitPattern.of(List.of(regex))).as(regex).isEmpty();
          assertThat(SplitPattern.scanner(List.of(regex))).as(regex).isPresent();
          TextPattern pattern = new TextPattern.Regex(regex);
          return Arguments.of(new Split(pattern, Behavior.ISOLATED, false));
        });
  }

  static Stream<Arguments> sequences() {
    Split spaces = new Split(new TextPattern.Literal(" "), Behavior.MERGED_WITH_NEXT, false);
    return Stream.<PreTokenizerSpec>of(
            new Sequence(List.of(new WhitespaceSplit(), new Punctuation(Behavior.CONTIGUOUS))),
            new Sequence(
                List.of(new Digits(true), new Sequence(List.of(spaces)), new Whitespace())),
            new Sequence(
                List.of(new WhitespaceSplit(), new Metaspace("▁", PrependScheme.ALWAYS, true))),
            new Sequence(
                List.of(new WhitespaceSplit(), new Metaspace("▁", PrependScheme.FIRST, true))),
            new Sequence(List.of(spaces, new Metaspace("▁", PrependScheme.FIRST, false))),
            new Sequence(List.of(new Metaspace("▁", PrependScheme.FIRST, true), new Digits(false))),
            new Sequence(List.of(new Digits(false), new ByteLevel(true, true, false))),
            // StarCoder's, Granite 3's and EXAONE 3's
            new Sequence(List.of(new Digits(true), new ByteLevel(false, true, true))),
            new Sequence(List.of(new Digits(true), new ByteLevel(true, true, true))),
            new Sequence(
                List.of(
                    new Punctuation(Behavior.CONTIGUOUS),
                    new Digits(true),
                    new ByteLevel(false, true, true),
                    new Digits(false))),
            new Sequence(List.of(new Whitespace(), new ByteLevel(true, false, false))),
            new Sequence(List.of(new ByteLevel(false, true, false), new Digits(true))),
            new Sequence(
                List.of(
                    new Punctuation(Behavior.CONTIGUOUS),
                    new ByteLevel(false, true, false),
                    new Digits(false),
                    new Split(new TextPattern.Literal("Ġ"), Behavior.ISOLATED, false))),
            new Sequence(List.of(new ByteLevel(true, true, false), new Whitespace())),
            new Sequence(
                List.of(
                    new Split(new TextPattern.Regex("\\p{N}{1,3}"), Behavior.ISOLATED, false),
                    new Split(new TextPattern.Regex("\\s+"), Behavior.MERGED_WITH_NEXT, false),
                    new Metaspace("▁", PrependScheme.ALWAYS, true))),
            new ByteLevel(false, true, true),
            new ByteLevel(true, true, true),
            new Sequence(List.of(new Whitespace(), new ByteLevel(true, false, true))),
            new Sequence(List.of(new ByteLevel(false, true, true), new Digits(true))),
            // Falcon's
            new Sequence(
                List.of(
                    new Punctuation(Behavior.CONTIGUOUS),
                    new ByteLevel(false, true, true),
                    new Digits(false),
                    new Split(new TextPattern.Regex("[0-9][0-9][0-9]"), Behavior.ISOLATED, false))))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource({"components", "literals", "sequences", "knownPatterns", "changedPatterns"})
  void equalsHfOnNastyDocuments(PreTokenizerSpec spec) {
    long seed = Seeds.next();
    Random texts = new Random(seed);
    PreTokenizer ours = spec.build();
    try (HfOracle hf = HfOracle.of(spec)) {
      for (int i = 0; i < 40; i++) {
        String text = NastyText.forComponents(texts, i < 20 ? 4 : 30);
        assertThat(Pretokens.latin1(ours, text))
            .as("seed %d, text %d, %s: %s", seed, i, spec, NormalizationTexts.hex(text))
            .isEqualTo(hf.pretokens(text));
      }
    }
  }

  /** Runs of all lengths up to several blocks of 64, some with numbers outside ASCII. */
  @Test
  void numbersFromTheRightEqualHf() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String fromRight = "{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))";
    String[] pieces = {
      " ", "  ", ".", ", ", "-", "\n", "a", "Ünits ", "'s", "\u0301", "€", "中文", "_"
    };
    String[] numbers = {"２", "½", "Ⅷ", "٣", "𝟙"};
    for (SplitPattern family : List.of(SplitPattern.CL100K, SplitPattern.O200K)) {
      String regex = family.regex().replace("{1,3}", fromRight);
      PreTokenizerSpec spec = new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false);
      PreTokenizer ours = spec.build();
      try (HfOracle hf = HfOracle.of(spec)) {
        for (int i = 0; i < 300; i++) {
          StringBuilder text = new StringBuilder();
          while (text.length() < 600) {
            for (int left = random.nextInt(random.nextInt(8) == 0 ? 200 : 12); left > 0; left--) {
              text.append(
                  random.nextInt(i % 2 == 0 ? 300 : 20) == 0
                      ? numbers[random.nextInt(numbers.length)]
                      : (char) ('0' + random.nextInt(10)));
            }
            text.append(pieces[random.nextInt(pieces.length)]);
          }
          assertThat(Pretokens.latin1(ours, text.toString()))
              .as("seed %d, text %d, %s", seed, i, regex)
              .isEqualTo(hf.pretokens(text.toString()));
        }
      }
    }
  }

  static Stream<Arguments> classes() {
    return Stream.<PreTokenizerSpec>of(
            new Digits(true),
            new Punctuation(Behavior.ISOLATED),
            new UnicodeScripts(),
            new Bert(),
            new Whitespace(),
            new WhitespaceSplit())
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("classes")
  void equalsHfOnScalarValuesBetweenLetters(PreTokenizerSpec spec) {
    compareScalars(spec, false);
  }

  @ParameterizedTest
  @MethodSource("components")
  @Tag("soak")
  void equalsHfOnEveryScalarValue(PreTokenizerSpec spec) {
    compareScalars(spec, true);
  }

  private static void compareScalars(PreTokenizerSpec spec, boolean all) {
    PreTokenizer ours = spec.build();
    try (HfOracle hf = HfOracle.of(spec)) {
      Scalars.texts(
          all,
          "a",
          "b",
          c -> !NEWER_THAN_DJL.contains(c),
          text ->
              assertThat(Pretokens.latin1(ours, text))
                  .as("%s from U+%04X", spec, text.codePointAt(1))
                  .isEqualTo(hf.pretokens(text)));
    }
  }
}

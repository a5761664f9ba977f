package org.merganser.text.pretokenize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.Normalizer2;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Seeds;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.RegexTexts;
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
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.CutRule;
import org.merganser.text.scan.PatternCutRule;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.UnicodeCategories;

/** Any allowed cut gives the same pretokens as no cut. */
class CutRuleTest {
  private static final Normalizer2 NFC = Normalizer2.getNFCInstance();
  private static final Normalizer2 NFD = Normalizer2.getNFDInstance();
  private static final ByteLevel BYTES = new ByteLevel(false, true, false);

  private static Split isolated(String regex) {
    return new Split(new TextPattern.Regex(regex), Behavior.ISOLATED, false);
  }

  private static PreTokenizerSpec sequence(PreTokenizerSpec... components) {
    return new Sequence(List.of(components));
  }

  /** The pre-tokenizers of published files that have a rule, and a few like them. */
  private static Map<String, PreTokenizerSpec> published() {
    Map<String, PreTokenizerSpec> specs = new LinkedHashMap<>();
    for (SplitPattern pattern : SplitPattern.values()) {
      List<PreTokenizerSpec> parts = new ArrayList<>();
      pattern.regexes().forEach(regex -> parts.add(isolated(regex)));
      parts.add(BYTES);
      specs.put(pattern.name(), new Sequence(parts));
    }
    ByteLevel gpt2 = new ByteLevel(false, true, true);
    specs.put("command-r, StarCoder", sequence(new Digits(true), gpt2));
    specs.put("GPT-2", gpt2);
    specs.put(
        "GPT-4 in JavaScript",
        sequence(
            new Split(new TextPattern.Regex(SplitPattern.CL100K.regex()), Behavior.REMOVED, true),
            BYTES));
    specs.put(
        "Qwen in a Sequence", sequence(sequence(isolated(SplitPattern.QWEN2.regex())), BYTES));
    specs.put(
        "contractions of both cases",
        sequence(
            isolated(
                SplitPattern.CL100K
                    .regex()
                    .replace(
                        "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
                        "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])")),
            BYTES));
    specs.put(
        "numbers from the right",
        sequence(
            isolated(
                SplitPattern.CL100K.regex().replace("{1,3}", "{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))")),
            BYTES));
    specs.put(
        "digits after the pattern",
        sequence(isolated(SplitPattern.CL100K.regex()), new Digits(true), BYTES));
    return specs;
  }

  static Stream<String> names() {
    return published().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyAllowedCutGivesThePretokensOfTheWhole(String name) {
    PreTokenizerSpec spec = published().get(name);
    PatternCutRule rule = spec.cutRule().orElseThrow();
    PreTokenizer cutter = spec.build();
    long seed = Seeds.next();
    Random random = new Random(seed);
    int cuts = 0;
    int rounds = Seeds.cases(600);
    for (int round = 0; round < rounds; round++) {
      String document = NastyText.forSplits(random, 20);
      byte[] text = document.getBytes(UTF_8);
      List<String> whole = Pretokens.latin1(cutter, document);
      String where = name + ", seed " + seed + ", round " + round;
      for (int cut : allowedCuts(rule, text)) {
        cuts++;
        String before = new String(text, 0, cut, UTF_8);
        String after = new String(text, cut, text.length - cut, UTF_8);
        assertSame(whole, cutter, before, after, where);
        for (Normalizer2 normalizer : List.of(NFC, NFD)) {
          String left = normalizer.normalize(before);
          String right = normalizer.normalize(after);
          assertThat(left + right).isEqualTo(normalizer.normalize(document));
          assertSame(Pretokens.latin1(cutter, left + right), cutter, left, right, where);
        }
      }
    }
    assertThat(cuts).isGreaterThan(rounds / 3);
  }

  @ParameterizedTest
  @MethodSource("names")
  void thePartsGiveThePretokensThatHfGivesTheWhole(String name) {
    PreTokenizerSpec spec = published().get(name);
    PatternCutRule rule = spec.cutRule().orElseThrow();
    PreTokenizer cutter = spec.build();
    long seed = Seeds.next();
    Random random = new Random(seed);
    int cuts = 0;
    int rounds = Seeds.cases(200);
    try (HfOracle hf = HfOracle.of(spec)) {
      for (int round = 0; round < rounds; round++) {
        String document = NastyText.forSplits(random, 20);
        byte[] text = document.getBytes(UTF_8);
        List<String> parts = new ArrayList<>();
        int from = 0;
        List<Integer> places = allowedCuts(rule, text);
        for (int i = places.size() - 1; i >= 0; i--) {
          String part = new String(text, from, places.get(i) - from, UTF_8);
          parts.addAll(Pretokens.latin1(cutter, part));
          from = places.get(i);
          cuts++;
        }
        String last = new String(text, from, text.length - from, UTF_8);
        parts.addAll(Pretokens.latin1(cutter, last));
        assertThat(parts)
            .as("%s, seed %d, round %d: %s", name, seed, round, document)
            .isEqualTo(hf.pretokens(document));
      }
    }
    assertThat(cuts).isGreaterThan(rounds / 3);
  }

  @ParameterizedTest
  @MethodSource("names")
  void aCutIsRightWhateverStandsOnBothSides(String name) {
    PreTokenizerSpec spec = published().get(name);
    PatternCutRule rule = spec.cutRule().orElseThrow();
    PreTokenizer cutter = spec.build();
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = Seeds.cases(600); round > 0; round--) {
      byte[] text = NastyText.forSplits(random, 5).getBytes(UTF_8);
      String before = NastyText.forSplits(random, 4);
      String after = NastyText.forSplits(random, 4);
      for (int cut : allowedCuts(rule, text)) {
        String left = before + new String(text, 0, cut, UTF_8);
        String right = new String(text, cut, text.length - cut, UTF_8) + after;
        List<String> whole = Pretokens.latin1(cutter, left + right);
        assertSame(whole, cutter, left, right, name + ", seed " + seed + ", round " + round);
      }
    }
  }

  /** Components one after the other, with random regexes, behaviours and settings. */
  @Test
  @Tag("random")
  void everyAllowedCutOfRandomPreTokenizersGivesThePretokensOfTheWhole() {
    cutRandomPreTokenizers(Seeds.cases(1_000));
  }

  private static void cutRandomPreTokenizers(int count) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    RegexTexts regexes = new RegexTexts(random);
    int rules = 0;
    int cuts = 0;
    for (int i = 0; i < count; i++) {
      List<PreTokenizerSpec> components = new ArrayList<>();
      if (random.nextInt(3) > 0) {
        components.addAll(known(random));
      }
      for (int n = random.nextInt(3); n >= 0; n--) {
        components.add(component(random, regexes));
      }
      PreTokenizerSpec spec = new Sequence(components);
      PreTokenizer cutter;
      Optional<PatternCutRule> rule;
      try {
        cutter = spec.build();
        rule = spec.cutRule();
      } catch (IllegalArgumentException refused) {
        continue;
      }
      rules += rule.isPresent() ? 1 : 0;
      for (int t = 0; rule.isPresent() && t < 4; t++) {
        cuts += cut(cutter, rule.get(), text(random), "seed " + seed + ", " + i + ": " + spec);
      }
    }
    System.out.printf("%d pre-tokenizers: %d rules, %d cuts%n", count, rules, cuts);
    assertThat(rules).as("pre-tokenizers with a rule").isGreaterThan(count / 10);
    assertThat(cuts).isGreaterThan(count * 7 / 10);
  }

  /** How many cuts of a text were tried; none where its regex steps back without end. */
  private static int cut(PreTokenizer cutter, PatternCutRule rule, String document, String where) {
    byte[] text = document.getBytes(UTF_8);
    List<Integer> places = allowedCuts(rule, text);
    try {
      List<String> whole = Pretokens.latin1(cutter, document);
      for (int cut : places) {
        String before = new String(text, 0, cut, UTF_8);
        String after = new String(text, cut, text.length - cut, UTF_8);
        assertSame(whole, cutter, before, after, where);
      }
    } catch (RegexLimitException catastrophic) {
      return 0;
    }
    return places.size();
  }

  private static List<PreTokenizerSpec> known(Random random) {
    int choice = random.nextInt(SplitPattern.values().length + 2);
    return switch (choice) {
      case 0 -> List.of(new ByteLevel(false, true, true));
      case 1 -> List.of(new Digits(true), new ByteLevel(false, true, true));
      default ->
          SplitPattern.values()[choice - 2].regexes().stream()
              .<PreTokenizerSpec>map(CutRuleTest::isolated)
              .toList();
    };
  }

  private static PreTokenizerSpec component(Random random, RegexTexts regexes) {
    Behavior behavior = Behavior.values()[random.nextInt(Behavior.values().length)];
    return switch (random.nextInt(12)) {
      case 0 -> new Digits(random.nextBoolean());
      case 1 -> new Punctuation(behavior);
      case 2 -> random.nextInt(3) == 0 ? new WhitespaceSplit() : new UnicodeScripts();
      case 3 -> new Whitespace();
      case 4 -> new ByteLevel(random.nextBoolean(), true, random.nextBoolean());
      case 5 ->
          new Metaspace(
              random.nextBoolean() ? "▁" : "x",
              PrependScheme.values()[random.nextInt(3)],
              random.nextBoolean());
      case 6 ->
          new Split(new TextPattern.Literal(random.nextBoolean() ? " " : "a "), behavior, false);
      default ->
          new Split(
              new TextPattern.Regex(random.nextInt(4) == 0 ? regexes.nextOfAll() : regexes.next()),
              behavior,
              random.nextBoolean());
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 2 + random.nextInt(30); i > 0; i--) {
      text.append("aabbcxXA   1\n\n.\t中é▁".charAt(random.nextInt(19)));
    }
    return text.toString();
  }

  @Test
  void normalizationKeepsTheClassesThatTheRuleAsksFor() {
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      if (c >= 0xD800 && c <= 0xDFFF) {
        continue;
      }
      boolean word = UnicodeCategories.isLetter(c) || UnicodeCategories.isNumber(c);
      for (Normalizer2 normalizer : List.of(NFC, NFD)) {
        String normal = normalizer.normalize(Character.toString(c));
        int first = normal.codePointAt(0);
        boolean kept =
            (!word || UnicodeCategories.isLetter(first) || UnicodeCategories.isNumber(first))
                && (UnicodeCategories.isWhiteSpace(c)
                    || normal.codePoints().noneMatch(UnicodeCategories::isWhiteSpace));
        assertThat(kept).as("U+%04X", c).isTrue();
      }
      String decomposition = NFC.getRawDecomposition(c);
      if (decomposition != null && NFC.isNormalized(Character.toString(c))) {
        int base = decomposition.codePointAt(0);
        boolean kept =
            !UnicodeCategories.isWhiteSpace(base)
                && (!UnicodeCategories.isLetter(base) || UnicodeCategories.isLetter(c));
        assertThat(kept).as("composite U+%04X", c).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GPT2, 'one two', 3",
    "GPT2, 'one\ntwo', 3",
    "GPT2, 'one\n\ntwo', 3",
    "GPT2, '中。\n中', 6",
    "QWEN2, 'one two', 3",
    "QWEN2, 'one\ntwo', 4",
    "QWEN2, 'one.\n  ', -1",
    "QWEN2, '中。\n中', 7",
    "QWEN2, 'one  ', 3",
    "QWEN2, '!  !', 1",
    "QWEN2, 'one.\n\n', -1",
    "QWEN2, 'one\n', 3",
    "O200K, 'a!\n/b', -1",
    "TEKKEN, 'a!\n/b', -1",
    "DEEPSEEK3, 'a\n1', 2",
    "CL100K, ' one', -1",
    "CL100K, 'oneTwo', -1",
    "'command-r, StarCoder', 'one\n1', 3",
    "numbers from the right, 'one.\ntwo', 5"
  })
  void theLastAllowedCutIsFound(String name, String text, int cut) {
    byte[] bytes = text.getBytes(UTF_8);
    PatternCutRule rule = published().get(name).cutRule().orElseThrow();
    assertThat(rule.lastCut(bytes, 0, bytes.length)).isEqualTo(cut);
  }

  @Test
  void aCharacterThatIsNotWholeYetIsNotJudged() {
    byte[] text = "a.\n中".getBytes(UTF_8);
    PatternCutRule rule = published().get("QWEN2").cutRule().orElseThrow();
    assertThat(rule.lastCut(text, 0, 6)).isEqualTo(3);
    assertThat(rule.lastCut(text, 0, 5)).isEqualTo(-1);
    assertThat(rule.lastCut(text, 0, 4)).isEqualTo(-1);
  }

  @Test
  void whatIsNoKnownPatternHasNoRule() {
    for (PreTokenizerSpec spec :
        List.of(
            BYTES,
            new ByteLevel(true, true, false),
            new Metaspace("▁", PrependScheme.FIRST, false),
            new UnicodeScripts(),
            isolated("(?=(\\d{3})+(?!\\d))"),
            new Split(new TextPattern.Literal(""), Behavior.ISOLATED, false),
            sequence(),
            sequence(new UnicodeScripts(), isolated(SplitPattern.QWEN2.regex())),
            sequence(BYTES, isolated("\\p{L}+|\\s")),
            isolated("\\s+|\\S+"),
            new ByteLevel(true, true, true),
            new Whitespace(),
            new WhitespaceSplit(),
            new Bert(),
            new CharDelimiterSplit(" "),
            new Metaspace("▁", PrependScheme.ALWAYS, true),
            sequence(new Punctuation(Behavior.CONTIGUOUS), new ByteLevel(false, true, true)),
            sequence(new Digits(false), new ByteLevel(false, true, true)),
            new Split(
                new TextPattern.Regex(SplitPattern.QWEN2.regex()),
                Behavior.MERGED_WITH_NEXT,
                false),
            sequence(
                isolated(SplitPattern.QWEN2.regex()),
                new Metaspace("▁", PrependScheme.FIRST, true)),
            sequence(new Digits(true), new UnicodeScripts(), new ByteLevel(false, true, true)))) {
      assertThat(spec.cutRule()).as("%s", spec).isEmpty();
    }
  }

  private static List<Integer> allowedCuts(CutRule rule, byte[] text) {
    List<Integer> cuts = new ArrayList<>();
    int to = text.length;
    int cut;
    while ((cut = rule.lastCut(text, 0, to)) > 0) {
      cuts.add(cut);
      to = cut;
    }
    return cuts;
  }

  private static void assertSame(
      List<String> whole, PreTokenizer cutter, String left, String right, String where) {
    List<String> parts = new ArrayList<>(Pretokens.latin1(cutter, left));
    parts.addAll(Pretokens.latin1(cutter, right));
    if (!parts.equals(whole)) {
      assertThat(parts).as("%s, cut %s | %s", where, left, right).isEqualTo(whole);
    }
  }
}

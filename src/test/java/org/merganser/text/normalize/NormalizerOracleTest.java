package org.merganser.text.normalize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Seeds;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.normalize.NormalizerSpec.Bert;
import org.merganser.text.normalize.NormalizerSpec.ByteLevel;
import org.merganser.text.normalize.NormalizerSpec.Lowercase;
import org.merganser.text.normalize.NormalizerSpec.Nfc;
import org.merganser.text.normalize.NormalizerSpec.Nfd;
import org.merganser.text.normalize.NormalizerSpec.Nfkc;
import org.merganser.text.normalize.NormalizerSpec.Nfkd;
import org.merganser.text.normalize.NormalizerSpec.Prepend;
import org.merganser.text.normalize.NormalizerSpec.Replace;
import org.merganser.text.normalize.NormalizerSpec.Sequence;
import org.merganser.text.normalize.NormalizerSpec.Strip;
import org.merganser.text.normalize.NormalizerSpec.StripAccents;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.NormalizationTexts;
import org.merganser.text.unicode.Scalars;

/** Every normalizer, and Sequences of them, against HF Rust. */
final class NormalizerOracleTest {
  /** New in Unicode 17, which HF 0.23.2 lowercases and the HF of DJL 0.38.0 may not. */
  private static final CodePointSet NEWER_THAN_DJL =
      CodePointSet.ofRanges(0xA7CE, 0xA7CE, 0xA7D2, 0xA7D2, 0xA7D4, 0xA7D4, 0x16EA0, 0x16EB8);

  static Stream<Arguments> normalizers() {
    return Stream.<NormalizerSpec>of(
            new Nfc(),
            new Nfd(),
            new Nfkc(),
            new Nfkd(),
            new Lowercase(),
            new Bert(true, true, null, true),
            new Bert(true, false, true, false),
            new Bert(false, true, false, true),
            new Bert(true, true, null, false),
            new StripAccents(),
            new ByteLevel(),
            new Sequence(List.of(new Nfd(), new StripAccents(), new Bert(false, true, null, true))),
            new Sequence(List.of(new Lowercase(), new ByteLevel())),
            new Strip(true, true),
            new Strip(true, false),
            new Strip(false, true),
            new Strip(false, false),
            new Prepend("▁"),
            new Prepend(" é"),
            replace(" ", "▁"),
            replace("aa", ""),
            replace("a", "aa"),
            replace("\n", "\n"),
            regex("\\s+", " "),
            regex(" {2,}", "▁"),
            regex("(?<=[a-z])(?=[A-Z])", ""),
            regex("[\\p{Cc}&&[^\\n\\t]]", ""),
            regex("\\p{M}+", ""),
            regex("(?i)HELLO|\\d+", "<$1\\0>"),
            new Sequence(List.of(new Nfkc(), regex("[ \\u3000]+", " "), new Strip(true, true))),
            new Sequence(List.of()),
            new Sequence(List.of(new Nfd(), new Lowercase(), new Nfc())),
            new Sequence(List.of(new Strip(true, true), new Prepend("▁"), replace(" ", "▁"))),
            new Sequence(List.of(new Nfkc(), new Sequence(List.of(new Strip(false, true))))),
            new Sequence(
                List.of(new Lowercase(), new Sequence(List.of()), new Nfkd(), new Lowercase())))
        .map(Arguments::of);
  }

  private static Replace replace(String literal, String content) {
    return new Replace(new TextPattern.Literal(literal), content);
  }

  private static Replace regex(String regex, String content) {
    return new Replace(new TextPattern.Regex(regex), content);
  }

  @ParameterizedTest
  @MethodSource("normalizers")
  void equalsHfOnNastyDocuments(NormalizerSpec spec) {
    long seed = Seeds.next();
    Random texts = new Random(seed);
    Normalizer ours = spec.build();
    try (HfOracle hf = HfOracle.of(spec)) {
      for (int i = 0; i < 100; i++) {
        String text = NastyText.forComponents(texts, i < 50 ? 4 : 30);
        if (text.codePoints().anyMatch(NEWER_THAN_DJL::contains)) {
          continue;
        }
        assertThat(apply(ours, text))
            .as("seed %d, text %d, %s: %s", seed, i, spec, NormalizationTexts.hex(text))
            .isEqualTo(hf.rewrite(text));
      }
    }
  }

  static Stream<NormalizerSpec> rewritingCharacters() {
    return Stream.of(
        new Lowercase(),
        new Bert(true, false, false, false),
        new Bert(false, true, false, false),
        new Bert(false, false, true, false),
        new StripAccents(),
        new ByteLevel());
  }

  @ParameterizedTest
  @MethodSource("rewritingCharacters")
  void rewritesScalarValuesAsHfDoes(NormalizerSpec spec) {
    compareScalars(spec, false);
  }

  @ParameterizedTest
  @MethodSource("rewritingCharacters")
  @Tag("soak")
  void rewritesEveryScalarValueAsHfDoes(NormalizerSpec spec) {
    compareScalars(spec, true);
  }

  private static void compareScalars(NormalizerSpec spec, boolean all) {
    Normalizer ours = spec.build();
    try (HfOracle hf = HfOracle.of(spec)) {
      Scalars.texts(
          all,
          "",
          "",
          c -> !NEWER_THAN_DJL.contains(c),
          text ->
              assertThat(apply(ours, text))
                  .as("%s from U+%04X", spec, text.codePointAt(0))
                  .isEqualTo(hf.rewrite(text)));
    }
  }

  @Test
  void lowercasesEachCharacterByItselfInUnicode17() {
    Normalizer lowercase = new Lowercase().build();
    assertThat(apply(lowercase, "ΑΣ İI")).isEqualTo("ασ i\u0307i");
    assertThat(apply(lowercase, "\uA7CE\uA7D2\uA7D4")).isEqualTo("\uA7CF\uA7D3\uA7D5");
    assertThat(apply(lowercase, Character.toString(0x16EA0)))
        .isEqualTo(Character.toString(0x16EBB));
    assertThat(apply(lowercase, Character.toString(0x16EB8)))
        .isEqualTo(Character.toString(0x16ED3));
  }

  @Test
  void refusesWhatHfItselfFailsOn() {
    assertThatThrownBy(() -> new Prepend("").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Prepend with an empty string is not supported");
    for (Replace spec :
        List.of(
            replace("", "x"),
            regex("x*", "<"),
            regex("$", "<"),
            regex("(?=\\s)", "<"),
            regex("^", "x"),
            regex("^ *", "x"))) {
      assertThatThrownBy(() -> new Sequence(List.of(new Nfc(), spec)).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Replace with a pattern that can match nothing at the beginning")
          .hasMessageContaining(spec.pattern().toString());
    }
    assertThat(regex("^ +", "x").insertsAtBeginning()).isFalse();
    assertThat(replace("", "").insertsAtBeginning()).isFalse();
    assertThat(replace(" ", "x").insertsAtBeginning()).isFalse();
  }

  @Test
  void insertsInsideOfTheTextAsHfDoes() {
    Replace spec = regex("(?<=[a-z])(?=[A-Z0-9])", "-");
    try (HfOracle hf = HfOracle.of(spec)) {
      assertThat(apply(spec.build(), "oneTwo3 A")).isEqualTo("one-Two-3 A");
      assertThat(hf.rewrite("oneTwo3 A")).isEqualTo("one-Two-3 A");
    }
  }

  static String apply(Normalizer normalizer, String text) {
    byte[] bytes = ("é" + text + "é").getBytes(UTF_8);
    ByteBuilder out = new ByteBuilder(16);
    boolean changed = normalizer.normalize(bytes, 2, bytes.length - 2, out);
    return changed ? new String(out.toByteArray(), UTF_8) : text;
  }
}

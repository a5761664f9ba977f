package org.merganser.bpe.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;

class TokenRulesTest {
  private static RuleCheck forbid(String... regexes) {
    return new RuleCheck(new TokenRules(List.of(regexes), null, new TreeMap<>(), 1));
  }

  private static @Nullable String broken(RuleCheck check, byte[] bytes) {
    return check.broken(ByteAlphabet.toToken(bytes, 0, bytes.length));
  }

  private static @Nullable String broken(RuleCheck check, String text) {
    return broken(check, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRegexIsFoundAnywhereInTheText() {
    RuleCheck check = forbid("\\p{N}{2}", "\\A ");
    assertThat(broken(check, "a1")).isNull();
    assertThat(broken(check, "x12")).isEqualTo("forbid: \\p{N}{2}");
    assertThat(broken(check, " x")).isEqualTo("forbid: \\A ");
    assertThat(broken(check, "x ")).isNull();
  }

  @Test
  void bytesThatAreAPartOfACharacterAreOneReplacementCharacter() {
    byte[] han = "漢字".getBytes(StandardCharsets.UTF_8);
    RuleCheck check = forbid("\\uFFFD\\z");
    assertThat(broken(check, Arrays.copyOf(han, 6))).isNull();
    assertThat(broken(check, Arrays.copyOf(han, 5))).isEqualTo("forbid: \\uFFFD\\z");
    assertThat(broken(check, Arrays.copyOf(han, 4))).isEqualTo("forbid: \\uFFFD\\z");
    assertThat(broken(forbid("\\A漢\\uFFFD\\z"), Arrays.copyOf(han, 5))).isNotNull();
    assertThat(broken(forbid("字"), Arrays.copyOf(han, 5))).isNull();
    assertThat(broken(forbid("\\A\\uFFFD字"), Arrays.copyOfRange(han, 2, 6))).isNotNull();
  }

  @Test
  void digitsOfAllScriptsCount() {
    RuleCheck check = new RuleCheck(new TokenRules(List.of(), 2, new TreeMap<>(), 1));
    assertThat(broken(check, "1a2")).isNull();
    assertThat(broken(check, "123")).isEqualTo("maxDigits: 2");
    assertThat(broken(check, "๑२3")).isEqualTo("maxDigits: 2");
    assertThat(broken(check, "½²Ⅷ")).isNull();
    assertThat(broken(check, Arrays.copyOf("๑๒๓".getBytes(StandardCharsets.UTF_8), 8))).isNull();
  }

  @Test
  void aTokenOfSeveralScriptsIsHeldToTheLeastLimit() {
    TokenRules rules =
        new TokenRules(List.of(), null, new TreeMap<>(Map.of("Han", 6, "hiragana", 4)), 1);
    RuleCheck check = new RuleCheck(rules);
    assertThat(broken(check, "漢字")).isNull();
    assertThat(broken(check, " 漢字")).isEqualTo("maxTokenBytes.han: 6");
    assertThat(broken(check, "漢の")).isEqualTo("maxTokenBytes.hiragana: 4");
    assertThat(broken(check, "anything else")).isNull();
    byte[] partial = Arrays.copyOf("字の".getBytes(StandardCharsets.UTF_8), 5);
    assertThat(broken(check, partial)).isNull(); // the second is no character yet
  }

  /** Digits would be merged first, with 9, then with 5 occurrences; then what is left with c. */
  @Test
  void theAccountNamesWhatWasTheNextToMerge() {
    Map<String, Long> corpus = Map.of("12", 9L, "123", 5L, "cd", 4L);
    TrainerSettings settings =
        new TrainerSettings(100, 2, List.of(), TrainerSettings.Alphabet.SEEN, List.of(), null, null)
            .withRules(new TokenRules(List.of(), 1, new TreeMap<>(), 1));
    TrainingBound.Result result =
        new BpeTrainer(settings)
            .train(
                visitor ->
                    corpus.forEach(
                        (word, count) -> {
                          byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
                          visitor.visit(bytes, 0, bytes.length, count);
                        }),
                new TrainingBound(Long.MAX_VALUE, Long.MAX_VALUE),
                (learned, wanted) -> {});
    assertThat(result.trained().tokens()).containsExactly("1", "2", "3", "c", "d", "cd");
    assertThat(result.passedOver())
        .containsExactly(
            new PassedOver(
                "maxDigits: 1",
                2,
                List.of(new PassedOver.Pair("12", 14), new PassedOver.Pair("23", 5))));
  }
}

package org.merganser.text.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.text.NastyText;

class SplitPatternTest {
  /** Spellings from published files that must cut as the pattern does. */
  private static final Map<String, SplitPattern> SPELLINGS =
      Map.of(
          "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          SplitPattern.GPT2,
          "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++"
              + "|\\s++$|\\s+(?!\\S)|\\s",
          SplitPattern.GPT2,
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
          SplitPattern.CL100K,
          "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
          SplitPattern.CL100K,
          "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s",
          SplitPattern.QWEN2);

  /** The regexes of the families' published files, as they spell them. */
  private static final Map<SplitPattern, String> PUBLISHED =
      Map.of(
          SplitPattern.GPT2,
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          SplitPattern.CL100K,
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          SplitPattern.QWEN2,
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          SplitPattern.QWEN35,
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          SplitPattern.O200K,
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
              + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
              + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
              + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
              + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          SplitPattern.TEKKEN,
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
              + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
              + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  @Test
  void aPatternHasTheRegexOfThePublishedFile() {
    PUBLISHED.forEach(
        (pattern, regex) -> assertThat(pattern.regex()).as(pattern.nameInFile()).isEqualTo(regex));
  }

  @Test
  void everyPatternIsKnownByItsOwnRegexes() {
    for (SplitPattern pattern : SplitPattern.values()) {
      assertThat(SplitPattern.of(pattern.regexes())).contains(pattern);
      if (pattern != SplitPattern.DEEPSEEK3) {
        assertThat(SplitPatternVariants.of(pattern.regex())).contains(pattern.rules());
      }
    }
    assertThat(pattern(SplitPattern.QWEN2.regex())).contains(SplitPattern.QWEN2);
  }

  @Test
  void newlinesMayStandLiterallyAsInDeepSeeksFile() {
    List<String> literal =
        SplitPattern.DEEPSEEK3.regexes().stream()
            .map(regex -> regex.replace("\\r", "\r").replace("\\n", "\n"))
            .collect(Collectors.toList());
    assertThat(literal).isNotEqualTo(SplitPattern.DEEPSEEK3.regexes());
    assertThat(SplitPattern.of(literal)).contains(SplitPattern.DEEPSEEK3);
  }

  @Test
  void otherSpellingsAreKnownAndCutAlike() {
    long seed = Seeds.next();
    SPELLINGS.forEach(
        (regex, pattern) -> {
          assertThat(pattern(regex)).as(regex).contains(pattern);
          Random random = new Random(seed);
          RegexTwin spelled = new RegexTwin(regex);
          RegexTwin plain = new RegexTwin(pattern);
          for (int round = 0; round < 800; round++) {
            String text = NastyText.forSplits(random, 20);
            if (!Arrays.equals(spelled.ends(text), plain.ends(text))) {
              assertThat(spelled.ends(text))
                  .as("%s seed %d text %s", regex, seed, PretokenScannerTest.escape(text))
                  .isEqualTo(plain.ends(text));
            }
          }
        });
  }

  @Test
  void whatOnlyLooksAlikeIsNotKnown() {
    // Ruby's {1,3}+ repeats; \s++$ before the newlines takes them at the end of a text.
    assertThat(
            pattern(
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+"
                    + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s"))
        .isEmpty();
    assertThat(
            pattern(
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s"))
        .isEmpty();
    // Before [\p{L}\p{M}]+ a possessive prefix leaves a lone mark unmatched.
    assertThat(pattern(SplitPattern.QWEN35.regex().replace("]?[", "]?+["))).isEmpty();
    assertThat(SplitPattern.scanner(List.of(SplitPattern.QWEN35.regex().replace("]?[", "]?+["))))
        .isEmpty();
    assertThat(
            SplitPattern.scanner(List.of(SplitPattern.CL100K.regex().replace("{1,3}", "{1,3}+"))))
        .isEmpty();
    assertThat(SplitPattern.scanner(List.of(SplitPattern.CL100K.regex().replace("{1,3}", "{2,3}"))))
        .isEmpty();
    // The contraction is no longer optional as a whole.
    assertThat(
            SplitPattern.scanner(
                List.of(
                    SplitPattern.O200K
                        .regex()
                        .replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)", "'(?i:[sdmt]|ll|ve|re)"))))
        .isEmpty();
    assertThat(pattern("\\p{L}+")).isEmpty();
    assertThat(SplitPattern.of(List.of())).isEmpty();
    assertThat(pattern(SplitPattern.DEEPSEEK3.regexes().get(2))).isEmpty();
  }

  @Test
  void aPatternOfSeveralSplitsHasNoSingleRegex() {
    assertThatThrownBy(SplitPattern.DEEPSEEK3::regex)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("DEEPSEEK3 is 3 Splits in sequence: ask for regexes()");
  }

  @Test
  @Tag("conformance")
  void everyRegexOfTheRealTokenizersIsKnown() throws IOException {
    Map<String, SplitPattern> known = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> list = Files.list(SharedData.dir().resolve("tokenizers"))) {
      files = list.map(dir -> dir.resolve("tokenizer.json")).collect(Collectors.toList());
    }
    for (Path file : files) {
      List<String> regexes = new ArrayList<>();
      for (JsonNode regex :
          new ObjectMapper().readTree(file.toFile()).path("pre_tokenizer").findValues("Regex")) {
        regexes.add(regex.asText());
      }
      if (!regexes.isEmpty()) {
        known.put(
            file.getParent().getFileName().toString(), SplitPattern.of(regexes).orElseThrow());
      }
    }
    assertThat(known)
        .containsEntry("gpt35turbo", SplitPattern.CL100K)
        .containsEntry("gptoss", SplitPattern.O200K)
        .containsEntry("qwen2_5_derived", SplitPattern.QWEN2);
  }

  private static Optional<SplitPattern> pattern(String regex) {
    return SplitPattern.of(List.of(regex));
  }
}

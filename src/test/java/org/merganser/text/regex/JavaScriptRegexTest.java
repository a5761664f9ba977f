package org.merganser.text.regex;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.shard.NodeJs;
import org.merganser.text.RegexTexts;

/** Regular expressions in JavaScript's syntax: the same matches in Node.js, or a refusal. */
final class JavaScriptRegexTest {
  /** Prints the matches of each regex in each text; one empty match behind another counts not. */
  private static final String SCRIPT =
      """
      const fs = require("fs");
      for (const { regex, texts } of JSON.parse(fs.readFileSync("cases.json", "utf8"))) {
        const lines = texts.map((text) => {
          const found = [];
          let last = -1;
          for (const match of text.matchAll(new RegExp(regex, "gu"))) {
            const end = match.index + match[0].length;
            if (match[0] !== "" || end !== last) found.push(match.index + "-" + end);
            last = end;
          }
          return found.join(" ");
        });
        console.log(lines.join("|"));
      }
      """;

  private static final List<String> BACK_REFERENCES =
      List.of(
          "(?<g>\\S)\\k<g>{1,7}",
          "(a|b)\\1",
          "(\\w+?)\\1x?",
          "(?>(a|b)\\1*)b",
          "(?:(a|b)c?\\1)+",
          "(?=(\\w\\w))\\1?a",
          "(a(b|c)\\2?)\\1",
          "(?:(.)x?)+\\1");

  @TempDir Path folder;

  private record Case(String regex, List<String> texts) {}

  @Test
  void randomRegexesMatchInJavaScriptAsHere() throws IOException, InterruptedException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    RegexTexts regexes = new RegexTexts(random);
    List<String> wanted = new ArrayList<>(BACK_REFERENCES);
    for (int i = Seeds.cases(2_000); i > 0; i--) {
      wanted.add(regexes.nextOfAll());
    }
    List<Case> cases = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (String regex : wanted) {
      String translated;
      try {
        translated = JavaScriptRegex.of(regex);
      } catch (IllegalArgumentException refused) {
        assertThat(BACK_REFERENCES).doesNotContain(regex);
        continue;
      }
      RegexMatcher matcher = CompiledRegex.of(regex).newMatcher();
      List<String> texts = new ArrayList<>();
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        texts.add(text(random));
        lines.add(matches(matcher, texts.get(i)));
      }
      cases.add(new Case(translated, texts));
      descriptions.add(regex + " as " + translated + " on " + texts);
      expected.add(String.join("|", lines));
    }
    assertThat(cases).hasSizeGreaterThan(wanted.size() / 10);
    Files.write(folder.resolve("cases.json"), new ObjectMapper().writeValueAsBytes(cases));
    List<String> actual = NodeJs.run(folder, SCRIPT);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i))
          .as("seed %d: %s", seed, descriptions.get(i))
          .isEqualTo(expected.get(i));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append("aaabbcdxXA 1\nssß".charAt(random.nextInt(16)));
    }
    return text.toString();
  }

  private static String matches(RegexMatcher matcher, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    matcher.reset(bytes, 0, bytes.length);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(units(bytes, matcher.start()) + "-" + units(bytes, matcher.end()));
    }
    return String.join(" ", found);
  }

  /** A place in bytes in UTF-16 units. */
  private static int units(byte[] bytes, int at) {
    return new String(bytes, 0, at, UTF_8).length();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(?:a*|b)* ; a loop whose turn may be empty",
        "\\Ga ; \\G",
        "a\\Kb ; \\K",
        "\\X ; \\X, \\y or \\Y",
        "(?i)(a)\\1 ; a back-reference without regard to case",
        "(?:(a)|b)\\1 ; a back-reference to a group that may have matched nothing yet",
        "(a)?\\1 ; a back-reference to a group that may have matched nothing yet",
        "(?!(a))\\1 ; a back-reference to a group that may have matched nothing yet",
        "\\1(a) ; a back-reference to a group that may have matched nothing yet",
        "(?<n>a)(?<n>b)\\k<n> ; a back-reference to several groups"
      })
  void refusesWhatJavaScriptDoesNotHave(String regex, String what) {
    assertThatThrownBy(() -> JavaScriptRegex.of(regex.strip()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a JavaScript regular expression can't express " + what.strip());
  }
}

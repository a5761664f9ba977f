package org.merganser.bpe.train;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.constraint.TokenRules;

/** {@link TokenRules} as the JDK's regular expressions and scripts have them. */
final class NaiveRules {
  private NaiveRules() {}

  static boolean allow(TokenRules rules, String token) {
    byte[] bytes = ByteAlphabet.toBytes(token);
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (String regex : rules.forbid()) {
      if (Pattern.compile(regex, Pattern.MULTILINE | Pattern.UNIX_LINES).matcher(text).find()) {
        return false;
      }
    }
    long digits =
        text.codePoints()
            .filter(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER)
            .count();
    if (rules.maxDigits() != null && digits > rules.maxDigits()) {
      return false;
    }
    for (Map.Entry<String, Integer> script : rules.maxTokenBytes().entrySet()) {
      Character.UnicodeScript name = Character.UnicodeScript.forName(script.getKey());
      if (bytes.length > script.getValue()
          && text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == name)) {
        return false;
      }
    }
    return true;
  }

  static TokenRules random(Random random, List<String> regexes, String script) {
    return random(random, regexes, script, 1);
  }

  /** None for texts, most often; else some. */
  static TokenRules random(Random random, List<String> regexes, String script, int minGroups) {
    if (random.nextInt(3) > 0) {
      return new TokenRules(List.of(), null, new TreeMap<>(), minGroups);
    }
    List<String> forbid = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      forbid.add(regexes.get(random.nextInt(regexes.size())));
    }
    Map<String, Integer> most = new TreeMap<>();
    if (random.nextInt(3) == 0) {
      most.put(script, 1 + random.nextInt(7));
    }
    Integer digits = random.nextInt(3) == 0 ? random.nextInt(4) : null;
    return new TokenRules(forbid, digits, new TreeMap<>(most), minGroups);
  }
}

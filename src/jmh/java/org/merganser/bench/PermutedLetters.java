package org.merganser.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Another text of the same kind: each letter is replaced by another letter of its script, of as
 * many bytes, the same one everywhere. So words and their frequencies, lengths, spaces, digits and
 * marks stay as they are, and the words themselves are others. An uppercase letter follows its
 * lowercase one.
 */
final class PermutedLetters {
  private final int[] replacements = new int[Character.MIN_SURROGATE];

  PermutedLetters(long seed) {
    SortedMap<String, List<Integer>> groups = new TreeMap<>();
    for (int letter = 0; letter < replacements.length; letter++) {
      replacements[letter] = letter;
      String group = group(letter);
      if (!group.isEmpty()) {
        groups.computeIfAbsent(group, key -> new ArrayList<>()).add(letter);
      }
    }
    Random random = new Random(seed);
    for (List<Integer> group : groups.values()) {
      List<Integer> shuffled = new ArrayList<>(group);
      Collections.shuffle(shuffled, random);
      for (int i = 0; i < shuffled.size(); i++) {
        replacements[group.get(i)] = shuffled.get(i);
        if (isCased(group.get(i))) {
          replacements[upper(group.get(i))] = upper(shuffled.get(i));
        }
      }
    }
  }

  /** What letters that may replace each other share; empty for what is left as it is. */
  private static String group(int letter) {
    boolean alone = Character.getType(letter) == Character.OTHER_LETTER;
    if (!alone && !isCased(letter)
        || !Normalizer.isNormalized(Character.toString(letter), Normalizer.Form.NFD)) {
      return "";
    }
    return Character.UnicodeScript.of(letter) + (alone ? " alone " : " cased ") + bytes(letter);
  }

  /** Whether this is a lowercase letter with an uppercase one of as many bytes, and of its own. */
  private static boolean isCased(int letter) {
    int upper = upper(letter);
    return Character.isLowerCase(letter)
        && upper != letter
        && Character.toLowerCase(upper) == letter
        && bytes(upper) == bytes(letter)
        && Character.toString(letter).toUpperCase(Locale.ROOT).length() == 1;
  }

  private static int upper(int letter) {
    return Character.toUpperCase(letter);
  }

  private static int bytes(int letter) {
    return letter < 0x80 ? 1 : letter < 0x800 ? 2 : 3;
  }

  /** The text with other letters. */
  byte[] apply(byte[] text) {
    char[] chars = new String(text, UTF_8).toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] < replacements.length) {
        chars[i] = (char) replacements[chars[i]];
      }
    }
    return new String(chars).getBytes(UTF_8);
  }
}

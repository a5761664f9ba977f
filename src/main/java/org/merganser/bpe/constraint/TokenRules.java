package org.merganser.bpe.constraint;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.RegexProperties;
import org.merganser.text.unicode.Scripts;

/**
 * Which tokens no merge may make. All rules but the last look at the text of a token: its bytes as
 * UTF-8, with U+FFFD for each maximal ill-formed part, as a token may begin or end inside a
 * character. Tokens that no merge makes, such as single bytes and special tokens, are not asked.
 * Immutable.
 *
 * @param forbid regular expressions in the syntax of split patterns: a token in whose text one of
 *     them is found is forbidden
 * @param maxDigits the most decimal digits (Unicode's Nd) of a token; null for any number
 * @param maxTokenBytes by script, such as Han: the most bytes of a token that has a character of
 *     the script
 * @param minGroups groups of the text, such as languages, that a pair must occur in when it would
 *     be merged; 1 for any pair
 */
public record TokenRules(
    List<String> forbid,
    @Nullable Integer maxDigits,
    SortedMap<String, Integer> maxTokenBytes,
    int minGroups) {

  /** Every token may be. */
  public static final TokenRules NONE = new TokenRules(List.of(), null, new TreeMap<>(), 1);

  /**
   * @throws IllegalArgumentException naming the rule, its value and what is allowed: for a regular
   *     expression that is not one, that finds the empty string, or over which a search goes back
   *     and forth; for a script that Unicode does not have
   */
  public TokenRules {
    forbid = List.copyOf(forbid);
    maxTokenBytes = Collections.unmodifiableSortedMap(new TreeMap<>(maxTokenBytes));
    for (int i = 0; i < forbid.size(); i++) {
      requireSearchable("forbid[" + i + "]: \"" + forbid.get(i) + "\"", forbid.get(i));
    }
    if (maxDigits != null && maxDigits < 0) {
      throw new IllegalArgumentException("maxDigits: " + maxDigits + " must be 0 or more");
    }
    if (minGroups < 1) {
      throw new IllegalArgumentException("minGroups: " + minGroups + " must be 1 or more");
    }
    for (String script : maxTokenBytes.keySet()) {
      if (script(script) < 0) {
        throw new IllegalArgumentException(
            "maxTokenBytes: \""
                + script
                + "\" is no script of Unicode; give its long name, such as Han, Hiragana or Latin");
      }
    }
  }

  private static void requireSearchable(String name, String regex) {
    TextPattern.Regex pattern = new TextPattern.Regex(regex);
    boolean backtracks;
    try {
      backtracks = pattern.backtracks();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " cannot be searched for: " + e.getMessage(), e);
    }
    if (backtracks) {
      throw new IllegalArgumentException(
          name
              + " has a back-reference, an atomic group or a look over more than one character;"
              + " write it without, so that a search takes time in proportion to the text");
    }
    if (pattern.matchesNothing()) {
      throw new IllegalArgumentException(
          name + " finds the empty string, which is in every token; it must take a character");
    }
  }

  /** The number of a script in {@link Scripts}, or -1. */
  static int script(String name) {
    return Scripts.number(RegexProperties.plainName(name));
  }

  /** Whether there is no rule. */
  public boolean isEmpty() {
    return forbid.isEmpty() && maxDigits == null && maxTokenBytes.isEmpty() && minGroups == 1;
  }
}

package org.merganser.text.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.text.scan.SplitPatternRules.Contractions;

/**
 * The regexes that {@link SplitPatternRules} describe: the families' own, and variants of these. A
 * variant differs in the length of numbers and the side they are counted from, the contractions,
 * whether marks are letters, or what is joined to the symbols before it.
 */
final class SplitPatternVariants {
  private static final String SHORT = "'s|'t|'re|'ve|'m|'ll|'d";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  /**
   * An alternative of numbers alone: one, some, some such that the rest can be cut into pretokens
   * of the maximum length, or any number.
   */
  private static final Pattern NUMBERS =
      Pattern.compile(
          "\\|\\\\p\\{N}(?:\\{1,([1-9])}"
              + "(?:\\(\\?=\\(\\?:\\\\p\\{N}\\{\\1}\\)\\*\\(\\?!\\\\p\\{N}\\)\\))?|(\\+)|)\\|");

  private SplitPatternVariants() {}

  /** The rules of a regex in the spelling of {@link SplitPattern}. */
  static Optional<SplitPatternRules> of(String regex) {
    Matcher numbers = NUMBERS.matcher(regex);
    int most = Integer.MAX_VALUE;
    if (numbers.find() && numbers.group(2) == null) {
      most = numbers.group(1) == null ? 1 : Integer.parseInt(numbers.group(1));
    }
    return all(most).stream().filter(rules -> regex(rules).equals(regex)).findFirst();
  }

  /** All rules with this bound of numbers, except deepseek3's. */
  static List<SplitPatternRules> all(int maxNumber) {
    List<SplitPatternRules> all = new ArrayList<>();
    for (Contractions contractions : Contractions.values()) {
      for (boolean joinsSlash : new boolean[] {false, true}) {
        all.add(SplitPatternRules.cased(contractions, maxNumber, joinsSlash));
        for (boolean marks : new boolean[] {false, true}) {
          if (contractions != Contractions.FOLDED_SUFFIX) {
            all.add(SplitPatternRules.uncased(contractions, maxNumber, marks, joinsSlash));
          }
        }
      }
      for (boolean marks : new boolean[] {false, true}) {
        if (contractions != Contractions.FOLDED_SUFFIX && maxNumber == Integer.MAX_VALUE) {
          all.add(SplitPatternRules.spaced(contractions, marks));
        }
      }
    }
    if (maxNumber > 1 && maxNumber < Integer.MAX_VALUE) {
      all.addAll(all.stream().map(rules -> rules.withNumbers(maxNumber, true)).toList());
    }
    return all;
  }

  static String regex(SplitPatternRules rules) {
    String prefix = rules.onlySpacePrefix() ? " ?" : "[^\\r\\n\\p{L}\\p{N}]?";
    String letters = rules.marksInWords() ? "[\\p{L}\\p{M}]" : "\\p{L}";
    String suffix = rules.contractions() == Contractions.FOLDED_SUFFIX ? "(?i:" + SHORT + ")?" : "";
    String words =
        rules.caseSplits()
            ? prefix + UPPER + "*" + LOWER + "+" + suffix + "|" + prefix + UPPER + "+" + LOWER + "*"
                + suffix
            : prefix + letters + "+";
    String noSymbols = rules.marksInWords() && !rules.caseSplits() ? "\\p{M}" : "";
    String joined = rules.joinsSlash() ? "[\\r\\n/]*" : "[\\r\\n]*";
    return tokens(rules.contractions())
        + words
        + (rules.onlySpacePrefix() ? "| ?\\p{N}" : "|\\p{N}")
        + (rules.maxNumber() == Integer.MAX_VALUE ? "+" : bound(rules.maxNumber()))
        + (rules.numbersFromRight() ? untilRestFits(rules.maxNumber()) : "")
        + ("| ?[^\\s\\p{L}" + noSymbols + "\\p{N}]+")
        + (rules.onlySpacePrefix() ? "" : joined + "|\\s*[\\r\\n]+")
        + "|\\s+(?!\\S)|\\s+";
  }

  private static String bound(int most) {
    return most == 1 ? "" : "{1," + most + "}";
  }

  /** The look-ahead that requires pretokens of the maximum length and no further number. */
  private static String untilRestFits(int most) {
    return "(?=(?:\\p{N}{" + most + "})*(?!\\p{N}))";
  }

  private static String tokens(Contractions contractions) {
    return switch (contractions) {
      case NONE, FOLDED_SUFFIX -> "";
      case EXACT_TOKEN -> SHORT + "|";
      case FOLDED_TOKEN -> "(?i:" + SHORT + ")|";
      case ASCII_FOLDED_TOKEN -> "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|";
    };
  }
}

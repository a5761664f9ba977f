package org.merganser.text.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The regexes that {@link SplitPatternRules} describe: the families' own, and variants of these. A
 * variant differs in the length of numbers and the side they are counted from, the contractions,
 * whether marks are letters, or what is joined to the symbols before it.
 */
final class SplitPatternVariants {
  /** The contractions, in lower case. */
  private static final String CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";

  /** The characters of the class {@link PretokenClasses#UPPER}. */
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";

  /** The characters of the class {@link PretokenClasses#LOWER}. */
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

  /**
   * An alternative of numbers alone: one number character, up to a maximum (group most), up to a
   * maximum such that the rest can be cut into pretokens of that length, or any number of them
   * (group any).
   */
  private static final Pattern NUMBERS =
      Pattern.compile(
          "\\|\\\\p\\{N}(?:\\{1,(?<most>[1-9])}"
              + "(?:\\(\\?=\\(\\?:\\\\p\\{N}\\{\\k<most>}\\)\\*\\(\\?!\\\\p\\{N}\\)\\))?"
              + "|(?<any>\\+)|)\\|");

  /** The values of a switch. */
  private static final boolean[] BOTH = {false, true};

  private SplitPatternVariants() {}

  /** The rules of a regex in the spelling of {@link SplitPattern}; empty if it is none of these. */
  static Optional<SplitPatternRules> of(String regex) {
    Matcher numbers = NUMBERS.matcher(regex);
    int most = Integer.MAX_VALUE;
    if (numbers.find() && numbers.group("any") == null) {
      String bound = numbers.group("most");
      most = bound == null ? 1 : Integer.parseInt(bound);
    }
    return all(most).stream().filter(rules -> regex(rules).equals(regex)).findFirst();
  }

  /** All rules with this bound of numbers that one regex expresses. */
  static List<SplitPatternRules> all(int maxNumber) {
    List<SplitPatternRules> all = new ArrayList<>();
    for (Contractions contractions : Contractions.values()) {
      addCased(contractions, maxNumber, all);
      if (contractions != Contractions.FOLDED_SUFFIX) { // only with words that are cut by case
        addUncased(contractions, maxNumber, all);
      }
    }
    if (maxNumber > 1 && maxNumber < Integer.MAX_VALUE) {
      all.addAll(all.stream().map(SplitPatternRules::withNumbersFromRight).toList());
    }
    return all;
  }

  /** The regex that cuts text as the rules do, in the spelling of {@link SplitPattern}. */
  static String regex(SplitPatternRules rules) {
    String marksAreNoSymbols = rules.marksInWords() && !rules.caseSplits() ? "\\p{M}" : "";
    String joined = rules.joinsSlash() ? "[\\r\\n/]*" : "[\\r\\n]*";
    return contractionTokens(rules.contractions())
        + words(rules)
        + (rules.onlySpacePrefix() ? "| ?\\p{N}" : "|\\p{N}")
        + (rules.maxNumber() == Integer.MAX_VALUE ? "+" : bound(rules.maxNumber()))
        + (rules.numbersFromRight() ? untilRestFits(rules.maxNumber()) : "")
        + ("| ?[^\\s\\p{L}" + marksAreNoSymbols + "\\p{N}]+")
        + (rules.onlySpacePrefix() ? "" : joined + "|\\s*[\\r\\n]+")
        + "|\\s+(?!\\S)|\\s+";
  }

  /** Adds the rules of words that are cut by case. */
  private static void addCased(
      Contractions contractions, int maxNumber, List<SplitPatternRules> all) {
    for (boolean joinsSlash : BOTH) {
      all.add(
          builder(contractions, maxNumber)
              .marksInWords(true)
              .caseSplits(true)
              .joinsSlash(joinsSlash)
              .build());
    }
  }

  /** Adds the rules of words of any case. Those of {@code gpt2} have numbers of any length. */
  private static void addUncased(
      Contractions contractions, int maxNumber, List<SplitPatternRules> all) {
    for (boolean marks : BOTH) {
      for (boolean joinsSlash : BOTH) {
        all.add(
            builder(contractions, maxNumber).marksInWords(marks).joinsSlash(joinsSlash).build());
      }
      if (maxNumber == Integer.MAX_VALUE) {
        all.add(builder(contractions, maxNumber).marksInWords(marks).onlySpacePrefix(true).build());
      }
    }
  }

  private static SplitPatternRules.Builder builder(Contractions contractions, int maxNumber) {
    return SplitPatternRules.builder().contractions(contractions).maxNumber(maxNumber);
  }

  /** The alternatives of contractions that are pretokens; they come first. */
  private static String contractionTokens(Contractions contractions) {
    return switch (contractions) {
      case NONE, FOLDED_SUFFIX -> "";
      case EXACT_TOKEN -> CONTRACTIONS + "|";
      case FOLDED_TOKEN -> "(?i:" + CONTRACTIONS + ")|";
      case ASCII_FOLDED_TOKEN -> "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|";
    };
  }

  /** The alternatives of words, with the character that is joined to them. */
  private static String words(SplitPatternRules rules) {
    String prefix = rules.onlySpacePrefix() ? " ?" : "[^\\r\\n\\p{L}\\p{N}]?";
    if (!rules.caseSplits()) {
      return prefix + (rules.marksInWords() ? "[\\p{L}\\p{M}]" : "\\p{L}") + "+";
    }
    boolean hasSuffix = rules.contractions() == Contractions.FOLDED_SUFFIX;
    String suffix = hasSuffix ? "(?i:" + CONTRACTIONS + ")?" : "";
    String endsLower = prefix + UPPER + "*" + LOWER + "+" + suffix;
    String beginsUpper = prefix + UPPER + "+" + LOWER + "*" + suffix;
    return endsLower + "|" + beginsUpper;
  }

  /** The quantifier of up to {@code most} number characters. */
  private static String bound(int most) {
    return most == 1 ? "" : "{1," + most + "}";
  }

  /** The look-ahead that requires pretokens of the maximum length and no further number. */
  private static String untilRestFits(int most) {
    return "(?=(?:\\p{N}{" + most + "})*(?!\\p{N}))";
  }
}

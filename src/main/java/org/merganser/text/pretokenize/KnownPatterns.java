package org.merganser.text.pretokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.PatternCutRule;
import org.merganser.text.scan.PretokenScanner;
import org.merganser.text.scan.SplitPattern;

/**
 * Finds the components of a pre-tokenizer that are a {@link SplitPattern} or a variant of one:
 * Splits with its regexes, or ByteLevel with its own. These have a scanner and a cut rule.
 */
final class KnownPatterns {
  private KnownPatterns() {}

  /** See {@link PreTokenizerSpec#cutRule}. */
  static Optional<PatternCutRule> cutRule(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = simpleComponents(spec);
    if (components.stream().anyMatch(PreTokenizerSpec::needsFirst)) {
      return Optional.empty();
    }
    boolean isGpt2 = !components.isEmpty() && isGpt2(components.get(0));
    if (isGpt2 || isDigitsThenGpt2(components, 1)) {
      return Optional.of(PatternCutRule.GPT2);
    }
    return regexes(components.subList(0, countOfKnownSplits(components)))
        .flatMap(SplitPattern::cutRule);
  }

  /** See {@link PreTokenizerSpec#knownPattern}. */
  static Optional<List<String>> knownPattern(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = simpleComponents(spec);
    int last = components.size() - 1;
    if (last == 0 && isGpt2(components.get(0))) {
      return Optional.of(SplitPattern.GPT2.regexes());
    } else if (last > 0 && onlyTurnsIntoBytes(components.get(last))) {
      return regexes(components.subList(0, last)).flatMap(SplitPattern::plainRegexes);
    }
    return Optional.empty();
  }

  /** The components in order; Bert and CharDelimiterSplit as the components that they stand for. */
  static List<PreTokenizerSpec> simpleComponents(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = new ArrayList<>();
    for (PreTokenizerSpec component : spec.components()) {
      if (component instanceof PreTokenizerSpec.Bert) {
        components.add(new PreTokenizerSpec.WhitespaceSplit());
        components.add(new PreTokenizerSpec.Punctuation(Behavior.ISOLATED));
      } else if (component instanceof PreTokenizerSpec.CharDelimiterSplit split) {
        TextPattern delimiter = new TextPattern.Literal(split.delimiter());
        components.add(new PreTokenizerSpec.Split(delimiter, Behavior.REMOVED, false));
      } else {
        components.add(component);
      }
    }
    return components;
  }

  /**
   * The number of components, from the first one on, that are together the Splits of a known
   * pattern: the maximum if there are several, 0 if there is none.
   */
  static int countOfKnownSplits(List<PreTokenizerSpec> components) {
    int count = components.size();
    while (count > 0
        && regexes(components.subList(0, count)).flatMap(SplitPattern::plainRegexes).isEmpty()) {
      count--;
    }
    return count;
  }

  /** The scanner of components that {@link #countOfKnownSplits} counts. */
  static PretokenScanner scanner(List<PreTokenizerSpec> splits) {
    return regexes(splits).flatMap(SplitPattern::scanner).orElseThrow();
  }

  /**
   * Whether the component at an index is ByteLevel with its regex and without a prefix space, after
   * Digits (individual), as in StarCoder.
   */
  static boolean isDigitsThenGpt2(List<PreTokenizerSpec> components, int byteLevel) {
    return byteLevel > 0
        && byteLevel < components.size()
        && components.get(byteLevel - 1) instanceof PreTokenizerSpec.Digits digits
        && digits.individualDigits()
        && isGpt2(components.get(byteLevel));
  }

  /**
   * The regexes of these components if they are Splits that may form a known pattern. A single
   * known regex matches every character, so Isolated and Removed inverted cut alike.
   */
  private static Optional<List<String>> regexes(List<PreTokenizerSpec> components) {
    List<String> regexes = new ArrayList<>();
    for (PreTokenizerSpec component : components) {
      if (!(component instanceof PreTokenizerSpec.Split split)
          || !(split.pattern() instanceof TextPattern.Regex regex)) {
        return Optional.empty();
      }
      boolean matchesOnly = split.behavior() == Behavior.REMOVED && split.invert();
      if (split.behavior() != Behavior.ISOLATED && !(matchesOnly && components.size() == 1)) {
        return Optional.empty();
      }
      regexes.add(regex.regex());
    }
    return Optional.of(regexes);
  }

  /** Whether a component is ByteLevel without its regex and without a prefix space. */
  private static boolean onlyTurnsIntoBytes(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.ByteLevel level
        && !level.useRegex()
        && !level.addPrefixSpace();
  }

  /** Whether a component is ByteLevel with its regex and without a prefix space. */
  private static boolean isGpt2(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.ByteLevel level
        && level.useRegex()
        && !level.addPrefixSpace();
  }
}

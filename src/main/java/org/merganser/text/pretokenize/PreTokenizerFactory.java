package org.merganser.text.pretokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.CharacterMatcher;
import org.merganser.text.regex.DfaMatcher;
import org.merganser.text.regex.TextMatcher;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.PatternCutRule;
import org.merganser.text.scan.PretokenScanner;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ComponentClasses;

/**
 * Builds the pre-tokenizer of a specification, by a scanner of a known pattern where there is one,
 * and finds its cut rule.
 */
public final class PreTokenizerFactory {
  private PreTokenizerFactory() {}

  /** See {@link PreTokenizerSpec#cutRule}. */
  static Optional<PatternCutRule> cutRule(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = flatten(spec);
    if (components.stream().anyMatch(PreTokenizerSpec::needsFirst)) {
      return Optional.empty();
    }
    boolean isGpt2 = !components.isEmpty() && isGpt2(components.get(0));
    if (isGpt2 || isDigitsThenGpt2(components, 1)) {
      return Optional.of(PatternCutRule.GPT2);
    }
    for (int end = components.size(); end > 0; end--) {
      Optional<PatternCutRule> rule =
          splits(components.subList(0, end)).flatMap(SplitPattern::cutRule);
      if (rule.isPresent()) {
        return rule;
      }
    }
    return Optional.empty();
  }

  /** See {@link PreTokenizerSpec#knownPattern}. */
  static Optional<List<String>> knownPattern(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = flatten(spec);
    int last = components.size() - 1;
    if (last == 0 && isGpt2(components.get(0))) {
      return Optional.of(SplitPattern.GPT2.regexes());
    }
    boolean endsWithBytes =
        last > 0
            && components.get(last) instanceof PreTokenizerSpec.ByteLevel level
            && !level.useRegex()
            && !level.addPrefixSpace();
    return endsWithBytes
        ? splits(components.subList(0, last)).flatMap(SplitPattern::plainRegexes)
        : Optional.empty();
  }

  /** The components in order; Bert and CharDelimiterSplit as the components that they stand for. */
  private static List<PreTokenizerSpec> flatten(PreTokenizerSpec spec) {
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

  /** See {@link PreTokenizerSpec#build(Supplier)}. */
  static PreTokenizer build(PreTokenizerSpec spec, Supplier<Origins> origins) {
    List<PreTokenizerSpec> components = flatten(spec);
    refuseFirstAfterRewriting(components);
    int byteLevel = 0;
    while (byteLevel < components.size()
        && !(components.get(byteLevel) instanceof PreTokenizerSpec.ByteLevel)) {
      byteLevel++;
    }
    boolean digitsFirst = isDigitsThenGpt2(components, byteLevel);
    List<PreTokenizer> steps =
        steps(components.subList(0, digitsFirst ? byteLevel - 1 : byteLevel), origins);
    if (byteLevel < components.size()) {
      steps.add(
          digitsFirst
              ? new ScannerPreTokenizer(SplitPattern.digitsThenGpt2())
              : step(components.get(byteLevel), origins));
      List<PreTokenizerSpec> after = components.subList(byteLevel + 1, components.size());
      if (!after.isEmpty()) {
        after.forEach(PreTokenizerFactory::refuseAfterByteLevel);
        steps.add(new ByteAlphabetPreTokenizer(recutting(steps(after, origins))));
      }
    }
    boolean rewrites = components.stream().anyMatch(PreTokenizerFactory::rewrites);
    return rewrites ? chained(steps) : recutting(steps);
  }

  /**
   * Whether the component at an index is ByteLevel with its regex after Digits (individual), as in
   * StarCoder.
   */
  private static boolean isDigitsThenGpt2(List<PreTokenizerSpec> components, int byteLevel) {
    return byteLevel > 0
        && byteLevel < components.size()
        && components.get(byteLevel - 1) instanceof PreTokenizerSpec.Digits digits
        && digits.individualDigits()
        && isGpt2(components.get(byteLevel));
  }

  /** Whether a component is ByteLevel with its regex. */
  private static boolean isGpt2(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.ByteLevel level
        && level.useRegex()
        && !level.addPrefixSpace();
  }

  /** A pre-tokenizer for each component, or for several that are a known pattern. */
  private static List<PreTokenizer> steps(
      List<PreTokenizerSpec> components, Supplier<Origins> origins) {
    List<PreTokenizer> steps = new ArrayList<>();
    int at = 0;
    while (at < components.size()) {
      int end = components.size();
      Optional<PretokenScanner> known = Optional.empty();
      while (known.isEmpty() && end > at) {
        known = splits(components.subList(at, end)).flatMap(SplitPattern::scanner);
        end -= known.isEmpty() ? 1 : 0;
      }
      if (known.isPresent()) {
        steps.add(new ScannerPreTokenizer(known.get()));
        at = end;
      } else {
        steps.add(step(components.get(at), origins));
        at++;
      }
    }
    return steps;
  }

  /**
   * The regexes of these components if they are Splits that may form a known pattern. A single
   * known regex matches every character, so Isolated and Removed inverted cut alike.
   */
  private static Optional<List<String>> splits(List<PreTokenizerSpec> components) {
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

  /**
   * @throws IllegalArgumentException for a component that depends on the document's beginning after
   *     one that rewrites it
   */
  private static void refuseFirstAfterRewriting(List<PreTokenizerSpec> components) {
    boolean rewrites = false;
    for (PreTokenizerSpec component : components) {
      if (rewrites && component.needsFirst()) {
        throw new IllegalArgumentException(
            "pre_tokenizer Sequence: Metaspace with prepend_scheme \"first\" after a component"
                + " that adds characters is not supported; its own prepend_scheme would do");
      }
      rewrites |= rewrites(component);
    }
  }

  /** The steps in sequence, some of which rewrite text. */
  private static PreTokenizer chained(List<PreTokenizer> steps) {
    return steps.stream()
        .filter(PreTokenizerFactory::cuts)
        .reduce(ComponentPreTokenizers::chained)
        .orElseGet(WholePreTokenizer::new);
  }

  /** The steps in sequence, none of which rewrites text. */
  private static PreTokenizer recutting(List<PreTokenizer> steps) {
    return steps.stream()
        .filter(PreTokenizerFactory::cuts)
        .reduce(RecuttingPreTokenizer::new)
        .orElseGet(WholePreTokenizer::new);
  }

  private static boolean cuts(PreTokenizer step) {
    return !(step instanceof WholePreTokenizer);
  }

  /** Whether a component adds characters to text or replaces some. */
  private static boolean rewrites(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.Metaspace
        || (component instanceof PreTokenizerSpec.ByteLevel byteLevel
            && byteLevel.addPrefixSpace());
  }

  private static void refuseAfterByteLevel(PreTokenizerSpec component) {
    if (component instanceof PreTokenizerSpec.ByteLevel
        || component instanceof PreTokenizerSpec.Metaspace) {
      throw new IllegalArgumentException(
          "pre_tokenizer Sequence: "
              + component.getClass().getSimpleName()
              + " after ByteLevel is not supported; put it before ByteLevel");
    }
  }

  /** The pre-tokenizer of one component; Bert and CharDelimiterSplit were replaced before. */
  private static PreTokenizer step(PreTokenizerSpec component, Supplier<Origins> origins) {
    if (component instanceof PreTokenizerSpec.Split split) {
      return split(split);
    } else if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
      return byteLevel(byteLevel, origins);
    } else if (component instanceof PreTokenizerSpec.Digits digits) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.NUMERIC),
          digits.individualDigits() ? Behavior.ISOLATED : Behavior.CONTIGUOUS);
    } else if (component instanceof PreTokenizerSpec.Punctuation punctuation) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.PUNCTUATION), punctuation.behavior());
    } else if (component instanceof PreTokenizerSpec.Whitespace) {
      return ComponentPreTokenizers.words();
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.WHITE_SPACE), Behavior.REMOVED);
    } else if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
      return new MetaspacePreTokenizer(metaspace, origins.get());
    } else if (component instanceof PreTokenizerSpec.UnicodeScripts) {
      return ComponentPreTokenizers.scripts();
    }
    throw new IllegalStateException("pre-tokenizer " + component);
  }

  /** The general pre-tokenizer even of a known pattern: the twin of the scanner. */
  public static PreTokenizer split(PreTokenizerSpec.Split spec) {
    TextMatcher matcher = spec.pattern().newMatcher();
    boolean isolated = spec.behavior() == Behavior.ISOLATED;
    boolean matchesOnly = spec.behavior() == Behavior.REMOVED && spec.invert();
    if ((isolated || matchesOnly)
        && matcher instanceof DfaMatcher dfa
        && !spec.pattern().matchesNothing()) {
      return new MatchPreTokenizer(dfa, isolated);
    }
    return new DelimiterPreTokenizer(matcher, spec.behavior(), spec.invert());
  }

  private static PreTokenizer byteLevel(
      PreTokenizerSpec.ByteLevel spec, Supplier<Origins> origins) {
    PreTokenizer cut =
        spec.useRegex()
            ? new ScannerPreTokenizer(SplitPattern.GPT2.scanner())
            : new WholePreTokenizer();
    return spec.addPrefixSpace() ? ComponentPreTokenizers.prefixSpace(cut, origins.get()) : cut;
  }
}

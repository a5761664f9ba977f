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

  static Optional<PatternCutRule> cutRule(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = flatten(spec);
    if (components.stream().anyMatch(PreTokenizerSpec::needsFirst)) {
      return Optional.empty();
    }
    boolean digitsFirst = components.size() > 1 && isDigitsThenGpt2(components, 1);
    if (digitsFirst || !components.isEmpty() && isGpt2(components.get(0))) {
      return Optional.of(PatternCutRule.GPT2);
    }
    Optional<PatternCutRule> rule = Optional.empty();
    for (int end = components.size(); end > 0 && rule.isEmpty(); end--) {
      rule = splits(components.subList(0, end)).flatMap(SplitPattern::cutRule);
    }
    return rule;
  }

  static Optional<List<String>> knownPattern(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = flatten(spec);
    int last = components.size() - 1;
    if (last == 0 && isGpt2(components.get(0))) {
      return Optional.of(SplitPattern.GPT2.regexes());
    }
    return last > 0
            && components.get(last) instanceof PreTokenizerSpec.ByteLevel level
            && !level.useRegex()
            && !level.addPrefixSpace()
        ? splits(components.subList(0, last)).flatMap(SplitPattern::plainRegexes)
        : Optional.empty();
  }

  /** The components in order; two of HF's components are written as others with options. */
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

  static PreTokenizer build(PreTokenizerSpec spec, Supplier<Origins> origins) {
    List<PreTokenizerSpec> components = flatten(spec);
    refuseFirstAfterRewriting(components);
    int bytesFrom = 0;
    while (bytesFrom < components.size()
        && !(components.get(bytesFrom) instanceof PreTokenizerSpec.ByteLevel)) {
      bytesFrom++;
    }
    boolean digitsFirst = isDigitsThenGpt2(components, bytesFrom);
    List<PreTokenizer> steps =
        steps(components.subList(0, digitsFirst ? bytesFrom - 1 : bytesFrom), origins);
    if (bytesFrom < components.size()) {
      steps.add(
          digitsFirst
              ? new ScannerPreTokenizer(SplitPattern.digitsThenGpt2())
              : step(components.get(bytesFrom), origins));
      List<PreTokenizerSpec> after = components.subList(bytesFrom + 1, components.size());
      if (!after.isEmpty()) {
        after.forEach(PreTokenizerFactory::refuseAfterByteLevel);
        steps.add(new ByteAlphabetPreTokenizer(chain(steps(after, origins), false)));
      }
    }
    return chain(steps, components.stream().anyMatch(PreTokenizerFactory::rewrites));
  }

  /** Whether these are Digits (individual), then ByteLevel with its regex, as in StarCoder. */
  private static boolean isDigitsThenGpt2(List<PreTokenizerSpec> components, int byteLevel) {
    return byteLevel > 0
        && byteLevel < components.size()
        && components.get(byteLevel - 1) instanceof PreTokenizerSpec.Digits digits
        && digits.individualDigits()
        && isGpt2(components.get(byteLevel));
  }

  private static boolean isGpt2(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.ByteLevel level
        && level.useRegex()
        && !level.addPrefixSpace();
  }

  private static List<PreTokenizer> steps(
      List<PreTokenizerSpec> components, Supplier<Origins> origins) {
    List<PreTokenizer> steps = new ArrayList<>();
    int at = 0;
    while (at < components.size()) {
      int taken = 0;
      for (int end = components.size(); end > at && taken == 0; end--) {
        Optional<PretokenScanner> known =
            splits(components.subList(at, end)).flatMap(SplitPattern::scanner);
        if (known.isPresent()) {
          steps.add(new ScannerPreTokenizer(known.get()));
          taken = end - at;
        }
      }
      if (taken == 0) {
        steps.add(step(components.get(at), origins));
        taken = 1;
      }
      at += taken;
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
      if (!(component instanceof PreTokenizerSpec.Split split
          && split.pattern() instanceof TextPattern.Regex regex
          && (split.behavior() == Behavior.ISOLATED
              || (split.behavior() == Behavior.REMOVED
                  && split.invert()
                  && components.size() == 1)))) {
        return Optional.empty();
      }
      regexes.add(regex.regex());
    }
    return Optional.of(regexes);
  }

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

  private static PreTokenizer chain(List<PreTokenizer> steps, boolean rewrites) {
    List<PreTokenizer> cutting =
        steps.stream().filter(s -> !(s instanceof WholePreTokenizer)).toList();
    if (cutting.isEmpty()) {
      return new WholePreTokenizer();
    }
    PreTokenizer chain = cutting.get(0);
    for (PreTokenizer next : cutting.subList(1, cutting.size())) {
      chain =
          rewrites
              ? ComponentPreTokenizers.chained(chain, next)
              : new RecuttingPreTokenizer(chain, next);
    }
    return chain;
  }

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

  private static PreTokenizer step(PreTokenizerSpec component, Supplier<Origins> origins) {
    if (component instanceof PreTokenizerSpec.Split split) {
      return split(split);
    } else if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
      return byteLevel(byteLevel, origins);
    } else if (component instanceof PreTokenizerSpec.Digits digits) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.NUMERIC),
          digits.individualDigits() ? Behavior.ISOLATED : Behavior.CONTIGUOUS,
          false);
    } else if (component instanceof PreTokenizerSpec.Punctuation punctuation) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.PUNCTUATION), punctuation.behavior(), false);
    } else if (component instanceof PreTokenizerSpec.Whitespace) {
      return ComponentPreTokenizers.words();
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.WHITE_SPACE), Behavior.REMOVED, false);
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
    return (isolated || matchesOnly)
            && matcher instanceof DfaMatcher dfa
            && !spec.pattern().matchesNothing()
        ? new MatchPreTokenizer(dfa, isolated)
        : new DelimiterPreTokenizer(matcher, spec.behavior(), spec.invert());
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

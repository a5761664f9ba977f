package org.merganser.text.pretokenize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.CharacterMatcher;
import org.merganser.text.regex.DfaMatcher;
import org.merganser.text.regex.TextMatcher;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ComponentClasses;

/**
 * Builds the pre-tokenizer of a specification; {@link KnownPatterns} finds the components that a
 * scanner replaces.
 */
public final class PreTokenizerFactory {
  private PreTokenizerFactory() {}

  /** See {@link PreTokenizerSpec#build(Supplier)}. */
  static PreTokenizer build(PreTokenizerSpec spec, Supplier<Origins> origins) {
    List<PreTokenizerSpec> components = KnownPatterns.simpleComponents(spec);
    refuseFirstAfterRewriting(components);
    int byteLevel = placeOfByteLevel(components);
    List<PreTokenizer> steps = stepsThroughByteLevel(components, byteLevel, origins);
    if (byteLevel + 1 < components.size()) {
      List<PreTokenizerSpec> after = components.subList(byteLevel + 1, components.size());
      after.forEach(PreTokenizerFactory::refuseAfterByteLevel);
      steps.add(new ByteAlphabetPreTokenizer(recutting(steps(after, origins))));
    }
    boolean rewrites = components.stream().anyMatch(PreTokenizerFactory::rewrites);
    return rewrites ? chained(steps) : recutting(steps);
  }

  /**
   * A pre-tokenizer that runs the pattern of a Split, even if the pattern is known. Tests and
   * benchmarks compare scanners with it.
   */
  public static PreTokenizer split(PreTokenizerSpec.Split spec) {
    TextMatcher matcher = spec.pattern().newMatcher();
    boolean isolated = spec.behavior() == Behavior.ISOLATED;
    boolean matchesOnly = spec.behavior() == Behavior.REMOVED && spec.invert();
    if ((isolated || matchesOnly)
        && matcher instanceof DfaMatcher dfa
        && !spec.pattern().mayMatchEmpty()) {
      return new MatchPreTokenizer(dfa, isolated);
    }
    return new DelimiterPreTokenizer(matcher, spec.behavior(), spec.invert());
  }

  /** Refuses a component that depends on the document's beginning after one that rewrites text. */
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

  /** Whether a component adds characters to text or replaces some. */
  private static boolean rewrites(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.Metaspace
        || (component instanceof PreTokenizerSpec.ByteLevel byteLevel
            && byteLevel.addPrefixSpace());
  }

  /** The index of the first ByteLevel; the number of components if there is none. */
  private static int placeOfByteLevel(List<PreTokenizerSpec> components) {
    int place = 0;
    while (place < components.size()
        && !(components.get(place) instanceof PreTokenizerSpec.ByteLevel)) {
      place++;
    }
    return place;
  }

  /**
   * The pre-tokenizers of the components up to ByteLevel. One scanner does the work of ByteLevel
   * and Digits (individual) before it.
   *
   * @param byteLevel as {@link #placeOfByteLevel} returns it
   */
  private static List<PreTokenizer> stepsThroughByteLevel(
      List<PreTokenizerSpec> components, int byteLevel, Supplier<Origins> origins) {
    if (byteLevel == components.size()) {
      return steps(components, origins);
    }
    if (KnownPatterns.isDigitsThenGpt2(components, byteLevel)) {
      List<PreTokenizer> steps = steps(components.subList(0, byteLevel - 1), origins);
      steps.add(new ScannerPreTokenizer(SplitPattern.digitsThenGpt2()));
      return steps;
    }
    List<PreTokenizer> steps = steps(components.subList(0, byteLevel), origins);
    steps.add(step(components.get(byteLevel), origins));
    return steps;
  }

  /** Refuses a component that would write other characters than ByteLevel, after which it is. */
  private static void refuseAfterByteLevel(PreTokenizerSpec component) {
    if (component instanceof PreTokenizerSpec.ByteLevel
        || component instanceof PreTokenizerSpec.Metaspace) {
      throw new IllegalArgumentException(
          "pre_tokenizer Sequence: "
              + component.getClass().getSimpleName()
              + " after ByteLevel is not supported; put it before ByteLevel");
    }
  }

  /** A pre-tokenizer for each component, or for several that are a known pattern. */
  private static List<PreTokenizer> steps(
      List<PreTokenizerSpec> components, Supplier<Origins> origins) {
    List<PreTokenizer> steps = new ArrayList<>();
    List<PreTokenizerSpec> rest = components;
    while (!rest.isEmpty()) {
      int known = KnownPatterns.countOfKnownSplits(rest);
      if (known > 0) {
        steps.add(new ScannerPreTokenizer(KnownPatterns.scanner(rest.subList(0, known))));
      } else {
        steps.add(step(rest.get(0), origins));
      }
      rest = rest.subList(Math.max(1, known), rest.size());
    }
    return steps;
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
      return new WhitespacePreTokenizer();
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.WHITE_SPACE), Behavior.REMOVED);
    } else if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
      return new MetaspacePreTokenizer(metaspace, origins.get());
    } else if (component instanceof PreTokenizerSpec.UnicodeScripts) {
      return new UnicodeScriptsPreTokenizer();
    }
    throw new IllegalStateException("pre-tokenizer " + component);
  }

  private static PreTokenizer byteLevel(
      PreTokenizerSpec.ByteLevel spec, Supplier<Origins> origins) {
    PreTokenizer cut =
        spec.useRegex()
            ? new ScannerPreTokenizer(SplitPattern.GPT2.scanner())
            : new WholePreTokenizer();
    return spec.addPrefixSpace() ? new PrefixSpacePreTokenizer(cut, origins.get()) : cut;
  }

  /** The steps in sequence, some of which rewrite text. */
  private static PreTokenizer chained(List<PreTokenizer> steps) {
    return steps.stream()
        .filter(PreTokenizerFactory::cuts)
        .reduce(ChainedPreTokenizer::new)
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
}

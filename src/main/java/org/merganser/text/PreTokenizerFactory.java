package org.merganser.text;

import java.util.ArrayList;
import java.util.List;
import org.merganser.text.PreTokenizerSpec.Behavior;
import org.merganser.text.PreTokenizerSpec.PrependScheme;

/** Makes pre-tokenizers from their descriptions. */
final class PreTokenizerFactory {
  private PreTokenizerFactory() {}

  static boolean byteLevel(PreTokenizerSpec spec) {
    return flatten(spec).stream().anyMatch(c -> c instanceof PreTokenizerSpec.ByteLevel);
  }

  static boolean asksForOriginalOffsets(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = flatten(spec);
    return components.stream().skip(1).anyMatch(PreTokenizerFactory::asksForFirst);
  }

  private static boolean asksForFirst(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.Metaspace metaspace
        && metaspace.prependScheme() == PrependScheme.FIRST;
  }

  /** The components in order: a Sequence in a Sequence is the same as its components. */
  private static List<PreTokenizerSpec> flatten(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = new ArrayList<>();
    if (spec instanceof PreTokenizerSpec.Sequence sequence) {
      sequence.pretokenizers().forEach(s -> components.addAll(flatten(s)));
    } else {
      components.add(spec);
    }
    return components;
  }

  static PreTokenizer build(PreTokenizerSpec spec) {
    List<PreTokenizerSpec> components = flatten(spec);
    List<PreTokenizer> steps = new ArrayList<>();
    boolean rewrites = false;
    for (int i = 0; i < components.size(); i++) {
      PreTokenizerSpec component = components.get(i);
      if (rewrites && asksForFirst(component)) {
        throw new IllegalArgumentException(
            "pre_tokenizer Sequence: Metaspace with prepend_scheme \"first\" behind a component"
                + " that adds characters is not supported; its own prepend_scheme would do");
      }
      rewrites |= rewrites(component);
      if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
        steps.add(byteLevel(byteLevel));
        List<PreTokenizerSpec> behind = components.subList(i + 1, components.size());
        if (!behind.isEmpty()) {
          behind.forEach(PreTokenizerFactory::refuseBehindByteLevel);
          steps.add(
              new ByteAlphabetPreTokenizer(
                  chain(behind.stream().map(PreTokenizerFactory::step).toList(), false)));
        }
        break;
      }
      steps.add(step(component));
    }
    return chain(steps, rewrites);
  }

  private static PreTokenizer chain(List<PreTokenizer> steps, boolean rewrites) {
    List<PreTokenizer> cutting =
        steps.stream().filter(s -> !(s instanceof WholePreTokenizer)).toList();
    if (cutting.isEmpty()) {
      return new WholePreTokenizer();
    }
    PreTokenizer chain = cutting.get(0);
    for (PreTokenizer next : cutting.subList(1, cutting.size())) {
      chain = new ChainedPreTokenizer(chain, next);
    }
    return cutting.size() > 1 && !rewrites ? new GatheringPreTokenizer(chain) : chain;
  }

  private static boolean rewrites(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.Metaspace
        || (component instanceof PreTokenizerSpec.ByteLevel byteLevel
            && byteLevel.addPrefixSpace());
  }

  private static void refuseBehindByteLevel(PreTokenizerSpec component) {
    if (component instanceof PreTokenizerSpec.ByteLevel
        || component instanceof PreTokenizerSpec.Metaspace) {
      throw new IllegalArgumentException(
          "pre_tokenizer Sequence: "
              + component.getClass().getSimpleName()
              + " behind ByteLevel is not supported; put it before ByteLevel");
    }
  }

  private static PreTokenizer step(PreTokenizerSpec component) {
    if (component instanceof PreTokenizerSpec.Split split) {
      return split(split);
    } else if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
      return byteLevel(byteLevel);
    } else if (component instanceof PreTokenizerSpec.Digits digits) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.NUMERIC),
          digits.individualDigits() ? Behavior.ISOLATED : Behavior.CONTIGUOUS,
          false);
    } else if (component instanceof PreTokenizerSpec.Punctuation punctuation) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.PUNCTUATION), punctuation.behavior(), false);
    } else if (component instanceof PreTokenizerSpec.Whitespace) {
      return new WordsPreTokenizer();
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      return new DelimiterPreTokenizer(
          new CharacterMatcher(ComponentClasses.WHITE_SPACE), Behavior.REMOVED, false);
    } else if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
      return metaspace(metaspace);
    }
    throw new IllegalStateException("pre-tokenizer " + component);
  }

  private static PreTokenizer byteLevel(PreTokenizerSpec.ByteLevel spec) {
    PreTokenizer cut =
        spec.useRegex()
            ? new ScannerPreTokenizer(SplitPattern.GPT2.scanner())
            : new WholePreTokenizer();
    return spec.addPrefixSpace() ? new PrefixSpacePreTokenizer(cut) : cut;
  }

  private static PreTokenizer metaspace(PreTokenizerSpec.Metaspace spec) {
    String replacement = spec.replacement();
    if (replacement.codePointCount(0, replacement.length()) != 1) {
      throw new IllegalArgumentException(
          "pre_tokenizer Metaspace: replacement \"" + replacement + "\" must be one character");
    }
    return new MetaspacePreTokenizer(spec);
  }

  /**
   * The known patterns match every character, so that their matches are the pretokens whether one
   * isolates them or removes what isn't a match.
   */
  private static PreTokenizer split(PreTokenizerSpec.Split spec) {
    boolean matchesArePretokens =
        spec.behavior() == Behavior.ISOLATED
            || (spec.behavior() == Behavior.REMOVED && spec.invert());
    if (matchesArePretokens && spec.pattern() instanceof TextPattern.Regex regex) {
      for (SplitPattern known : SplitPattern.values()) {
        if (known.regex().equals(regex.regex())) {
          return new ScannerPreTokenizer(known.scanner());
        }
      }
    }
    return new DelimiterPreTokenizer(
        TextMatchers.of(spec.pattern()), spec.behavior(), spec.invert());
  }
}

package org.merganser.text.pretokenize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;
import org.merganser.text.regex.CutProof;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.UnicodeCategories;

/**
 * Derives from the components of a pre-tokenizer where a document may be cut (law 10).
 *
 * <p>Take a text and a place in it. A component is <b>indifferent</b> to the place if the pieces
 * that it makes of the text are those that it makes of the two parts, but that the last piece of
 * the left part and the first of the right part may be one piece in the whole. It <b>separates</b>
 * there if they never are.
 *
 * <p>A Split is indifferent to every place that its pattern's {@link CutProof} calls clean: the
 * matches are those of the parts, and what lies between them is too, but that a gap may span the
 * place. Matches and gaps are then kept, left out or joined with the one before or behind by its
 * behaviour, which asks for nothing but the kinds of two neighbours, so the pieces differ at the
 * place alone. It separates there, with Isolated and Removed, if a match begins or ends there (with
 * a gap left out, always); with MergedWithPrevious if a match ends there, since a match is joined
 * only to a gap; with MergedWithNext if a match begins there.
 *
 * <p>In a Sequence each component works on the pieces of the one before it. Where the first
 * components are indifferent to a place and one of them separates, all pieces from it on are those
 * of the parts, and so are those of the components behind it, whatever these do.
 *
 * <p>What is put before a piece (ByteLevel with a prefix space, Metaspace) is put before no piece
 * that begins with a space, so such a component is indifferent to places before a space. A
 * Metaspace that asks whether a piece is the first of the document allows no other places at all.
 */
final class PreTokenizerCuts {
  private enum Effect {
    UNKNOWN,
    INDIFFERENT,
    SEPARATES
  }

  /** What a component does at a place between two characters. */
  private interface Step {
    Effect effect(int before, int behind);

    /** The class of a character: characters of one class have the same effects. */
    int classOf(int codePoint);
  }

  /** A run asks for the rule of one tokenizer many times, and working it out takes milliseconds. */
  private static final int KEPT = 8;

  private static final Map<List<PreTokenizerSpec>, Optional<PairCutRule>> LATEST =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<List<PreTokenizerSpec>, Optional<PairCutRule>> eldest) {
          return size() > KEPT;
        }
      };

  private PreTokenizerCuts() {}

  /**
   * The rule; nothing where no place is proved. The latest ones are kept.
   *
   * @param components in order, without Sequences in them
   * @throws IllegalArgumentException naming a construct of a regex that isn't reproduced exactly
   */
  static Optional<PairCutRule> rule(List<PreTokenizerSpec> components) {
    synchronized (LATEST) {
      Optional<PairCutRule> known = LATEST.get(components);
      if (known == null) {
        known = derived(components);
        LATEST.put(List.copyOf(components), known);
      }
      return known;
    }
  }

  private static Optional<PairCutRule> derived(List<PreTokenizerSpec> components) {
    List<Step> steps = new ArrayList<>();
    for (PreTokenizerSpec component : components) {
      Optional<Step> step = step(component);
      if (step.isEmpty()) {
        break;
      }
      steps.add(step.get());
      if (component instanceof PreTokenizerSpec.ByteLevel) {
        break; // what stands behind it sees other characters
      }
    }
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    boolean onlyBeforeSpaces = components.stream().anyMatch(PreTokenizerCuts::asksForFirst);
    return PairCutRule.of(
        (before, behind) ->
            (behind == ' ' || !onlyBeforeSpaces) && separates(steps, before, behind),
        examples(steps));
  }

  static boolean asksForFirst(PreTokenizerSpec component) {
    return component instanceof PreTokenizerSpec.Metaspace metaspace
        && metaspace.prependScheme() == PrependScheme.FIRST;
  }

  private static boolean separates(List<Step> steps, int before, int behind) {
    for (Step step : steps) {
      Effect effect = step.effect(before, behind);
      if (effect != Effect.INDIFFERENT) {
        return effect == Effect.SEPARATES;
      }
    }
    return false;
  }

  /** A character of each combination of classes, of words and of white space. */
  private static int[] examples(List<Step> steps) {
    Set<List<Integer>> known = new HashSet<>();
    int[] classes = new int[steps.size() + 2];
    int[] before = new int[classes.length];
    int[] examples = new int[UnicodeCategories.CODE_POINTS];
    int count = 0;
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      if (c == Character.MIN_SURROGATE) {
        c = Character.MAX_SURROGATE + 1;
      }
      for (int i = 0; i < steps.size(); i++) {
        classes[i] = steps.get(i).classOf(c);
      }
      classes[steps.size()] =
          UnicodeCategories.isLetter(c) || UnicodeCategories.isNumber(c) ? 1 : 0;
      classes[steps.size() + 1] = UnicodeCategories.isWhiteSpace(c) ? 1 : 0;
      if ((c == 0 || !Arrays.equals(classes, before))
          && known.add(Arrays.stream(classes).boxed().toList())) {
        examples[count++] = c;
      }
      System.arraycopy(classes, 0, before, 0, classes.length);
    }
    return Arrays.copyOf(examples, count);
  }

  private static Optional<Step> step(PreTokenizerSpec component) {
    if (component instanceof PreTokenizerSpec.Split split) {
      return CutProof.of(withWholeNumbers(split.pattern()))
          .map(proof -> new Matches(proof, split.behavior(), split.invert(), false));
    } else if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
      return byteLevel(byteLevel);
    } else if (component instanceof PreTokenizerSpec.Digits digits) {
      CodePointSet set = ComponentClasses.NUMERIC;
      return isolated(
          digits.individualDigits() ? CutProof.ofCharacters(set) : CutProof.ofRuns(set));
    } else if (component instanceof PreTokenizerSpec.Punctuation punctuation) {
      return CutProof.ofCharacters(ComponentClasses.PUNCTUATION)
          .map(proof -> new Matches(proof, punctuation.behavior(), false, false));
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      return CutProof.ofCharacters(ComponentClasses.WHITE_SPACE)
          .map(proof -> new Matches(proof, Behavior.REMOVED, false, false));
    } else if (component instanceof PreTokenizerSpec.Whitespace) {
      CodePointSet word = ComponentClasses.WORD;
      CodePointSet rest = word.union(ComponentClasses.WHITE_SPACE).complement();
      return CutProof.ofRuns(word, rest)
          .map(proof -> new Matches(proof, Behavior.REMOVED, true, false));
    } else if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
      return Optional.of(new Spaces(metaspace.split() ? Effect.SEPARATES : Effect.UNKNOWN));
    }
    return Optional.empty();
  }

  /** A pattern whose matches the given one cuts further, each by what is in it alone. */
  private static TextPattern withWholeNumbers(TextPattern pattern) {
    return pattern instanceof TextPattern.Regex regex
        ? new TextPattern.Regex(SplitPattern.withWholeNumbers(regex.regex()))
        : pattern;
  }

  private static Optional<Step> isolated(Optional<CutProof> proof) {
    return proof.map(p -> new Matches(p, Behavior.ISOLATED, false, false));
  }

  private static Optional<Step> byteLevel(PreTokenizerSpec.ByteLevel byteLevel) {
    if (!byteLevel.useRegex()) {
      return Optional.of(byteLevel.addPrefixSpace() ? new Spaces(Effect.INDIFFERENT) : new Whole());
    }
    return CutProof.of(new TextPattern.Regex(SplitPattern.GPT2.regex()))
        .map(p -> new Matches(p, Behavior.ISOLATED, false, byteLevel.addPrefixSpace()));
  }

  /** Cuts at the matches of a pattern. */
  private record Matches(
      CutProof proof, Behavior behavior, boolean invert, boolean onlyBeforeSpaces) implements Step {
    @Override
    public Effect effect(int before, int behind) {
      int left = proof.classOf(before);
      int right = proof.classOf(behind);
      if (!proof.isClean(left, right) || (onlyBeforeSpaces && behind != ' ')) {
        return Effect.UNKNOWN;
      }
      boolean begins = proof.startsMatch(left, right);
      boolean ends = proof.endsMatch(left);
      boolean separates =
          switch (behavior) {
            case ISOLATED -> begins || ends;
            case REMOVED -> begins || ends || invert;
            case MERGED_WITH_PREVIOUS -> ends && !invert;
            case MERGED_WITH_NEXT -> begins && !invert;
            case CONTIGUOUS -> false;
          };
      return separates ? Effect.SEPARATES : Effect.INDIFFERENT;
    }

    @Override
    public int classOf(int codePoint) {
      // A space is told from all others.
      return onlyBeforeSpaces && codePoint == ' ' ? -1 : proof.classOf(codePoint);
    }
  }

  /** Has an effect before a space alone. */
  private record Spaces(Effect beforeSpace) implements Step {
    @Override
    public Effect effect(int before, int behind) {
      return behind == ' ' ? beforeSpace : Effect.UNKNOWN;
    }

    @Override
    public int classOf(int codePoint) {
      return codePoint == ' ' ? 1 : 0;
    }
  }

  /** Cuts nothing. */
  private record Whole() implements Step {
    @Override
    public Effect effect(int before, int behind) {
      return Effect.INDIFFERENT;
    }

    @Override
    public int classOf(int codePoint) {
      return 0;
    }
  }
}

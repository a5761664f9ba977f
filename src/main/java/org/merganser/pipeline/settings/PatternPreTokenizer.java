package org.merganser.pipeline.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.merganser.job.JobException;
import org.merganser.job.NearestName;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.ModelFamily;
import org.merganser.text.scan.SplitPattern;

/** Makes the pre-tokenizer that cuts text by the pattern of {@code tokenizer.train}. */
final class PatternPreTokenizer {
  /** The characters of a wrong pattern in an error; a longer one is cut. */
  private static final int SHOWN_PATTERN = 200;

  private PatternPreTokenizer() {}

  /**
   * The pre-tokenizer of a pattern.
   *
   * @param pattern the name of a pattern, or a regular expression
   * @throws JobException for a pattern that is neither a name nor a regular expression that is
   *     reproduced exactly
   */
  static PreTokenizerSpec of(String pattern) {
    Map<String, SplitPattern> names = ModelFamily.patterns();
    SplitPattern known = names.get(pattern);
    if (known != null) {
      return ofKnown(known);
    }
    if (pattern.matches("[\\w. -]*")) { // a misspelled name, rather than an expression
      throw unknown(pattern, "it is only a word" + NearestName.suggestion(pattern, names.keySet()));
    }
    PreTokenizerSpec preTokenizer = isolating(List.of(pattern));
    try {
      preTokenizer.build();
    } catch (IllegalArgumentException e) {
      throw unknown(pattern, String.valueOf(e.getMessage()));
    }
    return preTokenizer;
  }

  /**
   * The pre-tokenizer of a pattern that has a name, as the tokenizer.json of other tools has it:
   * the pattern of GPT-2 is part of byte level.
   */
  static PreTokenizerSpec ofKnown(SplitPattern pattern) {
    if (pattern != SplitPattern.GPT2) {
      return isolating(pattern.regexes());
    }
    boolean addPrefixSpace = false;
    boolean trimOffsets = true;
    boolean useRegex = true;
    return new PreTokenizerSpec.ByteLevel(addPrefixSpace, trimOffsets, useRegex);
  }

  /** Isolates the matches of each expression in turn, before bytes become characters. */
  private static PreTokenizerSpec isolating(List<String> regexes) {
    List<PreTokenizerSpec> components = new ArrayList<>();
    boolean invert = false;
    for (String regex : regexes) {
      components.add(
          new PreTokenizerSpec.Split(
              new TextPattern.Regex(regex), PreTokenizerSpec.Behavior.ISOLATED, invert));
    }
    boolean addPrefixSpace = false;
    boolean trimOffsets = false;
    boolean useRegex = false;
    components.add(new PreTokenizerSpec.ByteLevel(addPrefixSpace, trimOffsets, useRegex));
    return new PreTokenizerSpec.Sequence(components);
  }

  /** The error for a pattern that cannot be used. */
  private static JobException unknown(String pattern, String why) {
    String shown =
        pattern.length() <= SHOWN_PATTERN ? pattern : pattern.substring(0, SHOWN_PATTERN) + "…";
    String names = String.join(", ", ModelFamily.patterns().keySet());
    return new JobException(
        "tokenizer.train",
        List.of(
            "pattern: \"%s\" is neither %s nor a regular expression that is reproduced exactly: %s"
                .formatted(shown, names, why)));
  }
}

package org.merganser.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.DfaMatcher;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Tokenizer;

/** How the regexes run by which a tokenizer cuts text: on a scanner, an automaton, or neither. */
final class SplitWays {
  private SplitWays() {}

  /** A way for each regex, but one for those that are a known pattern together. */
  static List<String> of(Tokenizer tokenizer) {
    List<TextPattern.Regex> regexes = new ArrayList<>();
    PreTokenizerSpec spec = tokenizer.preTokenizer();
    if (spec != null) {
      components(spec)
          .forEach(
              component -> {
                if (component instanceof PreTokenizerSpec.Split split
                    && split.pattern() instanceof TextPattern.Regex regex) {
                  regexes.add(regex);
                } else if (component instanceof PreTokenizerSpec.ByteLevel byteLevel
                    && byteLevel.useRegex()) {
                  regexes.add(new TextPattern.Regex(SplitPattern.GPT2.regex()));
                }
              });
    }
    return scanner(regexes.stream().map(TextPattern.Regex::regex).toList())
        .map(List::of)
        .orElseGet(() -> regexes.stream().map(SplitWays::of).toList());
  }

  private static Stream<PreTokenizerSpec> components(PreTokenizerSpec spec) {
    return spec instanceof PreTokenizerSpec.Sequence sequence
        ? sequence.pretokenizers().stream().flatMap(SplitWays::components)
        : Stream.of(spec);
  }

  private static String of(TextPattern.Regex regex) {
    return scanner(List.of(regex.regex()))
        .orElseGet(
            () -> regex.newMatcher() instanceof DfaMatcher ? "on an automaton" : "by backtracking");
  }

  private static Optional<String> scanner(List<String> regexes) {
    return SplitPattern.scanner(regexes)
        .map(
            scanner ->
                SplitPattern.of(regexes)
                    .map(pattern -> "on the scanner of " + pattern)
                    .orElse("on a scanner with rules of its own"));
  }
}

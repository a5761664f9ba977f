package org.merganser.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.regex.TextPattern;
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
    return SplitPattern.of(regexes.stream().map(TextPattern.Regex::regex).toList())
        .map(known -> List.of(scanner(known)))
        .orElseGet(() -> regexes.stream().map(SplitWays::of).toList());
  }

  private static Stream<PreTokenizerSpec> components(PreTokenizerSpec spec) {
    return spec instanceof PreTokenizerSpec.Sequence sequence
        ? sequence.pretokenizers().stream().flatMap(SplitWays::components)
        : Stream.of(spec);
  }

  private static String of(TextPattern.Regex regex) {
    return SplitPattern.of(regex.regex())
        .map(SplitWays::scanner)
        .orElseGet(() -> regex.backtracks() ? "by backtracking" : "on an automaton");
  }

  private static String scanner(SplitPattern pattern) {
    return "on the scanner of " + pattern;
  }
}

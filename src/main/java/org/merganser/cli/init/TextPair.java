package org.merganser.cli.init;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the fields of two texts that are one document, such as those of a translation. */
final class TextPair {
  /** The names of two texts that belong together. */
  private static final List<List<String>> NAMES =
      List.of(
          List.of("source", "target"),
          List.of("src", "tgt"),
          List.of("sentence1", "sentence2"),
          List.of("text1", "text2"),
          List.of("premise", "hypothesis"));

  /** The codes of languages in ISO 639-1, of two letters. */
  private static final Set<String> LANGUAGES = Set.copyOf(List.of(Locale.getISOLanguages()));

  /** The code of Indonesian, which is more often the name of a field of ids. */
  private static final String INDONESIAN = "id";

  private TextPair() {}

  /** The proposal that joins the two texts; empty if the records have no such pair. */
  static Optional<TextFieldProposal> propose(SampledFields sampled) {
    List<FieldSummary> pair = pair(sampled);
    if (pair.isEmpty()) {
      return Optional.empty();
    }
    String first = pair.get(0).path();
    String second = pair.get(1).path();
    String reasons =
        """
          # Each record is a pair, and both texts are one document, in this order. The other order is
          #   textField: %s
          # and one of them alone is textField: %s or textField: %s.
        """
            .formatted(
                ProposedText.quoted(joined(second, first)),
                ProposedText.quoted(first),
                ProposedText.quoted(second));
    return Optional.of(TextFieldProposal.ofText(joined(first, second), pair, reasons));
  }

  /** The template of two fields, one a line. */
  private static String joined(String first, String second) {
    return "{%s}\n{%s}".formatted(first, second);
  }

  /**
   * The two texts that are named by languages, or have two names that belong together; empty for
   * none. Every record must have both.
   */
  private static List<FieldSummary> pair(SampledFields sampled) {
    List<FieldSummary> texts =
        sampled.fields().stream()
            .filter(f -> f.isText() && f.isReadable() && f.records() == sampled.records())
            .toList();
    List<FieldSummary> languages = texts.stream().filter(TextPair::isInLanguage).toList();
    if (languages.size() == 2) {
      return languages;
    }
    for (List<String> names : NAMES) {
      Optional<FieldSummary> first = sampled.first(List.of(names.get(0)), texts::contains);
      Optional<FieldSummary> second = sampled.first(List.of(names.get(1)), texts::contains);
      if (first.isPresent() && second.isPresent()) {
        return List.of(first.get(), second.get());
      }
    }
    return List.of();
  }

  /**
   * Whether the name of a field is the code of a language, also with a region, such as {@code
   * pt-BR}. A field {@code id} must have prose, too.
   */
  private static boolean isInLanguage(FieldSummary field) {
    String code = field.name().toLowerCase(Locale.ROOT).replaceFirst("[-_].*", "");
    return LANGUAGES.contains(code) && (!code.equals(INDONESIAN) || field.isProse());
  }
}

package org.merganser.tokenizer;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.scan.CutRule;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Whether a document may be cut in front of a whole tokenizer (law 10): where its pattern allows
 * it, provided that neither normalizer nor added tokens see across the place.
 *
 * <p>Every cut that {@link CutRule} allows has ASCII white space on at least one side. So no added
 * token whose content has none spans it. One that strips looks beyond its own end: into white space
 * behind it (rstrip, across a cut before white space) or before it (lstrip, across a cut behind a
 * newline). A token that must be a single word sees a character of white space, or the end of the
 * text, across a cut, which is the same to it. Between the tokens text is pre-tokenized alone,
 * where the pattern's own proof holds; at a token's edge there is a boundary in any case.
 *
 * <p>NFC and NFD keep the cuts ({@code PatternCutRule} says why). Any other normalizer, or several,
 * is not looked into.
 */
final class DocumentCuts {
  private DocumentCuts() {}

  /** The rule, or nothing where no place is proved. */
  static Optional<CutRule> rule(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens) {
    if (preTokenizer == null || !keepsCuts(normalizer)) {
      return Optional.empty();
    }
    for (AddedToken token : addedTokens) {
      if (token.lstrip() || token.rstrip() || hasWhiteSpace(token.content())) {
        return Optional.empty();
      }
    }
    return preTokenizer.cutRule();
  }

  private static boolean keepsCuts(@Nullable NormalizerSpec normalizer) {
    if (normalizer instanceof NormalizerSpec.Sequence sequence) {
      List<NormalizerSpec> parts = sequence.normalizers();
      return parts.isEmpty() || (parts.size() == 1 && keepsCuts(parts.get(0)));
    }
    return normalizer == null
        || normalizer instanceof NormalizerSpec.Nfc
        || normalizer instanceof NormalizerSpec.Nfd;
  }

  private static boolean hasWhiteSpace(String content) {
    return content.chars().anyMatch(c -> c == ' ' || (c >= '\t' && c <= '\r'));
  }
}

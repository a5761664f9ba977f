package org.merganser.tokenizer.parts;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.scan.CutRule;
import org.merganser.text.scan.PatternCutRule;

/**
 * Where a document may be cut before a tokenizer so that its parts have the ids of the complete
 * text: where the pattern of its pre-tokenizer allows it, and neither the normalizer nor an added
 * token depends on text across the place.
 *
 * <p>A place that an added token's content could span is excluded. A token that strips looks beyond
 * its own end: into white space after it (rstrip, across a cut before white space) or before it
 * (lstrip, across a cut after white space), so these places are excluded too. A token that must be
 * a single word looks at the character beside it. At a cut that character is white space or, in the
 * part, the end of the text, and both let the token match; if its content has white space, no cut
 * is allowed. Between the tokens text is pre-tokenized alone, where the pre-tokenizer's own rule
 * holds; a token's edge is always a boundary.
 *
 * <p>NFC and NFD keep the cuts ({@link PatternCutRule} says why). Any other normalizer, or several,
 * allow no place.
 */
public final class DocumentCuts {
  private DocumentCuts() {}

  /** The rule; empty if it allows no place. */
  public static Optional<CutRule> rule(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens) {
    if (preTokenizer == null || !keepsCuts(normalizer)) {
      return Optional.empty();
    }
    Optional<PatternCutRule> rule = preTokenizer.cutRule();
    for (AddedToken token : addedTokens) {
      rule = rule.flatMap(known -> without(token, known));
    }
    return rule.map(known -> known); // an Optional of the supertype
  }

  /** The rule without the places that a token could span or strip across; empty if none is left. */
  private static Optional<PatternCutRule> without(AddedToken token, PatternCutRule rule) {
    if (token.singleWord() && hasWhiteSpace(token.content())) {
      return Optional.empty();
    }
    PatternCutRule remaining = rule.withoutPlacesIn(token.content());
    if (token.rstrip()) {
      remaining = remaining.withoutPlacesBeforeSpaces();
    }
    if (token.lstrip()) {
      remaining = remaining.withoutPlacesAfterNewlines();
    }
    return remaining.allowsAny() ? Optional.of(remaining) : Optional.empty();
  }

  /** Whether the parts of a text, normalized separately, are the normalized text. */
  private static boolean keepsCuts(@Nullable NormalizerSpec normalizer) {
    List<NormalizerSpec> steps = normalizer == null ? List.of() : normalizer.steps();
    if (steps.isEmpty()) {
      return true;
    }
    NormalizerSpec first = steps.get(0);
    boolean isForm = first instanceof NormalizerSpec.Nfc || first instanceof NormalizerSpec.Nfd;
    return isForm && steps.size() == 1;
  }

  /** Whether a token has ASCII white space, before or after which the rule may cut. */
  private static boolean hasWhiteSpace(String content) {
    return content.chars().anyMatch(c -> c == ' ' || (c >= '\t' && c <= '\r'));
  }
}

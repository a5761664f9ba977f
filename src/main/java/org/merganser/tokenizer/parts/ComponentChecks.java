package org.merganser.tokenizer.parts;

import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;

/** Refuses combinations of supported components that are not reproduced exactly. */
public final class ComponentChecks {
  private static final String FIRST =
      "$.pre_tokenizer has a Metaspace with prepend_scheme \"first\"";
  private static final String ALLOWED =
      " which Merganser does not reproduce; \"always\" and \"never\" are supported";

  private ComponentChecks() {}

  /**
   * @throws IllegalArgumentException naming both components
   */
  public static void check(TokenizerParts parts) {
    if (!asksForTheBeginning(parts.preTokenizer())) {
      return;
    }
    if (mayCutTheBeginning(parts.normalizer())) {
      throw new IllegalArgumentException(
          FIRST
              + " behind a normalizer that can remove the beginning of the text (Strip, Replace with"
              + " empty content, Bert, StripAccents): HF's record of offsets decides then whether it prepends,"
              + ALLOWED);
    }
    if (mayExpand(parts.normalizer()) && mayBeCut(parts)) {
      // NFKD makes "1⁄2" of "½". Where Digits cuts that, HF takes all three for the beginning.
      throw new IllegalArgumentException(
          ("%s behind a normalizer and a cut (another pre-tokenizer, or added tokens"
                  + " with \"normalized\": true): where the cut is inside of what one character"
                  + " became, HF prepends to both parts,%s")
              .formatted(FIRST, ALLOWED));
    }
  }

  private static boolean mayExpand(@Nullable NormalizerSpec spec) {
    if (spec instanceof NormalizerSpec.Sequence sequence) {
      return sequence.normalizers().stream().anyMatch(ComponentChecks::mayExpand);
    }
    return spec != null && !(spec instanceof NormalizerSpec.Strip);
  }

  /** Whether text may have been cut behind the normalizer when Metaspace sees it. */
  private static boolean mayBeCut(TokenizerParts parts) {
    PreTokenizerSpec spec = parts.preTokenizer();
    while (spec instanceof PreTokenizerSpec.Sequence sequence
        && !sequence.pretokenizers().isEmpty()) {
      spec = sequence.pretokenizers().get(0);
    }
    // The one that asks stands before all else and sees its text whole.
    boolean comesFirst = asksForTheBeginning(spec) && countOfFirst(parts.preTokenizer()) == 1;
    return !comesFirst || parts.addedTokens().stream().anyMatch(AddedToken::normalized);
  }

  private static long countOfFirst(@Nullable PreTokenizerSpec spec) {
    if (spec instanceof PreTokenizerSpec.Sequence sequence) {
      return sequence.pretokenizers().stream().mapToLong(ComponentChecks::countOfFirst).sum();
    }
    return asksForTheBeginning(spec) ? 1 : 0;
  }

  private static boolean asksForTheBeginning(@Nullable PreTokenizerSpec spec) {
    if (spec instanceof PreTokenizerSpec.Sequence sequence) {
      return sequence.pretokenizers().stream().anyMatch(ComponentChecks::asksForTheBeginning);
    }
    return spec instanceof PreTokenizerSpec.Metaspace metaspace
        && metaspace.prependScheme() == PreTokenizerSpec.PrependScheme.FIRST;
  }

  private static boolean mayCutTheBeginning(@Nullable NormalizerSpec spec) {
    if (spec instanceof NormalizerSpec.Sequence sequence) {
      return sequence.normalizers().stream().anyMatch(ComponentChecks::mayCutTheBeginning);
    }
    return spec instanceof NormalizerSpec.Strip strip && strip.left()
        || spec instanceof NormalizerSpec.Bert
        || spec instanceof NormalizerSpec.StripAccents
        || spec instanceof NormalizerSpec.Replace replace && replace.content().isEmpty();
  }
}

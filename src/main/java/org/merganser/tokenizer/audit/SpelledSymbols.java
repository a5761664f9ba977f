package org.merganser.tokenizer.audit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;

/**
 * The symbols that merging starts from and whose spelling is not the text that they stand for:
 * {@code <0xE2>} of byte fallback, and the unknown token. A token may have such a spelling in its
 * own by chance or since it is merged from the symbol, so its spelling does not determine the
 * symbols that it is merged from.
 */
final class SpelledSymbols {
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

  /** Whether the model has byte fallback. */
  private final boolean byteFallback;

  /** The unknown token; null if there is none. */
  private final @Nullable String unknown;

  SpelledSymbols(BpeModel.Options options) {
    byteFallback = options.byteFallback();
    unknown = options.unkToken();
  }

  /** Whether a token is one of these symbols. */
  boolean contains(String token) {
    return token.equals(unknown) || (byteFallback && BYTE.matcher(token).matches());
  }

  /** Whether the spelling of a token has that of one of these symbols in it. */
  boolean occurIn(String token) {
    boolean hasUnknown =
        unknown != null
            && !unknown.isEmpty() // the empty string is in every token
            && token.contains(unknown);
    return hasUnknown || (byteFallback && BYTE.matcher(token).find());
  }
}

package org.merganser.tokenizer.audit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;

/**
 * The first symbols of words whose token differs from their text: {@code <0xE2>} of byte fallback
 * and the unknown token. The text of a token that may contain one of these does not determine the
 * token's symbols.
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

  /** Whether the text of a token has one of these symbols in it. */
  boolean occurIn(String token) {
    return (byteFallback && BYTE.matcher(token).find())
        || (unknown != null && !unknown.isEmpty() && token.contains(unknown));
  }
}

package org.merganser.tokenizer.audit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;

/**
 * The symbols with which a word can begin and whose token is not the text that they stand for:
 * {@code <0xE2>} of byte fallback, the unknown token, and characters with affixes. The text of a
 * token does not show the symbols of the token where one of these may be in it.
 */
final class SpelledSymbols {
  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

  private final boolean bytes;
  private final @Nullable String unknown;
  private final boolean affixes;

  SpelledSymbols(BpeModel.Options options) {
    bytes = options.byteFallback();
    unknown = options.unkToken();
    affixes = isThere(options.continuingSubwordPrefix()) || isThere(options.endOfWordSuffix());
  }

  private static boolean isThere(@Nullable String affix) {
    return affix != null && !affix.isEmpty();
  }

  /** Whether symbols depend on their places in a word. */
  boolean hasAffixes() {
    return affixes;
  }

  /** Whether a token is the unknown token or the token of a byte. */
  boolean contains(String token) {
    return token.equals(unknown) || bytes && BYTE.matcher(token).matches();
  }

  /** Whether such a symbol may be a part of a token. */
  boolean isIn(String token) {
    return bytes && BYTE.matcher(token).find()
        || unknown != null && !unknown.isEmpty() && token.contains(unknown);
  }
}

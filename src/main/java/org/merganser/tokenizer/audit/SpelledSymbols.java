package org.merganser.tokenizer.audit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;

/**
 * The first symbols of words whose token differs from their text: {@code <0xE2>} of byte fallback,
 * the unknown token, and characters with affixes. The text of a token that may contain one of these
 * does not determine the token's symbols.
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

  boolean hasAffixes() {
    return affixes;
  }

  boolean contains(String token) {
    return token.equals(unknown) || bytes && BYTE.matcher(token).matches();
  }

  boolean isIn(String token) {
    return bytes && BYTE.matcher(token).find()
        || unknown != null && !unknown.isEmpty() && token.contains(unknown);
  }
}

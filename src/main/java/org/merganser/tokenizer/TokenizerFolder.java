package org.merganser.tokenizer;

import java.util.Map;

/**
 * The files of a tokenizer folder: tokenizer.json, tokenizer_config.json, special_tokens_map.json,
 * vocab.json, merges.txt and NAME.tiktoken.
 */
public final class TokenizerFolder {
  private TokenizerFolder() {}

  /**
   * The files' contents by name, sorted; those that cannot express this tokenizer are left out.
   *
   * @param name of the ranks file, {@code NAME.tiktoken}
   * @param endOfDocument becomes {@code eos_token} where given
   */
  public static Map<String, byte[]> files(
      Tokenizer tokenizer, String name, @org.jspecify.annotations.Nullable String endOfDocument) {
    throw new UnsupportedOperationException("interface only");
  }
}

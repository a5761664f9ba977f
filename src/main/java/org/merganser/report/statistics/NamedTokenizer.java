package org.merganser.report.statistics;

import org.merganser.checksum.Sha256;
import org.merganser.tokenizer.Tokenizer;

/**
 * A tokenizer with the name that comparisons show.
 *
 * @param sha256 of its tokenizer.json
 */
public record NamedTokenizer(String name, String sha256, Tokenizer tokenizer) {
  /**
   * Reads a tokenizer.json.
   *
   * @param name of the tokenizer, also in errors
   * @throws org.merganser.tokenizer.parts.TokenizerException if the file is not a supported one
   */
  public static NamedTokenizer read(byte[] json, String name) {
    return new NamedTokenizer(name, Sha256.of(json), Tokenizer.read(json, name));
  }
}

package org.merganser.report.statistics;

import org.merganser.checksum.Sha256;
import org.merganser.tokenizer.Tokenizer;

/**
 * A tokenizer that is compared.
 *
 * @param name how it is called: the name that was given, else its path
 * @param sha256 of its tokenizer.json
 */
public record NamedTokenizer(String name, String sha256, Tokenizer tokenizer) {
  /**
   * @throws org.merganser.tokenizer.parts.TokenizerException when it is none that is supported
   */
  public static NamedTokenizer read(byte[] json, String name) {
    return new NamedTokenizer(name, Sha256.of(json), Tokenizer.read(json, name));
  }
}

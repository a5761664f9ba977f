package org.merganser.bpe.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.ToIntFunction;
import org.merganser.bpe.ByteAlphabet;

/**
 * Finds special tokens that text could become without being meant: their string is that of a token
 * which merges make, and the id is then shared (HF issues 985 and 1616). A training should refuse
 * them unless its user insists.
 */
public final class SpecialTokenCheck {
  private SpecialTokenCheck() {}

  /** A special token and why it is not safe, as the end of a sentence that begins with it. */
  public record Finding(String token, String reason) {}

  /**
   * Before training: what merges could make.
   *
   * @param pretokens how many pretokens the pre-tokenizer makes of a text (UTF-8 or, for strings of
   *     the byte alphabet, any bytes) on its own
   */
  public static List<Finding> before(List<String> specialTokens, ToIntFunction<byte[]> pretokens) {
    List<Finding> findings = new ArrayList<>();
    for (String token : new LinkedHashSet<>(specialTokens)) {
      byte[] bytes = ByteAlphabet.toBytes(token);
      byte[] text = token.getBytes(StandardCharsets.UTF_8);
      if (bytes != null && bytes.length == 1) {
        findings.add(
            new Finding(
                token,
                "is how byte 0x%02X is written in the vocabulary".formatted(bytes[0] & 0xFF)));
      } else if (bytes != null && pretokens.applyAsInt(bytes) == 1) {
        findings.add(
            new Finding(token, "is a single pretoken in byte-level form, so merges could make it"));
      } else if (pretokens.applyAsInt(text) == 1) {
        findings.add(
            new Finding(token, "is a single pretoken, so merges could make a token of its text"));
      }
    }
    return findings;
  }
}

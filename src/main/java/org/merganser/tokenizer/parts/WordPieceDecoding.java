package org.merganser.tokenizer.parts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.tokenizer.parts.TextDecoder.Piece;

/**
 * The decoder WordPiece with its optional cleanup of English (HF: {@code decoders/wordpiece.rs}).
 */
final class WordPieceDecoding {
  /** The replacements in each token, in this order. */
  private static final byte[][][] CLEANUP = {
    replacement(" .", "."),
    replacement(" ?", "?"),
    replacement(" !", "!"),
    replacement(" ,", ","),
    replacement(" ' ", "'"),
    replacement(" n't", "n't"),
    replacement(" 'm", "'m"),
    replacement(" do not", " don't"),
    replacement(" 's", "'s"),
    replacement(" 've", "'ve"),
    replacement(" 're", "'re")
  };

  private WordPieceDecoding() {}

  private static byte[][] replacement(String from, String to) {
    return new byte[][] {TextDecoder.utf8(from), TextDecoder.utf8(to)};
  }

  static List<Piece> wordPiece(List<Piece> pieces, DecoderSpec.WordPiece spec) {
    List<Piece> result = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      byte[] token = piece.bytes();
      result.add(
          new Piece(
              result.isEmpty() ? cleaned(token, spec.cleanup()) : behind(token, spec),
              piece.literal()));
    }
    return result;
  }

  /** The decoded form of a token that is not the first. */
  static byte[] behind(byte[] token, DecoderSpec.WordPiece spec) {
    byte[] prefix = TextDecoder.utf8(spec.prefix());
    byte[] result;
    if (TextDecoder.startsWith(token, 0, prefix)) {
      result = Arrays.copyOfRange(token, prefix.length, token.length);
    } else {
      result = new byte[token.length + 1];
      result[0] = ' ';
      System.arraycopy(token, 0, result, 1, token.length);
    }
    return cleaned(result, spec.cleanup());
  }

  private static byte[] cleaned(byte[] token, boolean cleanup) {
    byte[] result = token;
    if (cleanup) {
      for (byte[][] replacement : CLEANUP) {
        result = TextDecoder.replace(result, replacement[0], replacement[1]);
      }
    }
    return result;
  }
}

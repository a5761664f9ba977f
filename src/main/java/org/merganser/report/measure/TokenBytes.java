package org.merganser.report.measure;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.merganser.binary.ByteBuilder;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The bytes of all tokens in one array, for decoding many documents, and which of them are special.
 * Immutable.
 */
public final class TokenBytes {
  private final byte[] bytes;

  /** By id, where its bytes begin; they end where those of the next id begin. */
  private final int[] starts;

  /** The ids that have a token. */
  private final BitSet known = new BitSet();

  /** The ids of special tokens. */
  private final BitSet special = new BitSet();

  /** Copies the bytes of all tokens of a tokenizer. */
  public TokenBytes(Tokenizer tokenizer) {
    int bound = tokenizer.idBound();
    starts = new int[bound + 1];
    byte[][] each = new byte[bound][];
    for (int id = 0; id < bound; id++) {
      each[id] = tokenizer.bytes(id);
      known.set(id, tokenizer.hasToken(id));
      starts[id + 1] = Math.addExact(starts[id], each[id].length);
    }
    bytes = new byte[starts[bound]];
    for (int id = 0; id < bound; id++) {
      System.arraycopy(each[id], 0, bytes, starts[id], each[id].length);
    }
    for (AddedToken token : tokenizer.addedTokens()) {
      special.set(token.id(), token.special());
    }
  }

  /** The ids that have a token, ascending. */
  public IntStream ids() {
    return known.stream();
  }

  /** The number of bytes of a token; 0 for an id without a token. */
  public int length(int id) {
    return starts[id + 1] - starts[id];
  }

  /** Whether the id is a control token, such as the end of a document, and not text. */
  public boolean isSpecial(int id) {
    return special.get(id);
  }

  /** Appends the bytes of a token. */
  void appendTo(ByteBuilder out, int id) {
    out.append(bytes, starts[id], starts[id + 1]);
  }

  /** Whether the bytes of a token are the concatenation of those of two others. */
  public boolean isJoinOf(int id, int left, int right) {
    int middle = starts[id] + length(left);
    return length(id) == length(left) + length(right)
        && Arrays.equals(bytes, starts[id], middle, bytes, starts[left], starts[left + 1])
        && Arrays.equals(bytes, middle, starts[id + 1], bytes, starts[right], starts[right + 1]);
  }

  /** The bytes of a token, in an array that the caller owns. */
  public byte[] of(int id) {
    return Arrays.copyOfRange(bytes, starts[id], starts[id + 1]);
  }
}

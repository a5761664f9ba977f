package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.Utf8;

/**
 * The ids that a tokenizer's model has for raw bytes as one pretoken: nothing is normalized or
 * split, and added tokens in the bytes are text. Not thread-safe.
 *
 * <p>A model of characters sees a space as the mark that its normalizer or its Metaspace writes for
 * one ({@code ▁}), and bytes that are not UTF-8 as their tokens of byte fallback.
 */
public final class PretokenEncoder {
  private static final String SPACE = " ";

  private final Tokenizer tokenizer;
  private final BpeModel model;
  private final BpeEncoder encoder;

  /** Whether the model sees characters as they are, and not bytes as the byte alphabet has them. */
  private final boolean seesCharacters;

  /** The id of the unknown token, or -1. */
  private final int unknown;

  private final IdBuffer ids = new IdBuffer(16);

  /** An encoder with the tokenizer's model. */
  public PretokenEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.model = tokenizer.model();
    this.encoder = model.newEncoder(tokenizer.byteLevel());
    this.seesCharacters = !tokenizer.byteLevel() && !tokenizer.parts().normalizesToBytes();
    String token = model.options().unkToken();
    this.unknown = token == null ? -1 : model.id(token);
  }

  /**
   * The ids in order. A character or byte without a token has none: neither the unknown token nor
   * another token is used for it.
   */
  public int[] ids(byte[] bytes) {
    ids.clear();
    if (seesCharacters) {
      encodeCharacters(bytes);
    } else if (tokenizer.byteLevel()) {
      encode(bytes);
    } else { // the normalizer, which does not run here, would write the byte alphabet
      encode(ByteAlphabet.toToken(bytes, 0, bytes.length).getBytes(StandardCharsets.UTF_8));
    }
    return Arrays.stream(ids.toArray()).filter(id -> id != unknown).toArray();
  }

  /** Adds the ids of a pretoken. */
  private void encode(byte[] pretoken) {
    if (pretoken.length > 0) {
      encoder.encode(pretoken, 0, new int[] {pretoken.length}, 1, ids);
    }
  }

  /** Adds the ids of bytes for a model of characters. */
  private void encodeCharacters(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      int illFormed = Utf8.firstIllFormed(bytes, at, bytes.length);
      int end = illFormed < 0 ? bytes.length : illFormed;
      encode(marked(new String(bytes, at, end - at, StandardCharsets.UTF_8)));
      at = end;
      if (illFormed >= 0) {
        at = illFormed + Utf8.illFormedLength(bytes, illFormed, bytes.length);
        addFallback(bytes, illFormed, at);
      }
    }
  }

  /** Adds the tokens of byte fallback for {@code bytes[from, to)}, if the model has them. */
  private void addFallback(byte[] bytes, int from, int to) {
    if (!model.options().byteFallback()) {
      return;
    }
    for (int at = from; at < to; at++) {
      int id = model.id(CharacterCoverage.fallbackToken(bytes[at] & 0xFF));
      if (id >= 0) {
        ids.add(id);
      }
    }
  }

  /** The UTF-8 of a text with the tokenizer's mark in place of each space. */
  private byte[] marked(String text) {
    String marked = text;
    NormalizerSpec normalizer = tokenizer.normalizer();
    if (normalizer != null) {
      for (NormalizerSpec step : normalizer.steps()) {
        if (step instanceof NormalizerSpec.Replace replace
            && replace.pattern() instanceof TextPattern.Literal literal
            && literal.text().equals(SPACE)) {
          marked = marked.replace(SPACE, replace.content());
        }
      }
    }
    PreTokenizerSpec preTokenizer = tokenizer.preTokenizer();
    if (preTokenizer != null) {
      for (PreTokenizerSpec component : preTokenizer.components()) {
        if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
          marked = marked.replace(SPACE, metaspace.replacement());
        }
      }
    }
    return marked.getBytes(StandardCharsets.UTF_8);
  }
}

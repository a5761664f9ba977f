package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/**
 * Finds the characters that HF's BPE would drop silently: those without a token, byte fallback or
 * unknown token (HF: {@code merge_word} of {@code models/bpe/model.rs}); and those at which HF
 * fails because the unknown token is not in the vocabulary ({@code UnkTokenOutOfVocabulary}). Not
 * thread-safe.
 *
 * <p>A vocabulary of all bytes, or with an unknown token, drops nothing: {@link #of} then returns
 * null, and encoding has no extra cost.
 */
final class CharacterCoverage {
  /** Bits of a place: the symbol is the first or the last one of its pretoken. */
  private static final int FIRST = 1;

  private static final int LAST = 2;
  private static final int PLACES = 4;

  private final BpeModel model;
  private final boolean byteLevel;

  /** By place, the characters that are known to have a token there. */
  private final BitSet[] known = new BitSet[PLACES];

  private CharacterCoverage(BpeModel model, boolean byteLevel) {
    this.model = model;
    this.byteLevel = byteLevel;
    for (int place = 0; place < known.length; place++) {
      known[place] = new BitSet();
    }
  }

  /** The coverage of a model; null if it has a token for every character. */
  static @Nullable CharacterCoverage of(BpeModel model, boolean byteLevel) {
    String unknown = model.options().unkToken();
    if (unknown != null && model.id(unknown) >= 0) {
      return null;
    }
    CharacterCoverage coverage = new CharacterCoverage(model, byteLevel);
    if (!byteLevel) {
      return model.missingBytes(false).isEmpty() ? null : coverage;
    }
    for (int b = 0; b < 256; b++) {
      for (int place = 0; place < PLACES; place++) {
        if (!coverage.has(ByteAlphabet.toChar(b), place)) {
          return coverage;
        }
      }
    }
    return null;
  }

  /** The token of byte fallback for a byte of 0 to 255. */
  static String fallbackToken(int b) {
    return String.format(Locale.ROOT, "<0x%02X>", b);
  }

  /**
   * Checks adjacent pretokens.
   *
   * @param path translates a place in {@code text} to one in the document
   * @throws UnencodableException naming the first character that would be dropped
   */
  void check(byte[] text, int start, int[] ends, int count, PretokenPath path) {
    int dropped = firstDropped(text, start, ends, count);
    if (dropped >= 0) {
      throw new UnencodableException(name(text, dropped), path.offset(text, dropped));
    }
  }

  /** The place in {@code text} of the first character that would be dropped, or −1. */
  int firstDropped(byte[] text, int start, int[] ends, int count) {
    int from = start;
    for (int i = 0; i < count; i++) {
      int to = ends[i];
      int dropped = firstDropped(text, from, to);
      if (dropped >= 0) {
        return dropped;
      }
      from = to;
    }
    return -1;
  }

  /** The character (in a byte-level model: the byte) at {@code at} for messages. */
  String name(byte[] text, int at) {
    if (byteLevel) {
      return String.format(Locale.ROOT, "byte 0x%02X", text[at]);
    }
    int c = Utf8.codePoint(text, at);
    return String.format(Locale.ROOT, "U+%04X \"%s\"", c, Character.toString(c));
  }

  /** Whether a character (in a byte-level model: of the byte alphabet) has a token at a place. */
  private boolean has(int character, int place) {
    if (known[place].get(character)) {
      return true;
    }
    BpeModel.Options options = model.options();
    String symbol = Character.toString(character);
    if ((place & FIRST) == 0 && options.continuingSubwordPrefix() != null) {
      symbol = options.continuingSubwordPrefix() + symbol;
    }
    if ((place & LAST) != 0 && options.endOfWordSuffix() != null) {
      symbol += options.endOfWordSuffix();
    }
    boolean hasToken = model.id(symbol) >= 0 || (options.byteFallback() && fallsBack(symbol));
    known[place].set(character, hasToken);
    return hasToken;
  }

  private boolean fallsBack(String symbol) {
    for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
      if (model.id(fallbackToken(b & 0xFF)) < 0) {
        return false;
      }
    }
    return true;
  }

  private int firstDropped(byte[] text, int from, int to) {
    for (int at = from; at < to; ) {
      int next = at + (byteLevel ? 1 : CodePoints.length(text[at]));
      int character = byteLevel ? ByteAlphabet.toChar(text[at] & 0xFF) : Utf8.codePoint(text, at);
      int place = (at == from ? FIRST : 0) | (next == to ? LAST : 0);
      if (!has(character, place)) {
        return isWholeToken(text, from, to) ? -1 : at;
      }
      at = next;
    }
    return -1;
  }

  /** Whether the pretoken becomes one token without merges, so that its characters need none. */
  private boolean isWholeToken(byte[] text, int from, int to) {
    if (!model.options().ignoreMerges()) {
      return false;
    }
    String token =
        byteLevel
            ? ByteAlphabet.toToken(text, from, to)
            : new String(text, from, to - from, StandardCharsets.UTF_8);
    return model.id(token) >= 0;
  }
}

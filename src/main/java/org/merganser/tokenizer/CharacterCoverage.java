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
  private static final int FIRST = 1;
  private static final int LAST = 2;

  private final BpeModel model;
  private final boolean byteLevel;

  /** Symbols known to have a token, for each of the four places (first, last) in a pretoken. */
  private final BitSet[] known = new BitSet[4];

  private CharacterCoverage(BpeModel model, boolean byteLevel) {
    this.model = model;
    this.byteLevel = byteLevel;
    for (int place = 0; place < known.length; place++) {
      known[place] = new BitSet();
    }
  }

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
      for (int place = 0; place < 4; place++) {
        if (!coverage.has(ByteAlphabet.toChar(b), place)) {
          return coverage;
        }
      }
    }
    return null;
  }

  static String fallbackToken(int b) {
    return String.format(Locale.ROOT, "<0x%02X>", b);
  }

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
    boolean there = model.id(symbol) >= 0 || options.byteFallback() && fallsBack(symbol);
    known[place].set(character, there);
    return there;
  }

  private boolean fallsBack(String symbol) {
    for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
      if (model.id(fallbackToken(b & 0xFF)) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
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

  private int firstDropped(byte[] text, int from, int to) {
    for (int at = from; at < to; ) {
      int next = at + (byteLevel ? 1 : CodePoints.length(text[at]));
      int character = byteLevel ? ByteAlphabet.toChar(text[at] & 0xFF) : Utf8.codePoint(text, at);
      if (!has(character, (at == from ? FIRST : 0) | (next == to ? LAST : 0))) {
        return isWholeToken(text, from, to) ? -1 : at;
      }
      at = next;
    }
    return -1;
  }

  private boolean isWholeToken(byte[] text, int from, int to) {
    return model.options().ignoreMerges()
        && model.id(
                byteLevel
                    ? ByteAlphabet.toToken(text, from, to)
                    : new String(text, from, to - from, StandardCharsets.UTF_8))
            >= 0;
  }

  String name(byte[] text, int at) {
    if (byteLevel) {
      return String.format(Locale.ROOT, "byte 0x%02X", text[at]);
    }
    int c = Utf8.codePoint(text, at);
    return String.format(Locale.ROOT, "U+%04X \"%s\"", c, Character.toString(c));
  }
}

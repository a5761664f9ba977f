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
  // A position is a combination of these two bits.

  /** The symbol is the first one of its pretoken. */
  private static final int FIRST = 1;

  /** The symbol is the last one of its pretoken. */
  private static final int LAST = 2;

  private static final int POSITIONS = (FIRST | LAST) + 1;

  private final BpeModel model;
  private final boolean byteLevel;

  /** By position, the characters that are known to have a token there. */
  private final BitSet[] known = new BitSet[POSITIONS];

  private CharacterCoverage(BpeModel model, boolean byteLevel) {
    this.model = model;
    this.byteLevel = byteLevel;
    for (int position = 0; position < known.length; position++) {
      known[position] = new BitSet();
    }
  }

  /** The coverage of a model; null if it drops no character. */
  static @Nullable CharacterCoverage of(BpeModel model, boolean byteLevel) {
    String unknown = model.options().unkToken();
    if (unknown != null && model.id(unknown) >= 0) {
      return null;
    }
    CharacterCoverage coverage = new CharacterCoverage(model, byteLevel);
    boolean usesByteAlphabet = false; // missingBytes then looks for the tokens of byte fallback
    boolean isComplete =
        byteLevel ? coverage.hasAllBytes() : model.missingBytes(usesByteAlphabet).isEmpty();
    return isComplete ? null : coverage;
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
      throw new UnencodableException(describe(text, dropped), path.offset(text, dropped));
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

  /** The character (in a byte-level model: the byte) at {@code at}, as messages name it. */
  String describe(byte[] text, int at) {
    if (byteLevel) {
      return String.format(Locale.ROOT, "byte 0x%02X", text[at]);
    }
    int c = Utf8.codePoint(text, at);
    return String.format(Locale.ROOT, "U+%04X \"%s\"", c, Character.toString(c));
  }

  /** Whether each byte of a byte-level model has a token at each position. */
  private boolean hasAllBytes() {
    for (int b = 0; b < 256; b++) {
      for (int position = 0; position < POSITIONS; position++) {
        if (!hasToken(ByteAlphabet.toChar(b), position)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Whether a character (in a byte-level model: of the byte alphabet) has a token at a position.
   */
  private boolean hasToken(int character, int position) {
    if (known[position].get(character)) {
      return true;
    }
    BpeModel.Options options = model.options();
    String symbol = Character.toString(character);
    if ((position & FIRST) == 0 && options.continuingSubwordPrefix() != null) {
      symbol = options.continuingSubwordPrefix() + symbol;
    }
    if ((position & LAST) != 0 && options.endOfWordSuffix() != null) {
      symbol += options.endOfWordSuffix();
    }
    boolean hasToken = model.id(symbol) >= 0 || (options.byteFallback() && fallsBack(symbol));
    known[position].set(character, hasToken);
    return hasToken;
  }

  /** Whether byte fallback has a token for each byte of the symbol. */
  private boolean fallsBack(String symbol) {
    for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
      if (model.id(fallbackToken(b & 0xFF)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The place of the first character of one pretoken that would be dropped, or −1. */
  private int firstDropped(byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      int next = at + (byteLevel ? 1 : CodePoints.length(text[at]));
      int character = byteLevel ? ByteAlphabet.toChar(text[at] & 0xFF) : Utf8.codePoint(text, at);
      int position = (at == from ? FIRST : 0) | (next == to ? LAST : 0);
      if (!hasToken(character, position)) {
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

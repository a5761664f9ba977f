package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.ByteLevelForm;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.CodePoints;

/**
 * Encodes words of any BPE model. The first symbols are characters with their affixes, byte tokens
 * and the unknown token, chosen as HF's {@code merge_word} ({@code models/bpe/model.rs}) does. With
 * byte level the characters are those of {@link ByteAlphabet}, one a byte.
 *
 * <p>Two rules of HF are easily missed. A character that falls back to bytes does not end a pending
 * unknown token, which then comes <em>after</em> those bytes. And the fallback bytes are those of
 * the character with its affixes.
 */
final class CharacterWordEncoder implements WordEncoder {
  /** In place of an id. */
  private static final int NONE = -1;

  private final Vocabulary vocabulary;
  private final WordMerger merger;
  private final boolean byteLevel;

  /** The UTF-8 of the continuing-subword prefix; empty without one. */
  private final byte[] prefix;

  /** The UTF-8 of the end-of-word suffix; empty without one. */
  private final byte[] suffix;

  /** Whether there is neither a prefix nor a suffix. */
  private final boolean plain;

  /** The id of the unknown token, or {@link #NONE}. */
  private final int unknown;

  /** Whether adjacent unknown characters are one unknown token. */
  private final boolean fuse;

  /** The {@link #idsOfByteTokens}; empty without byte fallback. */
  private final int[] fallback;

  /** Scratch space: the byte-level form of a byte or of a word. */
  private final ByteLevelForm form = new ByteLevelForm(Integer.MAX_VALUE);

  /** Scratch space: a character with its affixes. */
  private byte[] piece = new byte[64];

  /** An unknown token that was not appended yet, or {@link #NONE}. */
  private int pending = NONE;

  /** The bytes that the pending token represents. */
  private int pendingLength;

  /** Scratch space of {@link #addLengths}: the first symbols. */
  private final IdBuffer symbols = new IdBuffer(0);

  /** Scratch space of {@link #addLengths}: the bytes that each first symbol represents. */
  private final IdBuffer symbolLengths = new IdBuffer(0);

  /**
   * @param merger merges with the ranks of the model
   * @param byteLevel whether each byte of a word is one character
   */
  CharacterWordEncoder(
      Vocabulary vocabulary, WordMerger merger, BpeModel.Options options, boolean byteLevel) {
    this.vocabulary = vocabulary;
    this.merger = merger;
    this.byteLevel = byteLevel;
    this.prefix = utf8OrEmpty(options.continuingSubwordPrefix());
    this.suffix = utf8OrEmpty(options.endOfWordSuffix());
    this.plain = prefix.length == 0 && suffix.length == 0;
    byte[] unk = utf8OrEmpty(options.unkToken());
    this.unknown = options.unkToken() == null ? NONE : vocabulary.id(unk, 0, unk.length);
    this.fuse = options.fuseUnk();
    this.fallback = options.byteFallback() ? idsOfByteTokens(vocabulary) : new int[0];
  }

  private static byte[] utf8OrEmpty(@Nullable String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }

  /** The ids of {@code <0x00>} to {@code <0xFF>}; {@link #NONE} for a missing one. */
  static int[] idsOfByteTokens(Vocabulary vocabulary) {
    int[] ids = new int[256];
    for (int b = 0; b < 256; b++) {
      byte[] token = String.format(Locale.ROOT, "<0x%02X>", b).getBytes(StandardCharsets.US_ASCII);
      ids[b] = vocabulary.id(token, 0, token.length);
    }
    return ids;
  }

  @Override
  public int idOfWhole(byte[] text, int from, int to) {
    if (to - from > vocabulary.longestBytes()) {
      return NONE;
    }
    if (!byteLevel) {
      return vocabulary.id(text, from, to);
    }
    return form.set(text, from, to) ? vocabulary.id(form.bytes(), 0, form.length()) : NONE;
  }

  /** Always none: what a character becomes may depend on affixes, fallback and its neighbors. */
  @Override
  public int idOfCharacter(int utf8) {
    return NONE;
  }

  @Override
  public void merge(byte[] text, int from, int to, IdBuffer out) {
    int before = out.size();
    IdBuffer noLengths = null;
    appendSymbols(text, from, to, out, noLengths);
    out.setSize(before + merger.merge(out.ids(), before, out.size() - before));
  }

  @Override
  public void addLengths(
      byte[] text, int from, int to, int[] ids, int first, int end, IdBuffer lengths) {
    symbols.clear();
    symbolLengths.clear();
    appendSymbols(text, from, to, symbols, symbolLengths);
    int count = symbols.size();
    // Where each symbol left begins, then the end of the last one.
    int[] places = new int[count + 1];
    int countLeft = merger.mergeNotingPlaces(symbols.ids(), count, places);
    places[countLeft] = count;
    for (int i = 0; i < countLeft; i++) {
      int length = 0;
      for (int k = places[i]; k < places[i + 1]; k++) {
        length += symbolLengths.ids()[k];
      }
      lengths.add(length);
    }
  }

  /**
   * Appends the symbols from which merging {@code text[from, to)} starts.
   *
   * @param lengths receives the number of bytes that each represents, as in all methods below; null
   *     if nobody asks for it
   */
  private void appendSymbols(
      byte[] text, int from, int to, IdBuffer out, @Nullable IdBuffer lengths) {
    pending = NONE;
    if (byteLevel) {
      appendBytes(text, from, to, out, lengths);
    } else {
      appendCharacters(text, from, to, out, lengths);
    }
    flushPending(out, lengths);
  }

  /** Appends the symbols of a text whose characters are its bytes. */
  private void appendBytes(
      byte[] text, int from, int to, IdBuffer out, @Nullable IdBuffer lengths) {
    for (int i = from; i < to; i++) {
      form.set(text, i, i + 1);
      if (plain) {
        append(form.bytes(), 0, form.length(), 1, out, lengths);
      } else {
        int length = setPiece(form.bytes(), 0, form.length(), i == from, i + 1 == to);
        append(piece, 0, length, 1, out, lengths);
      }
    }
  }

  /** Appends the symbols of the characters of UTF-8. */
  private void appendCharacters(
      byte[] text, int from, int to, IdBuffer out, @Nullable IdBuffer lengths) {
    int at = from;
    while (at < to) {
      int end = at + 1;
      while (end < to && CodePoints.isContinuation(text[end])) {
        end++;
      }
      if (plain) {
        append(text, at, end, end - at, out, lengths);
      } else {
        int length = setPiece(text, at, end, at == from, end == to);
        append(piece, 0, length, end - at, out, lengths);
      }
      at = end;
    }
  }

  /**
   * Appends the symbols of a character with its affixes, {@code bytes[start, end)}: its token, its
   * byte tokens, or a pending unknown token, in this order of preference.
   *
   * @param length the bytes of text that it represents
   */
  private void append(
      byte[] bytes, int start, int end, int length, IdBuffer out, @Nullable IdBuffer lengths) {
    int id = vocabulary.id(bytes, start, end);
    if (id != NONE) {
      flushPending(out, lengths);
      add(id, length, out, lengths);
      return;
    }
    if (fallback.length != 0 && appendByteTokens(bytes, start, end, out, lengths)) {
      return;
    }
    if (unknown == NONE) {
      return; // the character is dropped, as in HF
    }
    if (pending != NONE && fuse) {
      pendingLength += length;
      return;
    }
    flushPending(out, lengths);
    pending = unknown;
    pendingLength = length;
  }

  /** Appends the pending unknown token, if there is one. */
  private void flushPending(IdBuffer out, @Nullable IdBuffer lengths) {
    if (pending != NONE) {
      add(pending, pendingLength, out, lengths);
      pending = NONE;
    }
  }

  /** Appends a symbol, and the number of bytes that it represents. */
  private static void add(int id, int length, IdBuffer out, @Nullable IdBuffer lengths) {
    out.add(id);
    if (lengths != null) {
      lengths.add(length);
    }
  }

  /**
   * Sets {@link #piece} to the character {@code text[from, to)} with affixes; returns its length.
   */
  private int setPiece(byte[] text, int from, int to, boolean first, boolean last) {
    int most = prefix.length + (to - from) + suffix.length;
    if (piece.length < most) {
      piece = Arrays.copyOf(piece, most);
    }
    int n = 0;
    if (!first) {
      System.arraycopy(prefix, 0, piece, 0, prefix.length);
      n = prefix.length;
    }
    System.arraycopy(text, from, piece, n, to - from);
    n += to - from;
    if (last) {
      System.arraycopy(suffix, 0, piece, n, suffix.length);
      n += suffix.length;
    }
    return n;
  }

  /**
   * Appends the byte tokens of a character.
   *
   * @return false if one of them is missing; nothing is appended then
   */
  private boolean appendByteTokens(
      byte[] bytes, int start, int end, IdBuffer out, @Nullable IdBuffer lengths) {
    for (int i = start; i < end; i++) {
      if (fallback[bytes[i] & 0xFF] == NONE) {
        return false;
      }
    }
    for (int i = start; i < end; i++) {
      int length = 1; // HF counts 1 for a byte of an affix, too
      add(fallback[bytes[i] & 0xFF], length, out, lengths);
    }
    return true;
  }
}

package org.merganser.tokenizer;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.scan.CutRule;

/**
 * Encodes strings for one thread at a time: an encoder with its caches, and buffers for the text as
 * UTF-8 and for its ids. A tokenizer with a {@link CutRule} encodes a text block by block, so that
 * counting a long text takes the memory of a block.
 */
final class TextSession {
  /** Bytes of text that are read before a cut is looked for, if the text may be cut. */
  private static final int BLOCK = 1 << 14;

  /** A buffer of more elements, bytes or ids, is released after the text that needed it. */
  private static final int LARGEST_KEPT = 1 << 20;

  /** The number of {@code char}s that are turned into UTF-8 at once. */
  private static final int MOST_CHARS = 1 << 12;

  private final Encoder encoder;
  private final OffsetEncoder offsets;
  private final @Nullable CutRule cutRule;
  private final char[] chars = new char[MOST_CHARS];

  /** The text that was read and not yet encoded. */
  private final ByteBuilder utf8 = new ByteBuilder(2 * BLOCK);

  private IdBuffer ids = new IdBuffer(BLOCK);

  /** The place in the text, in {@code char}s, from which {@link #read} continues. */
  private int next;

  /**
   * @param encoder adds no special tokens
   * @param offsets for texts whose ids have spans; it may add special tokens
   * @param cutRule null if a text must be read at once
   */
  TextSession(Encoder encoder, OffsetEncoder offsets, @Nullable CutRule cutRule) {
    this.encoder = encoder;
    this.offsets = offsets;
    this.cutRule = cutRule;
  }

  /** The ids of a text between those of a frame. */
  int[] encode(CharSequence text, FrameIds frame) {
    forget();
    boolean keepsIds = true;
    encodeBlocks(text, keepsIds, Integer.MAX_VALUE);
    return frame.around(ids.ids(), ids.size());
  }

  /** The number of ids of a text, or {@code limit} if that is less. */
  int count(CharSequence text, int limit) {
    forget();
    boolean keepsIds = false;
    return encodeBlocks(text, keepsIds, limit);
  }

  /**
   * The ids of a text with their spans.
   *
   * @param trims as for {@link OffsetEncoder#encode}
   */
  Encoding encodeWithOffsets(CharSequence text, boolean trims) {
    forget();
    next = 0;
    read(text, Integer.MAX_VALUE);
    return offsets.encode(utf8.bytes(), utf8.length(), trims);
  }

  /**
   * The beginning of a text with at most {@code budget} ids, as {@link TextEncoder#truncate} says.
   *
   * @param added the number of ids that the post-processor adds before those of the text
   */
  String truncate(String text, int budget, int added) {
    if (budget == Integer.MAX_VALUE || count(text, budget + 1) <= budget) {
      return text;
    }
    // More than budget ids end before a cut within what was read, or at the end of the text. So
    // they are the first ids of the complete text.
    String read = text.substring(0, next);
    boolean trims = false;
    Encoding encoding = encodeWithOffsets(read, trims);
    int step = 1;
    for (int i = added + budget; i > added; i -= step) {
      int end = encoding.charStart(i);
      if (end < encoding.charEnd(i - 1)) {
        continue; // Both ids belong to one character.
      }
      String beginning = text.substring(0, end);
      if (count(beginning, budget + 1) <= budget) {
        return beginning;
      }
      step *= 2; // Limits the work if many beginnings have more ids alone than within the text.
    }
    return "";
  }

  /** Clears the buffers, so that the session keeps nothing of the last text. */
  void forget() {
    utf8.clear();
    ids.clear();
    if (ids.ids().length > LARGEST_KEPT) {
      ids = new IdBuffer(BLOCK);
    }
  }

  /** Whether a text that was read at once has made the buffer of text too large to keep. */
  boolean isLarge() {
    return utf8.bytes().length > LARGEST_KEPT;
  }

  /**
   * Encodes a text block by block until it ends or has {@code limit} ids.
   *
   * @param keepsIds whether the ids are added to {@link #ids}, or only counted
   * @return the number of ids, or {@code limit} if that is less
   */
  private int encodeBlocks(CharSequence text, boolean keepsIds, int limit) {
    next = 0;
    long count = 0;
    long done = 0;
    while (count < limit && (utf8.length() > 0 || next < text.length())) {
      int end = readBlock(text);
      count += encodeBlock(end, done, keepsIds, limit - count);
      done += end;
      System.arraycopy(utf8.bytes(), end, utf8.bytes(), 0, utf8.length() - end);
      utf8.setLength(utf8.length() - end);
    }
    return (int) Math.min(limit, count);
  }

  /**
   * Reads on until the text may be cut after a block, or ends.
   *
   * @return the number of bytes of the buffer that may be encoded now
   */
  private int readBlock(CharSequence text) {
    if (cutRule == null) {
      read(text, Integer.MAX_VALUE);
      return utf8.length();
    }
    int wanted = BLOCK;
    while (true) {
      read(text, wanted);
      if (next == text.length()) {
        return utf8.length();
      }
      int cut = cutRule.lastCut(utf8.bytes(), 0, utf8.length());
      if (cut >= 0) {
        return cut;
      }
      wanted = (int) Math.min(Integer.MAX_VALUE, 2L * wanted);
    }
  }

  /**
   * Encodes the first {@code end} bytes of the buffer, which are at {@code offset} in the text.
   *
   * @param limit counting stops soon after this many ids; it has no effect if the ids are kept
   * @return their number of ids, or at least {@code limit} if counting stopped
   */
  private long encodeBlock(int end, long offset, boolean keepsIds, long limit) {
    try {
      if (!keepsIds) {
        return encoder.countUpTo(utf8.bytes(), 0, end, limit);
      }
      int size = ids.size();
      encoder.encode(utf8.bytes(), 0, end, ids);
      return (long) ids.size() - size;
    } catch (SpecialTextException e) {
      throw offset == 0 ? e : new SpecialTextException(e.token(), offset + e.offset());
    } catch (UnencodableException e) {
      throw offset == 0 ? e : new UnencodableException(e.character(), offset + e.offset());
    }
  }

  /** Reads on until the buffer has {@code wanted} bytes or more, or the text ends. */
  private void read(CharSequence text, int wanted) {
    while (next < text.length() && utf8.length() < wanted) {
      int count = Math.min(MOST_CHARS, text.length() - next);
      if (text instanceof String string) {
        string.getChars(next, next + count, chars, 0);
      } else {
        for (int i = 0; i < count; i++) {
          chars[i] = text.charAt(next + i);
        }
      }
      boolean splitsPair =
          count > 1 && next + count < text.length() && Character.isHighSurrogate(chars[count - 1]);
      if (splitsPair) {
        count--;
      }
      utf8.appendUtf16(chars, 0, count);
      next += count;
    }
    utf8.ensure(PretokenPath.ROOM);
  }
}

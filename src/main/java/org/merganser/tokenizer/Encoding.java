package org.merganser.tokenizer;

/**
 * The ids of a text with their spans in the text: in bytes of the text's UTF-8 form, and in {@code
 * char}s, so that {@code text.substring(charStart(i), charEnd(i))} is the token's text. Immutable.
 *
 * <p>The spans are HF's {@code offsets} (which are in code points). There may be gaps: trimmed
 * spaces, and text without a token. If several ids share one character, each has the character's
 * span. An id that the post-processor adds has the empty span at 0.
 */
public final class Encoding {
  private final int[] ids;

  /** Four for each id: start and end in bytes, start and end in chars. */
  private final int[] spans;

  Encoding(int[] ids, int[] spans) {
    this.ids = ids;
    this.spans = spans;
  }

  /** All ids, in an array that the caller owns. */
  public int[] ids() {
    return ids.clone();
  }

  /** The number of ids. */
  public int size() {
    return ids.length;
  }

  /** The id at a place of 0 to {@link #size} − 1. */
  public int id(int place) {
    return ids[place];
  }

  /** Where the span of an id begins, in bytes of UTF-8; inclusive. */
  public int byteStart(int place) {
    return spans[4 * place];
  }

  /** Where the span of an id ends, in bytes of UTF-8; exclusive. */
  public int byteEnd(int place) {
    return spans[4 * place + 1];
  }

  /** Where the span of an id begins, in {@code char}s; inclusive. */
  public int charStart(int place) {
    return spans[4 * place + 2];
  }

  /** Where the span of an id ends, in {@code char}s; exclusive. */
  public int charEnd(int place) {
    return spans[4 * place + 3];
  }
}

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

  private final int[] byteStarts;
  private final int[] byteEnds;
  private final int[] charStarts;
  private final int[] charEnds;

  /** The arrays have the span of each id, and are no longer changed. */
  Encoding(int[] ids, int[] byteStarts, int[] byteEnds, int[] charStarts, int[] charEnds) {
    this.ids = ids;
    this.byteStarts = byteStarts;
    this.byteEnds = byteEnds;
    this.charStarts = charStarts;
    this.charEnds = charEnds;
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
    return byteStarts[place];
  }

  /** Where the span of an id ends, in bytes of UTF-8; exclusive. */
  public int byteEnd(int place) {
    return byteEnds[place];
  }

  /** Where the span of an id begins, in {@code char}s; inclusive. */
  public int charStart(int place) {
    return charStarts[place];
  }

  /** Where the span of an id ends, in {@code char}s; exclusive. */
  public int charEnd(int place) {
    return charEnds[place];
  }
}

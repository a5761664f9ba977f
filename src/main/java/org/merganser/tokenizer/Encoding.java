package org.merganser.tokenizer;

/**
 * The ids of a text, and for each the span of the text that it stands for: in bytes of the text's
 * UTF-8 form, and in {@code char}s, so that {@code text.substring(charStart(i), charEnd(i))} is the
 * token's text. Immutable.
 *
 * <p>The spans are HF's {@code offsets} (which are in code points). There may be gaps: trimmed
 * spaces, and text without a token. Spans overlap where several ids stand for one character, which
 * is then the span of each. An id that the post-processor has added has the empty span at 0.
 */
public final class Encoding {
  private final int[] ids;

  /** Four an id: start and end in bytes, start and end in chars. */
  private final int[] spans;

  Encoding(int[] ids, int[] spans) {
    this.ids = ids;
    this.spans = spans;
  }

  /** A copy of the ids. */
  public int[] ids() {
    return ids.clone();
  }

  /** The number of ids. */
  public int size() {
    return ids.length;
  }

  /** The id at a place in [0, {@link #size}). */
  public int id(int place) {
    return ids[place];
  }

  /** Where the span of the id at a place begins, in bytes of UTF-8. */
  public int byteStart(int place) {
    return spans[4 * place];
  }

  /** Where the span of the id at a place ends, in bytes of UTF-8. */
  public int byteEnd(int place) {
    return spans[4 * place + 1];
  }

  /** Where the span of the id at a place begins, in {@code char}s. */
  public int charStart(int place) {
    return spans[4 * place + 2];
  }

  /** Where the span of the id at a place ends, in {@code char}s. */
  public int charEnd(int place) {
    return spans[4 * place + 3];
  }
}

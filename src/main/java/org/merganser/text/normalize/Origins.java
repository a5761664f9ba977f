package org.merganser.text.normalize;

import java.util.Arrays;
import java.util.List;
import org.merganser.text.unicode.CodePoints;

/**
 * Where each byte of a rewritten text comes from: a span of characters of the text before (HF:
 * {@code alignments} of {@code tokenizer/normalizer.rs}). If one character becomes several, each
 * has its span; if several become one, it has the span of the first. Takes eight bytes for each
 * byte of text; reused.
 */
public final class Origins {
  /** Origins that store nothing, for callers that need none; thread-safe. */
  public static final Origins NONE = new Origins(false);

  private final boolean kept;
  private byte[] source = {};
  private byte[] target = {};
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int length;

  public Origins() {
    this(true);
  }

  private Origins(boolean kept) {
    this.kept = kept;
  }

  /** Whether this is not {@link #NONE}. */
  boolean areKept() {
    return kept;
  }

  public void clear() {
    length = 0;
  }

  /** Sets the two texts after all of the rewritten text was added. */
  public void between(byte[] before, byte[] rewritten) {
    if (kept) {
      source = before;
      target = rewritten;
    }
  }

  public void copied(byte[] text, int from, int to) {
    if (!kept) {
      return;
    }
    for (int at = from; at < to; ) {
      int end = at + CodePoints.length(text[at]);
      rewritten(end - at, at, end);
      at = end;
    }
  }

  public void rewritten(int bytes, int start, int end) {
    if (!kept) {
      return;
    }
    if (length + bytes > starts.length) {
      int capacity = Math.max(2 * starts.length, Math.addExact(length, bytes));
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    Arrays.fill(starts, length, length + bytes, start);
    Arrays.fill(ends, length, length + bytes, end);
    length += bytes;
  }

  /** Composes these origins with those of the rewriting before, so that they refer to its input. */
  void through(Origins earlier) {
    for (int i = 0; i < length; i++) {
      int last = Math.max(starts[i], ends[i] - 1);
      starts[i] = earlier.starts[starts[i]];
      ends[i] = earlier.ends[last];
    }
  }

  void set(Origins other) {
    clear();
    if (kept) {
      for (int i = 0; i < other.length; i++) {
        rewritten(1, other.starts[i], other.ends[i]);
      }
    }
  }

  /**
   * The span of the first text that a nonempty {@code text[from, to)} comes from, as {@code start
   * << 32 | end}. If nothing was rewritten, the span is widened to complete characters.
   *
   * @param rewritings those that may have written {@code text} or the text before it
   */
  public static long resolve(List<Origins> rewritings, byte[] text, int from, int to) {
    byte[] current = text;
    int start = from;
    int end = to;
    for (boolean found = true; found; ) {
      found = false;
      for (Origins origins : rewritings) {
        if (origins.target == current) {
          int newStart = origins.starts[start];
          end = origins.ends[Math.min(end, origins.length) - 1];
          start = newStart;
          current = origins.source;
          found = true;
          break;
        }
      }
    }
    while ((current[start] & 0xC0) == 0x80) {
      start--;
    }
    if (end > start) {
      int last = CodePoints.before(current, end);
      end = last + CodePoints.length(current[last]);
    }
    return (long) start << 32 | end;
  }
}

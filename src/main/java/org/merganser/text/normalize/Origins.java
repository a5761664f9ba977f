package org.merganser.text.normalize;

import java.util.Arrays;
import java.util.List;
import org.merganser.text.unicode.CodePoints;

/**
 * Where each byte of a rewritten text comes from: a span of whole characters of the text before
 * (HF: {@code alignments} of {@code tokenizer/normalizer.rs}). A character that stands for several
 * has the span of the first one, and several that stand for one have its span each. Eight bytes a
 * byte of text; reused.
 */
public final class Origins {
  private byte[] source = {};
  private byte[] target = {};
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int length;

  /** Forgets everything. */
  public void clear() {
    length = 0;
  }

  /** Sets the arrays that this describes, after all of the rewritten text was added. */
  public void between(byte[] before, byte[] rewritten) {
    source = before;
    target = rewritten;
  }

  /** Adds bytes that are the characters {@code text[from, to)}, each unchanged. */
  public void copied(byte[] text, int from, int to) {
    for (int at = from; at < to; ) {
      int end = at + CodePoints.length(text[at]);
      rewritten(end - at, at, end);
      at = end;
    }
  }

  /** Adds {@code bytes} bytes that come from {@code [start, end)}. */
  public void rewritten(int bytes, int start, int end) {
    if (length + bytes > starts.length) {
      int capacity = Math.max(2 * starts.length, Math.addExact(length, bytes));
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    Arrays.fill(starts, length, length + bytes, start);
    Arrays.fill(ends, length, length + bytes, end);
    length += bytes;
  }

  /** Makes this refer to the text before {@code earlier}, whose result was rewritten. */
  void through(Origins earlier) {
    for (int i = 0; i < length; i++) {
      int last = Math.max(starts[i], ends[i] - 1);
      starts[i] = earlier.starts[starts[i]];
      ends[i] = earlier.ends[last];
    }
  }

  /** Copies the content of another one. */
  void set(Origins other) {
    clear();
    for (int i = 0; i < other.length; i++) {
      rewritten(1, other.starts[i], other.ends[i]);
    }
  }

  /**
   * The span in the first text that {@code text[from, to)}, not empty, comes from: its start
   * shifted left by 32 | its end. In the first text itself it is widened to whole characters.
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

package org.merganser.text.normalize;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

  /** Whether this stores anything. */
  private final boolean kept;

  /** The text before the rewriting. */
  private byte[] source = {};

  /** The rewritten text. */
  private byte[] target = {};

  /** By byte of the rewritten text, where its span begins in the source. */
  private int[] starts = new int[64];

  /** By byte of the rewritten text, where its span ends in the source. */
  private int[] ends = new int[64];

  /** The number of bytes of the rewritten text. */
  private int length;

  /** Origins without any byte. */
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

  /** Removes all bytes, for another text. */
  public void clear() {
    length = 0;
  }

  /**
   * Sets the two texts. To be called after all of the rewritten text was added, since {@link
   * #resolve} finds these origins by the array of the rewritten text.
   */
  public void setTexts(byte[] before, byte[] rewritten) {
    if (kept) {
      source = before;
      target = rewritten;
    }
  }

  /** Adds {@code text[from, to)}, which was copied: each character is its own origin. */
  public void addCopied(byte[] text, int from, int to) {
    if (!kept) {
      return;
    }
    int at = from;
    while (at < to) {
      int end = at + CodePoints.length(text[at]);
      addRewritten(end - at, at, end);
      at = end;
    }
  }

  /**
   * Adds {@code bytes} bytes of the rewritten text, which come from the span {@code [start, end)}.
   */
  public void addRewritten(int bytes, int start, int end) {
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

  /** Makes these origins, which refer to the output of an earlier rewriting, refer to its input. */
  void composeWith(Origins earlier) {
    for (int i = 0; i < length; i++) {
      int last = Math.max(starts[i], ends[i] - 1); // the start if the span is empty
      starts[i] = earlier.starts[starts[i]];
      ends[i] = earlier.ends[last];
    }
  }

  /** Replaces the spans with those of other origins; the two texts stay. */
  void copyFrom(Origins other) {
    clear();
    if (kept) {
      for (int i = 0; i < other.length; i++) {
        addRewritten(1, other.starts[i], other.ends[i]);
      }
    }
  }

  /**
   * The span of the first text that a nonempty {@code text[from, to)} comes from, widened to
   * complete characters. {@link #start} and {@link #end} are its parts.
   *
   * @param rewritings those that may have written {@code text} or the text before it
   */
  public static long resolve(List<Origins> rewritings, byte[] text, int from, int to) {
    byte[] current = text;
    int start = from;
    int end = to;
    Origins origins = writerOf(current, rewritings);
    while (origins != null) {
      int last = Math.min(end, origins.length) - 1;
      end = origins.ends[last];
      start = origins.starts[start];
      current = origins.source;
      origins = writerOf(current, rewritings);
    }
    while (CodePoints.isContinuation(current[start])) {
      start--;
    }
    if (end > start) {
      int lastCharacter = CodePoints.before(current, end);
      end = lastCharacter + CodePoints.length(current[lastCharacter]);
    }
    return ((long) start << 32) | end;
  }

  /** Where a span that {@link #resolve} found begins. */
  public static int start(long span) {
    return (int) (span >>> 32);
  }

  /** Where a span that {@link #resolve} found ends. */
  public static int end(long span) {
    return (int) span;
  }

  /** The rewriting that wrote a text; null if none did. */
  private static @Nullable Origins writerOf(byte[] text, List<Origins> rewritings) {
    for (Origins origins : rewritings) {
      if (origins.target == text) {
        return origins;
      }
    }
    return null;
  }
}

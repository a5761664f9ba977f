package org.merganser.text.normalize;

import java.util.Arrays;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.NormalizationForm;
import org.merganser.text.unicode.NormalizationTable;
import org.merganser.text.unicode.Utf8;

/**
 * Normalizes a span of text: decomposes its characters, orders them, and composes them if the form
 * does (Unicode standard, chapter 3.11). {@link UnicodeFormNormalizer} chooses the spans. Not
 * thread-safe.
 */
final class SpanNormalizer {
  /** Insertion sort is faster for at most this many marks in a row; Zalgo text has hundreds. */
  private static final int INSERTION_LIMIT = 24;

  /** The number of values of a byte, which holds a combining class. */
  private static final int COMBINING_CLASSES = 256;

  private final NormalizationTable table = NormalizationTable.get();
  private final boolean compatibility;
  private final boolean composes;

  /** The characters of the span. */
  private int[] characters = new int[64];

  /** The combining class of each. */
  private byte[] classes = new byte[64];

  /**
   * For each character of the span: 1 if it is inserted, else minus the number of further
   * characters of the text that it replaces. Meaningless unless {@link #keepsOrigins}.
   */
  private int[] changes = new int[64];

  /** Whether {@link #recordOrigins} may be called for the span. */
  private boolean keepsOrigins;

  /** The normalized span. */
  private final ByteBuilder normalized = new ByteBuilder(256);

  SpanNormalizer(NormalizationForm form) {
    this.compatibility = form.compatibility;
    this.composes = form.composes;
  }

  /**
   * Normalizes {@code text[from, to)} into {@link #normalized}.
   *
   * @param keepsOrigins whether {@link #recordOrigins} may be called for the span
   * @return false if the normalized span is equal to the text
   */
  boolean normalize(byte[] text, int from, int to, boolean keepsOrigins) {
    this.keepsOrigins = keepsOrigins;
    int count = decompose(text, from, to);
    order(count);
    if (composes) {
      count = compose(count);
    }
    normalized.clear();
    for (int i = 0; i < count; i++) {
      normalized.appendCodePoint(characters[i]);
    }
    return !Arrays.equals(text, from, to, normalized.bytes(), 0, normalized.length());
  }

  /** The span that was last normalized. */
  ByteBuilder normalized() {
    return normalized;
  }

  /**
   * Records for each character of the span that was last normalized which characters of the text it
   * comes from. An inserted one has the origin of the character before it.
   *
   * @param text the text of which the span is a part
   * @param textFrom the beginning of the text
   * @param from where the span begins in the text
   */
  void recordOrigins(byte[] text, int textFrom, int from, Origins origins) {
    int at = from;
    int index = 0;
    int written = 0;
    while (written < normalized.length()) {
      int length = CodePoints.length(normalized.bytes()[written]);
      int change = changes[index];
      boolean isInserted = change > 0;
      if (isInserted) {
        int previous = at > textFrom ? CodePoints.before(text, at) : textFrom;
        origins.addRewritten(length, previous, at);
      } else {
        int end = at + CodePoints.length(text[at]);
        origins.addRewritten(length, at, end);
        at = end;
        for (int k = change; k < 0; k++) {
          at += CodePoints.length(text[at]);
        }
      }
      written += length;
      index++;
    }
  }

  /** Sets the characters to the decompositions of a span's characters; returns their number. */
  private int decompose(byte[] text, int from, int to) {
    int count = 0;
    for (int at = from; at < to; at += CodePoints.length(text[at])) {
      if (count + NormalizationTable.MAX_DECOMPOSITION > characters.length) {
        characters = Arrays.copyOf(characters, 2 * characters.length);
        classes = Arrays.copyOf(classes, characters.length);
        changes = Arrays.copyOf(changes, characters.length);
      }
      int added = table.decompose(Utf8.codePoint(text, at), compatibility, characters, count);
      if (keepsOrigins) {
        changes[count] = 0;
        Arrays.fill(changes, count + 1, count + added, 1);
      }
      count += added;
    }
    for (int i = 0; i < count; i++) {
      classes[i] = (byte) table.combiningClass(characters[i]);
    }
    return count;
  }

  /** Sorts each run of characters of nonzero class by class; the sort is stable. */
  private void order(int count) {
    int start = 0;
    while (start < count) {
      int end = start;
      while (end < count && classes[end] != 0) {
        end++;
      }
      if (end - start > INSERTION_LIMIT) {
        orderByCounting(start, end);
      } else {
        orderByInsertion(start, end);
      }
      start = end + 1; // the character at end has class 0
    }
  }

  /** A stable insertion sort by class. */
  private void orderByInsertion(int start, int end) {
    for (int i = start + 1; i < end; i++) {
      int character = characters[i];
      byte combiningClass = classes[i];
      int change = changes[i];
      int hole = i;
      while (hole > start && (classes[hole - 1] & 0xFF) > (combiningClass & 0xFF)) {
        characters[hole] = characters[hole - 1];
        classes[hole] = classes[hole - 1];
        changes[hole] = changes[hole - 1];
        hole--;
      }
      characters[hole] = character;
      classes[hole] = combiningClass;
      changes[hole] = change;
    }
  }

  /** A stable counting sort by class; {@code places} has where the next of a class goes. */
  private void orderByCounting(int start, int end) {
    int[] places = new int[COMBINING_CLASSES + 1];
    for (int i = start; i < end; i++) {
      places[(classes[i] & 0xFF) + 1]++;
    }
    for (int i = 0; i < COMBINING_CLASSES; i++) {
      places[i + 1] += places[i];
    }
    int[] unordered = Arrays.copyOfRange(characters, start, end);
    byte[] unorderedClasses = Arrays.copyOfRange(classes, start, end);
    int[] unorderedChanges = Arrays.copyOfRange(changes, start, end);
    for (int i = 0; i < unordered.length; i++) {
      int place = start + places[unorderedClasses[i] & 0xFF]++;
      characters[place] = unordered[i];
      classes[place] = unorderedClasses[i];
      changes[place] = unorderedChanges[i];
    }
  }

  /**
   * Composes the ordered characters in place: each with the last starter (of class 0) before it,
   * unless a character between them blocks it, since its class is not lower. Returns the number of
   * characters left.
   */
  private int compose(int count) {
    int starter = -1;
    int written = 0;
    int lastClass = 0;
    for (int i = 0; i < count; i++) {
      int combiningClass = classes[i] & 0xFF;
      boolean blocked = written > starter + 1 && lastClass >= combiningClass;
      if (starter >= 0 && !blocked) {
        int composite = table.compose(characters[starter], characters[i]);
        if (composite >= 0) {
          characters[starter] = composite;
          changes[starter] += changes[i] - 1; // replaces one of the text more, unless inserted
          continue;
        }
      }
      if (combiningClass == 0) {
        starter = written;
      }
      lastClass = combiningClass;
      changes[written] = changes[i];
      characters[written++] = characters[i];
    }
    return written;
  }
}

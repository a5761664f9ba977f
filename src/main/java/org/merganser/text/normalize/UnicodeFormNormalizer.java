package org.merganser.text.normalize;

import static org.merganser.binary.ByteBuilder.LONG;

import java.util.Arrays;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.NormalizationForm;
import org.merganser.text.unicode.NormalizationTable;
import org.merganser.text.unicode.UniformLeadBytes;
import org.merganser.text.unicode.Utf8;

/**
 * NFC, NFD, NFKC and NFKD over UTF-8, as in HF's Unicode 9.0 tables. Normal text is only scanned:
 * eight bytes a step if first bytes show it, else by one look-up a character. Other text is
 * decomposed, ordered and composed from the last inert character to the next one (Unicode standard,
 * chapter 3.11); an unchanged span is not copied. {@link NormalizationQuickCheck} says which
 * characters are inert, unstable or calm.
 */
final class UnicodeFormNormalizer implements Normalizer {
  private static final long NOT_ASCII = 0x8080808080808080L;

  /** Insertion sort is faster for at most this many marks in a row; Zalgo text has hundreds. */
  private static final int INSERTION_LIMIT = 24;

  private final NormalizationTable table = NormalizationTable.get();
  private final boolean compatibility;
  private final boolean composes;
  private final CodePointSet inert;
  private final CodePointSet unstable;
  private final UniformLeadBytes calm;

  /** The characters of the current span. */
  private int[] characters = new int[64];

  /** The combining class of each. */
  private byte[] classes = new byte[64];

  /**
   * For each character of the span, if origins are wanted: 1 if it is inserted, else minus the
   * number of further characters of the text that it replaces.
   */
  private int[] changes = new int[64];

  /** Whether the caller wants origins. */
  private boolean tracked;

  /**
   * The last inert character that {@link #skipNormal} skipped, or the place where it began: the
   * beginning of the span that is rewritten.
   */
  private int boundary;

  /** The rewritten span. */
  private final ByteBuilder span = new ByteBuilder(256);

  UnicodeFormNormalizer(NormalizationForm form) {
    this.compatibility = form.compatibility;
    this.composes = form.composes;
    NormalizationQuickCheck check = NormalizationQuickCheck.of(form);
    this.inert = check.inert();
    this.unstable = check.unstable();
    this.calm = check.calm();
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins) {
    tracked = origins.areKept();
    boolean changed = false;
    int copied = from; // the end of the text that is in out, once it has changed
    int at = skipNormal(text, from, to);
    while (at < to) {
      int start = boundary;
      int end = inertFrom(text, at + CodePoints.length(text[at]), to);
      if (rewrite(text, start, end)) {
        if (!changed) {
          out.clear();
          origins.clear();
          changed = true;
        }
        out.append(text, copied, start);
        out.append(span.bytes(), 0, span.length());
        origins.copied(text, copied, start);
        recordOrigins(text, from, start, origins);
        copied = end;
      }
      at = skipNormal(text, end, to);
    }
    if (changed) {
      out.append(text, copied, to);
      origins.copied(text, copied, to);
    }
    return changed;
  }

  /**
   * Skips text that the quick check shows to be normal, and sets {@link #boundary}.
   *
   * @param from the beginning of the text, or an inert character
   * @return the first character that may not be normal after those before it, or {@code to}
   */
  private int skipNormal(byte[] text, int from, int to) {
    int lastInert = from;
    int lastClass = 0;
    int at = from;
    while (at < to) {
      if (text[at] >= 0) {
        at = asciiEnd(text, at, to);
        lastInert = at - 1;
        lastClass = 0;
        continue;
      }
      int range = calm.range(text[at]);
      if (range != UniformLeadBytes.MIXED) {
        at = UniformLeadBytes.runEnd(text, at, to, range);
        lastInert = CodePoints.before(text, at);
        lastClass = 0;
        continue;
      }
      int codePoint = Utf8.codePoint(text, at);
      if (inert.contains(codePoint)) {
        lastInert = at;
        lastClass = 0;
      } else {
        int combiningClass = table.combiningClass(codePoint);
        if (combiningClass < lastClass || unstable.contains(codePoint)) {
          break;
        }
        lastClass = combiningClass;
      }
      at += CodePoints.length(text[at]);
    }
    boundary = lastInert;
    return at;
  }

  /**
   * Records for each character of the rewritten span which characters of the text it comes from. An
   * inserted one has the origin of the character before it.
   *
   * @param from the beginning of the text
   * @param start where the span begins in the text
   */
  private void recordOrigins(byte[] text, int from, int start, Origins origins) {
    if (!tracked) {
      return;
    }
    int at = start;
    int index = 0;
    for (int i = 0; i < span.length(); index++) {
      int length = CodePoints.length(span.bytes()[i]);
      int change = changes[index];
      if (change > 0) {
        origins.rewritten(length, at > from ? CodePoints.before(text, at) : from, at);
      } else {
        int end = at + CodePoints.length(text[at]);
        origins.rewritten(length, at, end);
        at = end;
        for (int k = change; k < 0; k++) {
          at += CodePoints.length(text[at]);
        }
      }
      i += length;
    }
  }

  /** The end of the ASCII from {@code from} on. */
  private static int asciiEnd(byte[] text, int from, int to) {
    int at = from;
    while (at + 8 <= to) {
      long high = (long) LONG.get(text, at) & NOT_ASCII;
      if (high != 0) {
        return at + (Long.numberOfTrailingZeros(high) >> 3);
      }
      at += 8;
    }
    while (at < to && text[at] >= 0) {
      at++;
    }
    return at;
  }

  /** The first inert character from {@code from} on, or the end of the text. */
  private int inertFrom(byte[] text, int from, int to) {
    int at = from;
    while (at < to && text[at] < 0 && !inert.contains(Utf8.codePoint(text, at))) {
      at += CodePoints.length(text[at]);
    }
    return at;
  }

  /** Normalizes a span into {@link #span}; false if that is equal to the text. */
  private boolean rewrite(byte[] text, int from, int to) {
    int count = decompose(text, from, to);
    order(count);
    if (composes) {
      count = compose(count);
    }
    span.clear();
    for (int i = 0; i < count; i++) {
      span.appendCodePoint(characters[i]);
    }
    return !Arrays.equals(text, from, to, span.bytes(), 0, span.length());
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
      if (tracked) {
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
    for (int start = 0; start < count; start++) {
      int end = start;
      while (end < count && classes[end] != 0) {
        end++;
      }
      if (end - start > INSERTION_LIMIT) {
        orderByCounting(start, end);
      } else {
        orderByInsertion(start, end);
      }
      start = end;
    }
  }

  /** An insertion sort by class. */
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

  /** A counting sort by class. */
  private void orderByCounting(int start, int end) {
    int[] places = new int[257];
    for (int i = start; i < end; i++) {
      places[(classes[i] & 0xFF) + 1]++;
    }
    for (int i = 0; i < 256; i++) {
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
          changes[starter] += changes[i] - 1;
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

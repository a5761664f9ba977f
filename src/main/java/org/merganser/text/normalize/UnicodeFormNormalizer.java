package org.merganser.text.normalize;

import static org.merganser.binary.LittleEndian.LONG;

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
 * normalized from the last inert character to the next one by {@link SpanNormalizer}; an unchanged
 * span is not copied. {@link NormalizationQuickCheck} says which characters are inert, unstable or
 * calm.
 */
final class UnicodeFormNormalizer implements Normalizer {
  /** The highest bit of each byte of a long, which is set outside ASCII. */
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final NormalizationTable table = NormalizationTable.get();
  private final CodePointSet inert;
  private final CodePointSet unstable;
  private final UniformLeadBytes calm;
  private final SpanNormalizer span;

  /**
   * The last inert character that {@link #skipNormal} skipped, or the place where it began: the
   * beginning of the span that is rewritten.
   */
  private int boundary;

  UnicodeFormNormalizer(NormalizationForm form) {
    NormalizationQuickCheck check = NormalizationQuickCheck.of(form);
    this.inert = check.inert();
    this.unstable = check.unstable();
    this.calm = check.calm();
    this.span = new SpanNormalizer(form);
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins) {
    boolean changed = false;
    int copied = from; // the end of the text that is in out, once it has changed
    int at = skipNormal(text, from, to);
    while (at < to) {
      int start = boundary;
      int end = inertFrom(text, at + CodePoints.length(text[at]), to);
      if (span.normalize(text, start, end, origins.areKept())) {
        if (!changed) {
          out.clear();
          origins.clear();
          changed = true;
        }
        out.append(text, copied, start);
        out.append(span.normalized().bytes(), 0, span.normalized().length());
        origins.addCopied(text, copied, start);
        if (origins.areKept()) {
          span.recordOrigins(text, from, start, origins);
        }
        copied = end;
      }
      at = skipNormal(text, end, to);
    }
    if (changed) {
      out.append(text, copied, to);
      origins.addCopied(text, copied, to);
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

  /** The end of the ASCII from {@code from} on. */
  private static int asciiEnd(byte[] text, int from, int to) {
    int at = from;
    while (at + 8 <= to) {
      long nonAscii = (long) LONG.get(text, at) & HIGH_BITS;
      if (nonAscii != 0) {
        return at + (Long.numberOfTrailingZeros(nonAscii) >> 3);
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
    // ASCII is inert in every form.
    while (at < to && text[at] < 0 && !inert.contains(Utf8.codePoint(text, at))) {
      at += CodePoints.length(text[at]);
    }
    return at;
  }
}

package org.merganser.text.unicode;

import java.util.List;

/**
 * Extended grapheme clusters of Unicode 16 (UAX #29), as the crate {@code unicode-segmentation} has
 * them in HF's Precompiled. Read from {@code grapheme-clusters-unicode-16.txt}.
 */
public final class GraphemeClusters {
  static final String RESOURCE = "grapheme-clusters-unicode-16.txt";

  private static final byte CR = 1;
  private static final byte LF = 2;
  private static final byte CONTROL = 3;
  private static final byte EXTEND = 4;
  private static final byte ZWJ = 5;
  private static final byte SPACING_MARK = 6;
  private static final byte PREPEND = 7;
  private static final byte L = 8;
  private static final byte V = 9;
  private static final byte T = 10;
  private static final byte LV = 11;
  private static final byte LVT = 12;
  private static final byte REGIONAL = 13;
  private static final byte PICTOGRAPHIC = 14;
  private static final byte CONSONANT = 15;

  /** The names of the resource, in the order of the numbers; 0 is any other character. */
  static final List<String> NAMES =
      List.of(
          "any",
          "cr",
          "lf",
          "control",
          "extend",
          "zwj",
          "spacing-mark",
          "prepend",
          "l",
          "v",
          "t",
          "lv",
          "lvt",
          "regional",
          "pictographic",
          "consonant");

  /** Indic_Conjunct_Break Linker and Extend, beside what the low bits say. */
  private static final byte LINKER = 16;

  private static final byte CONJUNCT_EXTEND = 32;
  private static final int CLASS = 15;

  private static final byte[] CLASSES = load();

  private GraphemeClusters() {}

  private static byte[] load() {
    byte[] classes = new byte[CodePointSet.LIMIT];
    for (String line : TableLines.read(RESOURCE)) {
      int space = line.indexOf(' ');
      String name = line.substring(0, space);
      byte bits =
          name.equals("linker")
              ? LINKER
              : name.equals("conjunct-extend") ? CONJUNCT_EXTEND : (byte) NAMES.indexOf(name);
      CodePointSet.Builder builder = new CodePointSet.Builder();
      TableLines.addRanges(line.substring(space + 1), builder);
      CodePointSet set = builder.build();
      for (int c = set.next(0); c >= 0; c = set.next(c + 1)) {
        classes[c] |= bits;
      }
    }
    return classes;
  }

  /** The end of the cluster that begins at {@code at}, in well-formed UTF-8. */
  public static int end(byte[] text, int at, int to) {
    int end = at + CodePoints.length(text[at]);
    if (end == to || (text[at] >= ' ' && text[end] >= 0)) {
      return end; // one of ASCII before another
    }
    int before = CLASSES[Utf8.codePoint(text, at)];
    int regionals = 0;
    boolean emoji = false; // a pictograph and Extends before
    boolean conjunct = false; // a consonant, Extends and Linkers before
    boolean linked = false; // one Linker among them
    while (end < to) {
      int kind = before & CLASS;
      regionals = kind == REGIONAL ? regionals + 1 : 0;
      boolean joined = emoji && kind == ZWJ;
      emoji = kind == PICTOGRAPHIC || (emoji && kind == EXTEND);
      if (kind == CONSONANT) {
        conjunct = true;
        linked = false;
      } else {
        conjunct &= (before & (LINKER | CONJUNCT_EXTEND)) != 0;
        linked |= (before & LINKER) != 0;
      }
      int after = CLASSES[Utf8.codePoint(text, end)];
      if (breaks(kind, after & CLASS, regionals, joined, conjunct && linked)) {
        return end;
      }
      before = after;
      end += CodePoints.length(text[end]);
    }
    return end;
  }

  /** The rules in the order of UAX #29. */
  private static boolean breaks(
      int before, int after, int regionals, boolean joined, boolean linked) {
    if (before == CR && after == LF) {
      return false;
    }
    if (isControl(before) || isControl(after)) {
      return true;
    }
    if (after == EXTEND || after == ZWJ || after == SPACING_MARK || before == PREPEND) {
      return false;
    }
    return switch (after) {
      case L, LV, LVT -> before != L;
      case V -> before != L && before != LV && before != V;
      case T -> before != LV && before != V && before != LVT && before != T;
      case CONSONANT -> !linked;
      case PICTOGRAPHIC -> !joined;
      case REGIONAL -> regionals % 2 == 0;
      default -> true;
    };
  }

  private static boolean isControl(int kind) {
    return kind == CR || kind == LF || kind == CONTROL;
  }
}

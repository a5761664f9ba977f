package org.merganser.text.unicode;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongBinaryOperator;

/**
 * A set of code points as a table of bits in pages of 4,096 code points, so that a look-up costs
 * two loads, a shift and a mask in any script. Pages that are empty or full are shared by all sets:
 * a set of one character takes 1.7 KB, and a regex may have tens of thousands of them. Immutable.
 */
public final class CodePointSet {
  public static final int LIMIT = 0x110000;
  private static final int WORDS = LIMIT >> 6;
  private static final int WORDS_IN_PAGE = 64;
  private static final int PAGES = WORDS / WORDS_IN_PAGE;
  private static final long[] EMPTY_PAGE = new long[WORDS_IN_PAGE];
  private static final long[] FULL_PAGE = new long[WORDS_IN_PAGE];

  static {
    Arrays.fill(FULL_PAGE, -1L);
  }

  private final long[][] pages;

  private CodePointSet(long[][] pages) {
    this.pages = pages;
  }

  public boolean contains(int codePoint) {
    return (membersOf64(codePoint >> 6) & 1L << codePoint) != 0;
  }

  public static CodePointSet all() {
    return ofRanges().complement();
  }

  /** The union of the closed ranges {@code [firstAndLast[2i], firstAndLast[2i + 1]]}. */
  public static CodePointSet ofRanges(int... firstAndLast) {
    Builder builder = new Builder();
    for (int i = 0; i < firstAndLast.length; i += 2) {
      builder.add(firstAndLast[i], firstAndLast[i + 1]);
    }
    return builder.build();
  }

  /** Adds the first bytes of the members' UTF-8 forms. */
  public void leadBytes(boolean[] bytes) {
    for (int i = 0; i < WORDS; i++) {
      long members = membersOf64(i);
      if (members == 0) {
        continue;
      }
      if (i >= 2) { // from U+0080 on, all 64 share their lead byte
        bytes[CodePoints.lead(i << 6)] = true;
        continue;
      }
      for (int bit = 0; bit < 64; bit++) {
        bytes[i << 6 | bit] |= (members & 1L << bit) != 0;
      }
    }
  }

  /** The members among the 64 code points from {@code 64 * block} on, a bit each. */
  public long membersOf64(int block) {
    return pages[block / WORDS_IN_PAGE][block % WORDS_IN_PAGE];
  }

  public CodePointSet complement() {
    return combined(this, (members, same) -> ~members);
  }

  public CodePointSet union(CodePointSet other) {
    return combined(other, (members, others) -> members | others);
  }

  public CodePointSet intersection(CodePointSet other) {
    return combined(other, (members, others) -> members & others);
  }

  /** The code points that are in exactly one of the two sets. */
  public CodePointSet symmetricDifference(CodePointSet other) {
    return combined(other, (members, others) -> members ^ others);
  }

  private CodePointSet combined(CodePointSet other, LongBinaryOperator ofBoth) {
    long[][] result = new long[PAGES][WORDS_IN_PAGE];
    for (int i = 0; i < WORDS; i++) {
      result[i / WORDS_IN_PAGE][i % WORDS_IN_PAGE] =
          ofBoth.applyAsLong(membersOf64(i), other.membersOf64(i));
    }
    return withSharedPages(result);
  }

  private static CodePointSet withSharedPages(long[][] pages) {
    for (int i = 0; i < PAGES; i++) {
      if (Arrays.equals(pages[i], EMPTY_PAGE)) {
        pages[i] = EMPTY_PAGE;
      } else if (Arrays.equals(pages[i], FULL_PAGE)) {
        pages[i] = FULL_PAGE;
      }
    }
    return new CodePointSet(pages);
  }

  public int size() {
    int size = 0;
    for (int i = 0; i < WORDS; i++) {
      size += Long.bitCount(membersOf64(i));
    }
    return size;
  }

  /** The first member at or above {@code from}, or -1. */
  public int next(int from) {
    int next = next(from, 0);
    return next == LIMIT ? -1 : next;
  }

  /** The first code point at or above {@code from} that is no member, or {@link #LIMIT}. */
  int nextClear(int from) {
    return next(from, -1L);
  }

  private int next(int from, long inverted) {
    int i = from >> 6;
    long word = i < WORDS ? (membersOf64(i) ^ inverted) & -1L << from : 0;
    while (word == 0 && ++i < WORDS) {
      word = membersOf64(i) ^ inverted;
    }
    return word == 0 ? LIMIT : (i << 6) + Long.numberOfTrailingZeros(word);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePointSet that && Arrays.deepEquals(pages, that.pages);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(pages);
  }

  /** The members as {@code 0041-005A 0061}, for messages. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    int end;
    for (int first = next(0); first >= 0; first = next(end)) {
      end = nextClear(first);
      text.append(text.length() == 0 ? "" : " ").append(String.format(Locale.ROOT, "%04X", first));
      if (end - 1 > first) {
        text.append(String.format(Locale.ROOT, "-%04X", end - 1));
      }
    }
    return text.toString();
  }

  /** Collects code points and ranges. */
  public static final class Builder {
    private final long[][] pages = new long[PAGES][];

    public Builder() {
      Arrays.fill(pages, EMPTY_PAGE);
    }

    public Builder add(int codePoint) {
      return add(codePoint, codePoint);
    }

    public Builder add(int first, int last) {
      if (first <= last) {
        for (int i = first >> 6; i <= last >> 6; i++) {
          long fromFirst = i == first >> 6 ? -1L << first : -1L;
          long toLast = i == last >> 6 ? -1L >>> ~last : -1L;
          add64(i, fromFirst & toLast);
        }
      }
      return this;
    }

    public Builder addAll(CodePointSet other) {
      for (int i = 0; i < WORDS; i++) {
        add64(i, other.membersOf64(i));
      }
      return this;
    }

    private void add64(int block, long members) {
      if (members == 0) {
        return;
      }
      int page = block / WORDS_IN_PAGE;
      if (pages[page] == EMPTY_PAGE) {
        pages[page] = new long[WORDS_IN_PAGE];
      }
      pages[page][block % WORDS_IN_PAGE] |= members;
    }

    public CodePointSet build() {
      long[][] copy = new long[PAGES][];
      for (int i = 0; i < PAGES; i++) {
        copy[i] = pages[i] == EMPTY_PAGE ? EMPTY_PAGE : pages[i].clone();
      }
      return withSharedPages(copy);
    }
  }
}

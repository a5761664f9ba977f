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
  /** One more than the largest code point. */
  public static final int LIMIT = 0x110000;

  /** The number of lower bits of a code point that are its place in a block. */
  private static final int BLOCK_BITS = 6;

  /** The number of blocks of 64 code points, whose members are one long each. */
  private static final int BLOCKS = LIMIT >> BLOCK_BITS;

  private static final int BLOCKS_IN_PAGE = 64;
  private static final int PAGES = BLOCKS / BLOCKS_IN_PAGE;
  private static final long[] EMPTY_PAGE = new long[BLOCKS_IN_PAGE];
  private static final long[] FULL_PAGE = new long[BLOCKS_IN_PAGE];

  static {
    Arrays.fill(FULL_PAGE, -1L);
  }

  /** By page, the members of each of its blocks. */
  private final long[][] pages;

  private CodePointSet(long[][] pages) {
    this.pages = pages;
  }

  /** The set of all code points. */
  public static CodePointSet all() {
    return ofRanges().complement();
  }

  /**
   * The union of the closed ranges {@code [firstAndLast[2i], firstAndLast[2i + 1]]}.
   *
   * @param firstAndLast an even number of code points
   */
  public static CodePointSet ofRanges(int... firstAndLast) {
    Builder builder = new Builder();
    for (int i = 0; i < firstAndLast.length; i += 2) {
      builder.add(firstAndLast[i], firstAndLast[i + 1]);
    }
    return builder.build();
  }

  /** Whether a code point is in the set. */
  public boolean contains(int codePoint) {
    // A shift of a long uses the lowest six bits: here the place in the block.
    return (membersOf64(codePoint >> BLOCK_BITS) & (1L << codePoint)) != 0;
  }

  /** Sets {@code bytes} to true for the first byte of each member's UTF-8 form. */
  public void addLeadBytes(boolean[] bytes) {
    for (int i = 0; i < BLOCKS; i++) {
      long members = membersOf64(i);
      if (members == 0) {
        continue;
      }
      int first = i << BLOCK_BITS;
      if (first >= 0x80) { // outside ASCII, all 64 share their lead byte
        bytes[CodePoints.lead(first)] = true;
        continue;
      }
      for (int bit = 0; bit < Long.SIZE; bit++) {
        bytes[first + bit] |= (members & (1L << bit)) != 0;
      }
    }
  }

  /** The members among the 64 code points from {@code 64 * block} on, a bit each. */
  public long membersOf64(int block) {
    return pages[block / BLOCKS_IN_PAGE][block % BLOCKS_IN_PAGE];
  }

  /** The code points that are not in this set. */
  public CodePointSet complement() {
    return combined(this, (members, same) -> ~members);
  }

  /** The code points that are in at least one of the two sets. */
  public CodePointSet union(CodePointSet other) {
    return combined(other, (members, others) -> members | others);
  }

  /** The code points that are in both sets. */
  public CodePointSet intersection(CodePointSet other) {
    return combined(other, (members, others) -> members & others);
  }

  /** The code points that are in exactly one of the two sets. */
  public CodePointSet symmetricDifference(CodePointSet other) {
    return combined(other, (members, others) -> members ^ others);
  }

  /** The number of members. */
  public int size() {
    int size = 0;
    for (int i = 0; i < BLOCKS; i++) {
      size += Long.bitCount(membersOf64(i));
    }
    return size;
  }

  /** The first member at or above {@code from}, or -1. */
  public int next(int from) {
    int next = find(from, 0);
    return next == LIMIT ? -1 : next;
  }

  /** The first code point at or above {@code from} that is no member, or {@link #LIMIT}. */
  int nextClear(int from) {
    return find(from, -1L);
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
    int first = next(0);
    while (first >= 0) {
      int end = nextClear(first);
      text.append(text.length() == 0 ? "" : " ").append(String.format(Locale.ROOT, "%04X", first));
      if (end - 1 > first) {
        text.append(String.format(Locale.ROOT, "-%04X", end - 1));
      }
      first = next(end);
    }
    return text.toString();
  }

  /**
   * The first code point at or above {@code from} that is a member, or, if inverted, no member;
   * {@link #LIMIT} if there is none.
   *
   * @param inversion XORed with the members of each block: 0 to find a member, -1 to find any other
   */
  private int find(int from, long inversion) {
    int firstBlock = from >> BLOCK_BITS;
    for (int i = firstBlock; i < BLOCKS; i++) {
      long found = membersOf64(i) ^ inversion;
      if (i == firstBlock) {
        found &= -1L << from; // shifted by the place of from in its block
      }
      if (found != 0) {
        return (i << BLOCK_BITS) + Long.numberOfTrailingZeros(found);
      }
    }
    return LIMIT;
  }

  /**
   * The set that a function of the members of two sets describes.
   *
   * @param ofBoth of 64 code points, a bit each: the members of the result by those of this set and
   *     of the other one
   */
  private CodePointSet combined(CodePointSet other, LongBinaryOperator ofBoth) {
    long[][] result = new long[PAGES][BLOCKS_IN_PAGE];
    for (int i = 0; i < BLOCKS; i++) {
      result[i / BLOCKS_IN_PAGE][i % BLOCKS_IN_PAGE] =
          ofBoth.applyAsLong(membersOf64(i), other.membersOf64(i));
    }
    return withSharedPages(result);
  }

  /** A set of these pages, of which empty and full ones are replaced by the shared ones. */
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

  /** Collects code points and ranges. */
  public static final class Builder {
    private final long[][] pages = new long[PAGES][];

    /** A builder without code points. */
    public Builder() {
      Arrays.fill(pages, EMPTY_PAGE);
    }

    /** Adds a code point. */
    public Builder add(int codePoint) {
      return add(codePoint, codePoint);
    }

    /** Adds the code points from {@code first} to {@code last}; none if {@code first > last}. */
    public Builder add(int first, int last) {
      if (first > last) {
        return this;
      }
      int firstBlock = first >> BLOCK_BITS;
      int lastBlock = last >> BLOCK_BITS;
      for (int i = firstBlock; i <= lastBlock; i++) {
        long fromFirst = i == firstBlock ? -1L << first : -1L; // shifted as in contains
        long toLast = i == lastBlock ? -1L >>> (Long.SIZE - 1 - last % Long.SIZE) : -1L;
        add64(i, fromFirst & toLast);
      }
      return this;
    }

    /** Adds the members of a set. */
    public Builder addAll(CodePointSet other) {
      for (int i = 0; i < BLOCKS; i++) {
        add64(i, other.membersOf64(i));
      }
      return this;
    }

    /** The set of the code points so far; the builder can be used further. */
    public CodePointSet build() {
      long[][] copy = new long[PAGES][];
      for (int i = 0; i < PAGES; i++) {
        copy[i] = pages[i] == EMPTY_PAGE ? EMPTY_PAGE : pages[i].clone();
      }
      return withSharedPages(copy);
    }

    /** Adds members of the 64 code points from {@code 64 * block} on, a bit each. */
    private void add64(int block, long members) {
      if (members == 0) {
        return;
      }
      int page = block / BLOCKS_IN_PAGE;
      if (pages[page] == EMPTY_PAGE) {
        pages[page] = new long[BLOCKS_IN_PAGE];
      }
      pages[page][block % BLOCKS_IN_PAGE] |= members;
    }
  }
}

package org.merganser.text.unicode;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * A set of code points as one bit table of 136 KiB, so that a look-up costs a load, a shift and a
 * mask in any script. Immutable.
 */
public final class CodePointSet {
  public static final int LIMIT = 0x110000;
  private static final int WORDS = LIMIT >> 6;

  private final long[] words;

  private CodePointSet(long[] words) {
    this.words = words;
  }

  public boolean contains(int codePoint) {
    return (words[codePoint >> 6] & 1L << codePoint) != 0;
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
      if (words[i] == 0) {
        continue;
      }
      if (i >= 2) { // from U+0080 on, all 64 share their lead byte
        bytes[CodePoints.lead(i << 6)] = true;
        continue;
      }
      for (int bit = 0; bit < 64; bit++) {
        bytes[i << 6 | bit] |= (words[i] & 1L << bit) != 0;
      }
    }
  }

  /** The members among the 64 code points from {@code 64 * block} on, a bit each. */
  public long membersOf64(int block) {
    return words[block];
  }

  public CodePointSet complement() {
    long[] result = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      result[i] = ~words[i];
    }
    return new CodePointSet(result);
  }

  public CodePointSet union(CodePointSet other) {
    return new Builder().addAll(this).addAll(other).build();
  }

  public CodePointSet intersection(CodePointSet other) {
    return complement().union(other.complement()).complement();
  }

  /** The code points that are in exactly one of the two sets. */
  public CodePointSet symmetricDifference(CodePointSet other) {
    return union(other).intersection(intersection(other).complement());
  }

  public int size() {
    int size = 0;
    for (long word : words) {
      size += Long.bitCount(word);
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
    long word = i < WORDS ? (words[i] ^ inverted) & -1L << from : 0;
    while (word == 0 && ++i < WORDS) {
      word = words[i] ^ inverted;
    }
    return word == 0 ? LIMIT : (i << 6) + Long.numberOfTrailingZeros(word);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePointSet that && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
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
    private final BitSet members = new BitSet(LIMIT);

    public Builder add(int codePoint) {
      members.set(codePoint);
      return this;
    }

    public Builder add(int first, int last) {
      if (first <= last) {
        members.set(first, last + 1);
      }
      return this;
    }

    public Builder addAll(CodePointSet other) {
      members.or(BitSet.valueOf(other.words));
      return this;
    }

    public CodePointSet build() {
      return new CodePointSet(Arrays.copyOf(members.toLongArray(), WORDS));
    }
  }
}

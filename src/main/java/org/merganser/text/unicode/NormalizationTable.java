package org.merganser.text.unicode;

import java.util.Arrays;
import java.util.List;

/**
 * Combining classes, decompositions and compositions of Unicode 9.0, the version of the crate
 * {@code unicode-normalization-alignments} that HF normalizes with. Later characters have class 0
 * and stay unchanged. Read from {@code normalization-unicode-9.txt}; Hangul syllables are computed
 * (Unicode standard, chapter 3.12).
 */
public final class NormalizationTable {
  static final String RESOURCE = "normalization-unicode-9.txt";

  private static final class Holder {
    static final NormalizationTable INSTANCE = new NormalizationTable(TableLines.read(RESOURCE));
  }

  /** The maximum number of characters of a decomposition. */
  public static final int MAX_DECOMPOSITION = 18;

  static final int HANGUL_FIRST = 0xAC00;
  static final int HANGUL_LAST = 0xD7A3;
  static final int LEADING_FIRST = 0x1100;
  static final int VOWEL_FIRST = 0x1161;
  static final int TRAILING_BEFORE_FIRST = 0x11A7;
  static final int LEADINGS = 19;
  static final int VOWELS = 21;
  static final int TRAILINGS = 28;

  private final byte[] classes;

  private final int limit;

  /** Only characters of planes 0 to 2 decompose. */
  private static final int PLANES = 0x30000;

  /** By code point, its full canonical decomposition or null. */
  private final int[][] canonical = new int[PLANES][];

  /**
   * By code point, its compatibility decomposition if it differs from the canonical one, else null.
   */
  private final int[][] compatible = new int[PLANES][];

  /** By its first character, the pairs that compose: each second character and the composite. */
  private final int[][] compositions = new int[PLANES][];

  private final CodePointSet.Builder seconds = new CodePointSet.Builder();

  public static NormalizationTable get() {
    return Holder.INSTANCE;
  }

  private NormalizationTable(List<String> lines) {
    byte[] found = new byte[CodePointSet.LIMIT];
    int classLimit = 0;
    int last = HANGUL_LAST;
    for (String line : lines) {
      int[] numbers = TableLines.numbers(line, 2);
      last = Math.max(last, line.charAt(0) == 'c' ? numbers[1] : numbers[0]);
      switch (line.charAt(0)) {
        case 'c' -> {
          Arrays.fill(found, numbers[0], numbers[1] + 1, (byte) numbers[2]);
          classLimit = Math.max(classLimit, numbers[1] + 1);
        }
        case 'd' -> canonical[numbers[0]] = Arrays.copyOfRange(numbers, 1, numbers.length);
        case 'k' -> compatible[numbers[0]] = Arrays.copyOfRange(numbers, 1, numbers.length);
        case 'p' -> addPair(numbers[0], numbers[1], numbers[2]);
        default -> throw new IllegalStateException(RESOURCE + ": line \"" + line + "\"");
      }
    }
    classes = Arrays.copyOf(found, classLimit);
    limit = last + 1;
    seconds.add(VOWEL_FIRST, VOWEL_FIRST + VOWELS - 1);
    seconds.add(TRAILING_BEFORE_FIRST + 1, TRAILING_BEFORE_FIRST + TRAILINGS - 1);
  }

  private void addPair(int first, int second, int composite) {
    int[] known = compositions[first] == null ? new int[0] : compositions[first];
    compositions[first] = Arrays.copyOf(known, known.length + 2);
    compositions[first][known.length] = second;
    compositions[first][known.length + 1] = composite;
    seconds.add(second);
  }

  /**
   * One more than the last code point that has a nonzero class, decomposes or begins a composition;
   * all from here on stay unchanged.
   */
  public int limit() {
    return limit;
  }

  public int combiningClass(int codePoint) {
    return codePoint < classes.length ? classes[codePoint] & 0xFF : 0;
  }

  /** The characters that compose with a preceding one. */
  public CodePointSet composingSeconds() {
    return seconds.build();
  }

  /** Every character that normalization may change, alone or next to another one. */
  public CodePointSet touched() {
    CodePointSet.Builder touched = new CodePointSet.Builder().addAll(composingSeconds());
    int[] parts = new int[MAX_DECOMPOSITION];
    for (int c = 0; c < limit; c++) {
      int length = decompose(c, true, parts, 0);
      boolean begins = c < PLANES && compositions[c] != null;
      if (begins || length != 1 || parts[0] != c || combiningClass(c) != 0) {
        touched.add(c);
        for (int i = 0; i < length; i++) {
          touched.add(parts[i]);
        }
      }
    }
    touched.add(LEADING_FIRST, LEADING_FIRST + LEADINGS - 1);
    return touched.build();
  }

  /**
   * Writes the full decomposition of {@code codePoint}, or the code point if it has none, to {@code
   * to[at..]} and returns its length, at most {@link #MAX_DECOMPOSITION}.
   */
  public int decompose(int codePoint, boolean compatibility, int[] to, int at) {
    if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
      int index = codePoint - HANGUL_FIRST;
      to[at] = LEADING_FIRST + index / (VOWELS * TRAILINGS);
      to[at + 1] = VOWEL_FIRST + index % (VOWELS * TRAILINGS) / TRAILINGS;
      int trailing = index % TRAILINGS;
      if (trailing == 0) {
        return 2;
      }
      to[at + 2] = TRAILING_BEFORE_FIRST + trailing;
      return 3;
    }
    int[] parts = compatibility && codePoint < PLANES ? compatible[codePoint] : null;
    if (parts == null && codePoint < PLANES) {
      parts = canonical[codePoint];
    }
    if (parts == null) {
      to[at] = codePoint;
      return 1;
    }
    System.arraycopy(parts, 0, to, at, parts.length);
    return parts.length;
  }

  /** The primary composite of two characters, or -1. */
  public int compose(int first, int second) {
    int vowel = second - VOWEL_FIRST;
    int leading = first - LEADING_FIRST;
    if (leading >= 0 && leading < LEADINGS && vowel >= 0 && vowel < VOWELS) {
      return HANGUL_FIRST + (leading * VOWELS + vowel) * TRAILINGS;
    }
    int syllable = first - HANGUL_FIRST;
    int trailing = second - TRAILING_BEFORE_FIRST;
    if (syllable >= 0
        && first <= HANGUL_LAST
        && syllable % TRAILINGS == 0
        && trailing > 0
        && trailing < TRAILINGS) {
      return first + trailing;
    }
    int[] pairs = first < PLANES ? compositions[first] : null;
    if (pairs != null) {
      for (int i = 0; i < pairs.length; i += 2) {
        if (pairs[i] == second) {
          return pairs[i + 1];
        }
      }
    }
    return -1;
  }
}

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

  /** The maximum number of characters of a decomposition. */
  public static final int MAX_DECOMPOSITION = 18;

  // Hangul: a syllable is composed of a leading consonant, a vowel and perhaps a trailing
  // consonant.

  /** The first syllable. */
  static final int HANGUL_FIRST = 0xAC00;

  /** The last syllable. */
  static final int HANGUL_LAST = 0xD7A3;

  static final int LEADING_FIRST = 0x1100;
  static final int VOWEL_FIRST = 0x1161;

  /** The standard's TBase: one less than the first trailing consonant. */
  static final int TRAILING_BEFORE_FIRST = 0x11A7;

  /** The number of leading consonants. */
  static final int LEADINGS = 19;

  /** The number of vowels. */
  static final int VOWELS = 21;

  /** The number of trailing consonants, and of none. */
  static final int TRAILINGS = 28;

  /** Only characters below this, of planes 0 to 2, decompose or begin a composition. */
  private static final int CHANGING_LIMIT = 0x30000;

  /** Reads the table when it is first needed. */
  private static final class Holder {
    static final NormalizationTable INSTANCE = new NormalizationTable(TableLines.read(RESOURCE));
  }

  /** By code point, its combining class; 0 after the end. */
  private final byte[] combiningClasses;

  /** See {@link #limit()}. */
  private final int limit;

  /** By code point, its full canonical decomposition or null. */
  private final int[][] canonical = new int[CHANGING_LIMIT][];

  /**
   * By code point, its compatibility decomposition if it differs from the canonical one, else null.
   */
  private final int[][] compatible = new int[CHANGING_LIMIT][];

  /** By its first character, the pairs that compose: each second character and the composite. */
  private final int[][] compositions = new int[CHANGING_LIMIT][];

  /** See {@link #composingSeconds()}. */
  private final CodePointSet composingSeconds;

  /**
   * @param lines each is a kind, a space, and code points: c for a range and its combining class, d
   *     and k for a character and its canonical or compatibility decomposition, p for a pair and
   *     its composite
   */
  private NormalizationTable(List<String> lines) {
    byte[] classes = new byte[CodePointSet.LIMIT];
    CodePointSet.Builder seconds = new CodePointSet.Builder();
    int classLimit = 0;
    int last = HANGUL_LAST;
    for (String line : lines) {
      char kind = line.charAt(0);
      int[] numbers = TableLines.numbers(line, 2);
      last = Math.max(last, kind == 'c' ? numbers[1] : numbers[0]); // the second ends a range
      switch (kind) {
        case 'c' -> {
          Arrays.fill(classes, numbers[0], numbers[1] + 1, (byte) numbers[2]);
          classLimit = Math.max(classLimit, numbers[1] + 1);
        }
        case 'd' -> canonical[numbers[0]] = Arrays.copyOfRange(numbers, 1, numbers.length);
        case 'k' -> compatible[numbers[0]] = Arrays.copyOfRange(numbers, 1, numbers.length);
        case 'p' -> {
          addPair(numbers[0], numbers[1], numbers[2]);
          seconds.add(numbers[1]);
        }
        default -> throw new IllegalStateException(RESOURCE + ": line \"" + line + "\"");
      }
    }
    combiningClasses = Arrays.copyOf(classes, classLimit);
    limit = last + 1;
    seconds.add(VOWEL_FIRST, VOWEL_FIRST + VOWELS - 1);
    seconds.add(TRAILING_BEFORE_FIRST + 1, TRAILING_BEFORE_FIRST + TRAILINGS - 1);
    composingSeconds = seconds.build();
  }

  /** Adds a pair of characters that compose. */
  private void addPair(int first, int second, int composite) {
    int[] known = compositions[first] == null ? new int[0] : compositions[first];
    int[] pairs = Arrays.copyOf(known, known.length + 2);
    pairs[known.length] = second;
    pairs[known.length + 1] = composite;
    compositions[first] = pairs;
  }

  /** The only instance. */
  public static NormalizationTable get() {
    return Holder.INSTANCE;
  }

  /**
   * One more than the last code point that has a nonzero class, decomposes or begins a composition.
   * All from here on stay unchanged.
   */
  public int limit() {
    return limit;
  }

  /** The canonical combining class of a code point, 0 to 254. */
  public int combiningClass(int codePoint) {
    return codePoint < combiningClasses.length ? combiningClasses[codePoint] & 0xFF : 0;
  }

  /** The characters that compose with a preceding one. */
  public CodePointSet composingSeconds() {
    return composingSeconds;
  }

  /** Every character that normalization may change, alone or next to another one. */
  public CodePointSet touched() {
    CodePointSet.Builder touched = new CodePointSet.Builder().addAll(composingSeconds);
    int[] parts = new int[MAX_DECOMPOSITION];
    boolean compatibility = true;
    for (int c = 0; c < limit; c++) {
      int length = decompose(c, compatibility, parts, 0);
      boolean begins = c < CHANGING_LIMIT && compositions[c] != null;
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
   *
   * @param compatibility whether compatibility characters decompose as well (NFKC, NFKD)
   */
  public int decompose(int codePoint, boolean compatibility, int[] to, int at) {
    if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
      return decomposeHangul(codePoint, to, at);
    }
    int[] parts = compatibility && codePoint < CHANGING_LIMIT ? compatible[codePoint] : null;
    if (parts == null && codePoint < CHANGING_LIMIT) {
      parts = canonical[codePoint];
    }
    if (parts == null) {
      to[at] = codePoint;
      return 1;
    }
    System.arraycopy(parts, 0, to, at, parts.length);
    return parts.length;
  }

  /**
   * Writes the consonants and the vowel of a syllable to {@code to[at..]}; returns their number.
   */
  private static int decomposeHangul(int syllable, int[] to, int at) {
    int index = syllable - HANGUL_FIRST;
    to[at] = LEADING_FIRST + index / (VOWELS * TRAILINGS);
    to[at + 1] = VOWEL_FIRST + index % (VOWELS * TRAILINGS) / TRAILINGS;
    int trailing = index % TRAILINGS;
    if (trailing == 0) {
      return 2;
    }
    to[at + 2] = TRAILING_BEFORE_FIRST + trailing;
    return 3;
  }

  /** The primary composite of two characters, or -1. */
  public int compose(int first, int second) {
    int hangul = composeHangul(first, second);
    if (hangul >= 0) {
      return hangul;
    }
    int[] pairs = first < CHANGING_LIMIT ? compositions[first] : null;
    if (pairs != null) {
      for (int i = 0; i < pairs.length; i += 2) {
        if (pairs[i] == second) {
          return pairs[i + 1];
        }
      }
    }
    return -1;
  }

  /**
   * The syllable of a leading consonant and a vowel, or of a syllable and a trailing one; or -1.
   */
  private static int composeHangul(int first, int second) {
    int vowel = second - VOWEL_FIRST;
    int leading = first - LEADING_FIRST;
    if (leading >= 0 && leading < LEADINGS && vowel >= 0 && vowel < VOWELS) {
      return HANGUL_FIRST + (leading * VOWELS + vowel) * TRAILINGS;
    }
    int syllable = first - HANGUL_FIRST;
    int trailing = second - TRAILING_BEFORE_FIRST;
    boolean isOpenSyllable =
        syllable >= 0
            && first <= HANGUL_LAST
            && syllable % TRAILINGS == 0; // without a trailing one
    return isOpenSyllable && trailing > 0 && trailing < TRAILINGS ? first + trailing : -1;
  }
}

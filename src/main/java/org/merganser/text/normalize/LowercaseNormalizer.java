package org.merganser.text.normalize;

import java.util.Arrays;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.TableLines;

/**
 * Rust's {@code char::to_lowercase} for each character alone: no final sigma, and U+0130 becomes
 * two characters. Unicode 17, from {@code lowercase-unicode-17.txt}.
 */
public final class LowercaseNormalizer extends CharacterNormalizer {
  /** A resource of {@link TableLines}: each line has a character and its lower case. */
  public static final String RESOURCE = "lowercase-unicode-17.txt";

  /** Above the last character that changes. */
  private static final int LIMIT = 0x20000;

  /** Reads the table when it is first needed. */
  private static final class Holder {
    /** By code point, its lower case; null if it does not change. */
    static final int[][] MAPPING = new int[LIMIT][];

    /** The characters that change. */
    static final CodePointSet CHANGING = load();

    /** Fills {@link #MAPPING}; returns the characters that change. */
    private static CodePointSet load() {
      CodePointSet.Builder changing = new CodePointSet.Builder();
      for (String line : TableLines.read(RESOURCE)) {
        int[] numbers = TableLines.numbers(line, 0);
        MAPPING[numbers[0]] = Arrays.copyOfRange(numbers, 1, numbers.length);
        changing.add(numbers[0]);
      }
      return changing.build();
    }
  }

  LowercaseNormalizer() {
    super(
        Holder.CHANGING,
        (out, codePoint) -> {
          for (int lower : Holder.MAPPING[codePoint]) {
            out.appendCodePoint(lower);
          }
        });
  }
}

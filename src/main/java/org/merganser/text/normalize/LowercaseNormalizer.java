package org.merganser.text.normalize;

import java.util.Arrays;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.TableLines;

/**
 * Rust's {@code char::to_lowercase} for each character alone: no final sigma, and U+0130 becomes
 * two characters. Unicode 17, from {@code lowercase-unicode-17.txt}.
 */
public final class LowercaseNormalizer extends CharacterNormalizer {
  public static final String RESOURCE = "lowercase-unicode-17.txt";

  private static final class Holder {
    static final int[][] MAPPING =
        new int[0x20000][]; // 0x20000 is above the last letter that changes
    static final CodePointSet CHANGING = load();

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

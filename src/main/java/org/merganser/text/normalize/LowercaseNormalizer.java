package org.merganser.text.normalize;

import org.merganser.text.unicode.CodePointMap;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.TableLines;

/**
 * Rust's {@code char::to_lowercase} for every character by itself: no final sigma, and U+0130
 * becomes two characters. Unicode 17, from {@code lowercase-unicode-17.txt}.
 */
public final class LowercaseNormalizer extends CharacterNormalizer {
  public static final String RESOURCE = "lowercase-unicode-17.txt";

  /** The characters that change, and what they become. */
  private static final class Holder {
    static final CodePointMap MAPPING = new CodePointMap(4096);
    static final CodePointSet CHANGING = load();

    private static CodePointSet load() {
      CodePointSet.Builder changing = new CodePointSet.Builder();
      for (String line : TableLines.read(RESOURCE)) {
        String[] words = line.split(" ", -1);
        int[] to = new int[words.length - 1];
        for (int i = 0; i < to.length; i++) {
          to[i] = Integer.parseInt(words[i + 1], 16);
        }
        int from = Integer.parseInt(words[0], 16);
        MAPPING.put(from, to);
        changing.add(from);
      }
      return changing.build();
    }
  }

  LowercaseNormalizer() {
    super(Holder.CHANGING, lower());
  }

  private static Rewriting lower() {
    int[] lower = new int[3];
    return (codePoint, out) -> {
      int length = Holder.MAPPING.copy(codePoint, lower, 0);
      for (int i = 0; i < length; i++) {
        out.appendCodePoint(lower[i]);
      }
    };
  }
}

package org.merganser.text.unicode;

import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Short random texts, dense in what normalization moves, splits and joins. */
public final class NormalizationTexts {
  private final Random random;
  private final int[] moving;
  private final int[] decomposing;
  private final int[] any;

  public NormalizationTexts(Random random, IntPredicate allowed) {
    this.random = random;
    NormalizationTable table = NormalizationTable.get();
    moving = members(allowed.and(c -> table.combiningClass(c) != 0 || seconds(table).contains(c)));
    int[] to = new int[18];
    decomposing = members(allowed.and(c -> table.decompose(c, true, to, 0) > 1 || to[0] != c));
    any = members(allowed.and(c -> c >= 0x20));
  }

  private static CodePointSet cachedSeconds;

  private static CodePointSet seconds(NormalizationTable table) {
    if (cachedSeconds == null) {
      cachedSeconds = table.composingSeconds();
    }
    return cachedSeconds;
  }

  private static int[] members(IntPredicate allowed) {
    return java.util.stream.IntStream.range(0, CodePointSet.LIMIT)
        .filter(c -> (c < 0xD800 || c > 0xDFFF) && allowed.test(c))
        .toArray();
  }

  public String next() {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(8);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.appendCodePoint("aeiouAEO 1.".charAt(random.nextInt(11)));
        case 1 -> text.appendCodePoint(0x1100 + random.nextInt(19));
        case 2 -> text.appendCodePoint(0x1161 + random.nextInt(21));
        case 3 -> text.appendCodePoint(any[random.nextInt(any.length)]);
        case 4 -> text.appendCodePoint(decomposing[random.nextInt(decomposing.length)]);
        case 5 -> text.appendCodePoint(0x300 + random.nextInt(0x50));
        default -> text.appendCodePoint(moving[random.nextInt(moving.length)]);
      }
    }
    return text.toString();
  }

  public static String hex(String text) {
    return text.codePoints()
        .mapToObj(c -> String.format("%04X", c))
        .collect(Collectors.joining(" "));
  }
}

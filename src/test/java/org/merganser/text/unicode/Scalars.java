package org.merganser.text.unicode;

import java.util.function.IntConsumer;
import org.merganser.Seeds;

/** The Unicode scalar values, all of them or those among which anything changes. */
public final class Scalars {
  /** Long ranges of one kind; only their edges are mixed. */
  private static final int[] UNIFORM = {
    0x3400, 0x9FFF, 0xAC00, 0xD7A3, 0xE000, 0xF8FF, 0x17000, 0x18CFF, 0x20000, 0x2F7FF, 0x2FA20,
    0xE00FF, 0xE01F0, 0x10FFFF
  };

  private Scalars() {}

  static void all(IntConsumer consumer) {
    for (int c = 0; c < CodePointSet.LIMIT; c++) {
      if (c < 0xD800 || c > 0xDFFF) {
        consumer.accept(c);
      }
    }
  }

  /** About 64,000 of the 1,112,064: of a uniform range the 32 at each end and every 257th. */
  static void mixed(IntConsumer consumer) {
    all(
        c -> {
          for (int i = 0; i < UNIFORM.length; i += 2) {
            if (c >= UNIFORM[i] + 32 && c <= UNIFORM[i + 1] - 32) {
              if ((c - UNIFORM[i]) % 257 == 0) {
                consumer.accept(c);
              }
              return;
            }
          }
          consumer.accept(c);
        });
  }

  /** All of them where tests draw many cases, and the mixed ones otherwise. */
  public static void drawn(IntConsumer consumer) {
    if (Seeds.manyCases()) {
      all(consumer);
    } else {
      mixed(consumer);
    }
  }

  /** Hands on texts in which {@code around} stands filled in for some hundreds of scalar values. */
  public static void texts(
      boolean all,
      String before,
      String after,
      java.util.function.IntPredicate wanted,
      java.util.function.Consumer<String> consumer) {
    StringBuilder text = new StringBuilder();
    int[] count = {0};
    IntConsumer append =
        c -> {
          if (wanted.test(c)) {
            text.append(before).appendCodePoint(c).append(after);
            if (++count[0] % 256 == 0) {
              consumer.accept(text.toString());
              text.setLength(0);
            }
          }
        };
    if (all) {
      all(append);
    } else {
      mixed(append);
    }
    if (!text.isEmpty()) {
      consumer.accept(text.toString());
    }
  }
}

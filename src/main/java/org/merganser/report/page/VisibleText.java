package org.merganser.report.page;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/** Text in which control, format and odd space characters can be seen. */
final class VisibleText {
  private static final int JOINER = 0x200D;

  private VisibleText() {}

  /** The text that bytes are shown as; what is no whole character is shown as bytes. */
  static String of(byte[] bytes, int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int at = from; at < to; ) {
      int bad = Utf8.firstIllFormed(bytes, at, to);
      int end = bad < 0 ? to : bad;
      out.append(of(new String(bytes, at, end - at, StandardCharsets.UTF_8)));
      at = end;
      if (bad >= 0) {
        out.append(String.format(Locale.ROOT, "⟨%02X⟩", bytes[at] & 0xFF));
        at++;
      }
    }
    return out.toString();
  }

  static String of(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              String category = UnicodeCategories.name(c);
              if (c == '\n') {
                out.append('⏎');
              } else if (c == '\t') {
                out.append('⇥');
              } else if (c != ' ' && c != JOINER && isHidden(category)) {
                out.append(String.format(Locale.ROOT, "[U+%04X]", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isHidden(String category) {
    return switch (category) {
      case "Cc", "Cf", "Co", "Cs", "Zs", "Zl", "Zp" -> true;
      default -> false;
    };
  }
}

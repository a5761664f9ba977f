package org.merganser.tokenizer.audit;

import org.merganser.text.unicode.UnicodeCategories;

/** Findings from the texts of tokens: odd characters. */
final class TextFindings {
  private TextFindings() {}

  /** Receives a token of a kind, with the detail of the finding. */
  @FunctionalInterface
  interface Sink {
    void add(TokenKind kind, int id, String detail);
  }

  /** Examines a token by its text. */
  static void add(int id, String text, Sink out) {
    text.codePoints()
        .filter(TextFindings::isControl)
        .findFirst()
        .ifPresent(c -> out.add(TokenKind.CONTROL, id, String.format("U+%04X", c)));
    if (text.codePoints().allMatch(UnicodeCategories::isWhiteSpace)) {
      if (text.codePoints().distinct().count() > 1) {
        out.add(TokenKind.ODD_WHITE_SPACE, id, "several kinds of white space");
      }
    } else if (UnicodeCategories.isWhiteSpace(text.codePointBefore(text.length()))) {
      out.add(TokenKind.ODD_WHITE_SPACE, id, "white space at its end");
    } else if (text.codePoints().skip(1).anyMatch(UnicodeCategories::isWhiteSpace)) {
      out.add(TokenKind.ODD_WHITE_SPACE, id, "white space inside");
    }
  }

  private static boolean isControl(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Cf") || (category.equals("Cc") && c != '\t' && c != '\n' && c != '\r');
  }
}

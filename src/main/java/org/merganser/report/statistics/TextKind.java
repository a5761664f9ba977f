package org.merganser.report.statistics;

import java.util.Arrays;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.UnicodeCategories;

/**
 * The kind of a text by its characters, to group differences between tokenizers. It is the first of
 * these that applies: a third of the characters repeat the one before and are not letters or
 * digits; a third are white space; a third are letters of another script than Latin; a fifth are
 * digits; a quarter are signs; two fifths of the letters are capital; a twentieth of the letters
 * have accents; otherwise Latin letters.
 */
final class TextKind {
  private TextKind() {}

  static String of(String text) {
    int[] characters = text.codePoints().toArray();
    int repeats = 0;
    int spaces = 0;
    int letters = 0;
    int latin = 0;
    int digits = 0;
    int signs = 0;
    int capitals = 0;
    int accents = 0;
    int[] scripts = new int[Scripts.count()];
    int last = -1;
    for (int c : characters) {
      boolean isLetter = UnicodeCategories.isLetter(c) || UnicodeCategories.isMark(c);
      boolean isDigit = UnicodeCategories.name(c).startsWith("N");
      if (c == last && !isLetter && !isDigit) {
        repeats++;
      }
      last = c;
      if (UnicodeCategories.isWhiteSpace(c)) {
        spaces++;
      } else if (isDigit) {
        digits++;
      } else if (!isLetter) {
        signs++;
      } else {
        letters++;
        if (UnicodeCategories.name(c).equals("Lu")) {
          capitals++;
        }
        int script = Scripts.of(c);
        boolean isLatin = Scripts.name(script).equals("latin");
        if (isLatin) {
          latin++;
        }
        if (isLatin && c >= 0x80 || UnicodeCategories.isMark(c)) {
          accents++;
        }
        if (!isLatin && !UnicodeCategories.isMark(c)) {
          scripts[script]++;
        }
      }
    }
    int all = characters.length;
    int foreign = Arrays.stream(scripts).sum();
    if (3 * repeats > all) {
      return "repeated signs";
    } else if (3 * spaces > all) {
      return "white space";
    } else if (3 * foreign > all) {
      int most = 0;
      for (int script = 0; script < scripts.length; script++) {
        if (scripts[script] > scripts[most]) {
          most = script;
        }
      }
      return Scripts.name(most) + " letters";
    } else if (5 * digits > all) {
      return "digits";
    } else if (4 * signs > all) {
      return "signs";
    } else if (5 * capitals > 2 * letters) {
      return "capital letters";
    }
    return 20 * accents > latin ? "latin letters with accents" : "latin letters";
  }
}

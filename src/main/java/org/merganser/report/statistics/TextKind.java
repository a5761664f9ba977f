package org.merganser.report.statistics;

import java.util.Arrays;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.UnicodeCategories;

/**
 * The kind of a text by its characters, to group differences between tokenizers. It is the first of
 * these that applies:
 *
 * <ol>
 *   <li>repeated signs: more than a third of the characters repeat the one before, and are neither
 *       letters, marks nor numbers;
 *   <li>white space: more than a third are white space;
 *   <li>letters of a script, the most frequent one but Latin: more than a third are letters of
 *       other scripts than Latin;
 *   <li>digits: more than a fifth are digits or other numbers;
 *   <li>signs: more than a quarter are neither white space, letters, marks nor numbers;
 *   <li>capital letters: more than two fifths of the letters and marks are capital letters;
 *   <li>Latin letters with accents: there is more than one accent for 20 Latin letters, where a
 *       mark is an accent, and so is a Latin letter beyond ASCII;
 *   <li>Latin letters.
 * </ol>
 */
final class TextKind {
  private int characters;

  /** Characters that repeat the one before and are neither letters, marks nor numbers. */
  private int repeats;

  private int spaces;

  /** Digits and other numbers. */
  private int numbers;

  /** Characters that are neither white space, letters, marks nor numbers. */
  private int signs;

  /** Letters of all scripts, with marks. */
  private int letters;

  private int capitals;

  /** Latin letters, and marks of the Latin script. */
  private int latin;

  /** Marks, and Latin letters beyond ASCII. */
  private int accents;

  /** Letters by script, without Latin ones and marks. */
  private final int[] scripts = new int[Scripts.count()];

  /** The character before; -1 before the first one. */
  private int before = -1;

  private TextKind() {}

  /** The name of the kind of a text. */
  static String of(String text) {
    TextKind counts = new TextKind();
    text.codePoints().forEach(counts::add);
    return counts.name();
  }

  /** Counts a character. */
  private void add(int c) {
    characters++;
    boolean isLetterOrMark = UnicodeCategories.isLetter(c) || UnicodeCategories.isMark(c);
    boolean isNumber = UnicodeCategories.isNumber(c);
    if (c == before && !isLetterOrMark && !isNumber) {
      repeats++;
    }
    before = c;
    if (UnicodeCategories.isWhiteSpace(c)) {
      spaces++;
    } else if (isNumber) {
      numbers++;
    } else if (isLetterOrMark) {
      addLetterOrMark(c);
    } else {
      signs++;
    }
  }

  /** Counts a letter or a mark. */
  private void addLetterOrMark(int c) {
    letters++;
    if (UnicodeCategories.name(c).equals("Lu")) {
      capitals++;
    }
    int script = Scripts.of(c);
    boolean isLatin = Scripts.name(script).equals("latin");
    boolean isMark = UnicodeCategories.isMark(c);
    if (isLatin) {
      latin++;
    } else if (!isMark) {
      scripts[script]++;
    }
    if (isMark || (isLatin && c >= 0x80)) {
      accents++;
    }
  }

  /** The first kind that applies, in the order of the class comment. */
  private String name() {
    if (3 * repeats > characters) {
      return "repeated signs";
    }
    if (3 * spaces > characters) {
      return "white space";
    }
    if (3 * Arrays.stream(scripts).sum() > characters) {
      return Scripts.name(mostFrequentScript()) + " letters";
    }
    if (5 * numbers > characters) {
      return "digits";
    }
    if (4 * signs > characters) {
      return "signs";
    }
    if (5 * capitals > 2 * letters) {
      return "capital letters";
    }
    return 20 * accents > latin ? "latin letters with accents" : "latin letters";
  }

  /** The number of the script, other than Latin, with the most letters; of equal ones the first. */
  private int mostFrequentScript() {
    int most = 0;
    for (int script = 0; script < scripts.length; script++) {
      if (scripts[script] > scripts[most]) {
        most = script;
      }
    }
    return most;
  }
}

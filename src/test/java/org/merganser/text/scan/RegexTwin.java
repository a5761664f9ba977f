package org.merganser.text.scan;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.text.unicode.UnicodeCategoriesGenerator;

/**
 * The slow and obvious twin of the scanners: java.util.regex as Isolated Splits in sequence.
 *
 * <p>JDK 17's classes are those of Unicode 13. So the text is first rewritten, character by
 * character, with one fixed character for each class of Unicode 16 (told by ICU4J, not by our own
 * tables) that both versions have in that class; the patterns ask for nothing but classes, ASCII
 * characters, U+017F and deepseek3's two ranges, all of which stay.
 */
final class RegexTwin {
  private final List<Pattern> patterns = new ArrayList<>();
  private final boolean ideographsApart;

  RegexTwin(SplitPattern pattern) {
    this(pattern.regexes(), pattern == SplitPattern.DEEPSEEK3);
  }

  /** Of one regex that asks for the same classes. */
  RegexTwin(String regex) {
    this(List.of(regex), false);
  }

  private RegexTwin(List<String> regexes, boolean ideographsApart) {
    this.ideographsApart = ideographsApart;
    for (String regex : regexes) {
      patterns.add(Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS));
    }
  }

  /** The ends of all pretokens in UTF-8 bytes. */
  int[] ends(String text) {
    StringBuilder same = new StringBuilder();
    text.codePoints().forEach(c -> same.appendCodePoint(representative(c)));
    List<Integer> ends = List.of(same.length());
    for (Pattern pattern : patterns) {
      ends = isolate(pattern, same, ends);
    }
    int[] bytes = new int[text.isEmpty() ? 0 : ends.size()];
    int length = 0;
    int character = 0;
    int next = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      length += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (++character == ends.get(next)) {
        bytes[next++] = length;
      }
    }
    return bytes;
  }

  private static List<Integer> isolate(Pattern pattern, CharSequence text, List<Integer> pieces) {
    List<Integer> ends = new ArrayList<>();
    int start = 0;
    for (int end : pieces) {
      Matcher matcher = pattern.matcher(text.subSequence(start, end));
      int last = 0;
      while (matcher.find()) {
        if (matcher.start() > last) {
          ends.add(start + matcher.start());
        }
        last = matcher.end();
        ends.add(start + last);
      }
      if (start + last < end) {
        ends.add(end);
      }
      start = end;
    }
    return ends;
  }

  /** A character of the BMP of the same class. */
  int representative(int c) {
    boolean ideograph =
        ideographsApart && ((c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3040 && c <= 0x30FF));
    if (ideograph) {
      switch (UnicodeCategoriesGenerator.name(UCharacter.getType(c)).charAt(0)) {
        case 'L':
          return '一';
        case 'M':
          return 0x3099;
        case 'P':
          return '・';
        case 'S':
          return '゛';
        default:
          return 0x3040;
      }
    }
    if (c < 0x80 || c == 0x17F) {
      return c;
    }
    if (UCharacter.hasBinaryProperty(c, UProperty.WHITE_SPACE)) {
      return 0xA0;
    }
    switch (UnicodeCategoriesGenerator.name(UCharacter.getType(c))) {
      case "Lu":
        return 'Ä';
      case "Lt":
        return 'ǅ';
      case "Ll":
        return 'ä';
      case "Lm":
        return 'ʰ';
      case "Lo":
        return 'ª';
      case "Mn":
      case "Mc":
      case "Me":
        return 0x301;
      case "Nd":
      case "Nl":
      case "No":
        return '²';
      case "Pc":
      case "Pd":
      case "Ps":
      case "Pe":
      case "Pi":
      case "Pf":
      case "Po":
        return '«';
      case "Sm":
      case "Sc":
      case "Sk":
      case "So":
        return '©';
      default:
        return 0xAD;
    }
  }
}

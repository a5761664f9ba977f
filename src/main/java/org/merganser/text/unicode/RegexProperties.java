package org.merganser.text.unicode;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The character classes that a regex can name, as in Oniguruma 6.9.10 with Unicode 16: general
 * categories by short and long name, scripts, binary properties, blocks, and POSIX classes. Case,
 * spaces, hyphens and underscores in names are ignored.
 */
public final class RegexProperties {
  /** The resource of scripts. */
  static final String SCRIPTS = "scripts-unicode-16.txt";

  /** The resource of binary properties and blocks. */
  static final String PROPERTIES = "properties-unicode-16.txt";

  /** By plain name, its line in a resource without the names. */
  private static final Map<String, String> LINES = load();

  /** By plain name, its class if it was asked for before. */
  private static final Map<String, CodePointSet> CACHE = new ConcurrentHashMap<>();

  private RegexProperties() {}

  /** Each line of a resource: comma-separated names, a space, the rest. */
  private static Map<String, String> load() {
    Map<String, String> lines = new HashMap<>();
    for (String resource : List.of(SCRIPTS, PROPERTIES)) {
      for (String line : TableLines.read(resource)) {
        int space = line.indexOf(' ');
        for (String name : line.substring(0, space).split(",", -1)) {
          lines.put(name, line.substring(space + 1));
        }
      }
    }
    return lines;
  }

  /** The plain names of all scripts. */
  static List<String> scripts() {
    return TableLines.read(SCRIPTS).stream()
        .map(line -> line.substring(0, line.indexOf(' ')).split(",", 2)[0])
        .toList();
  }

  /**
   * A name in its plain form: {@code white_Space} becomes {@code whitespace}. A name that is not
   * ASCII stays as it is; no class has it.
   */
  public static String plainName(String name) {
    return name.chars().allMatch(c -> c < 0x80)
        ? name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "")
        : name;
  }

  /** The class of a {@link #plainName} in {@code \p{name}}, or null if unknown. */
  public static @Nullable CodePointSet property(String plainName) {
    CodePointSet set = CACHE.get(plainName);
    if (set == null) { // computeIfAbsent must not look up other names meanwhile
      set = lookUp(plainName);
      if (set != null) {
        CACHE.put(plainName, set);
      }
    }
    return set;
  }

  /**
   * The class of a {@link #plainName} that exists.
   *
   * @throws IllegalStateException if it is unknown
   */
  public static CodePointSet known(String plainName) {
    CodePointSet set = property(plainName);
    if (set == null) {
      throw new IllegalStateException(
          "neither " + SCRIPTS + " nor " + PROPERTIES + " has the class " + plainName);
    }
    return set;
  }

  /**
   * The class of a plain name, or null if unknown. A name of one or two letters is a category
   * first.
   */
  private static @Nullable CodePointSet lookUp(String name) {
    if (name.length() <= 2) {
      CodePointSet category = category(name);
      if (category.next(0) >= 0) {
        return category;
      }
    }
    return switch (name) {
      case "any" -> CodePointSet.all();
      case "assigned" -> known("cn").complement();
      case "punct" -> known("p"); // [:punct:] includes the symbols
      case "newline" -> CodePointSet.ofRanges('\n', '\n');
      case "posixpunct" -> posix("punct");
      default -> {
        CodePointSet posix = posix(name);
        yield posix != null ? posix : ofLine(name);
      }
    };
  }

  /**
   * The class of a name in a resource: another name ({@code =latin}), ranges, or the ranges in
   * which it differs from another class ({@code ^latin 00AA}).
   */
  private static @Nullable CodePointSet ofLine(String name) {
    String line = LINES.get(name);
    if (line == null) {
      return null;
    } else if (line.charAt(0) == '=') {
      return known(line.substring(1));
    } else if (line.charAt(0) == '^') {
      int space = line.indexOf(' ');
      CodePointSet other = known(line.substring(1, space));
      return other.symmetricDifference(ofRanges(line.substring(space + 1)));
    }
    return ofRanges(line);
  }

  private static CodePointSet ofRanges(String ranges) {
    CodePointSet.Builder builder = new CodePointSet.Builder();
    TableLines.addRanges(ranges, builder);
    return builder.build();
  }

  /** The class of {@code [:name:]}, or null if unknown. */
  public static @Nullable CodePointSet posix(String name) {
    return switch (name) {
      case "alnum" -> known("alphabetic").union(known("nd"));
      case "alpha" -> known("alphabetic");
      case "ascii" -> CodePointSet.ofRanges(0, 0x7F);
      case "blank" -> known("zs").union(CodePointSet.ofRanges('\t', '\t'));
      case "cntrl" -> known("cc");
      case "digit" -> known("nd");
      case "graph" ->
          ComponentClasses.WHITE_SPACE.union(known("cc")).union(known("cn")).complement();
      case "lower" -> known("lowercase");
      case "print" -> known("graph").union(known("zs"));
      case "punct" -> known("p").union(known("s"));
      case "space", "whitespace" -> ComponentClasses.WHITE_SPACE;
      case "upper" -> known("uppercase");
      case "xdigit" -> CodePointSet.ofRanges('0', '9', 'A', 'F', 'a', 'f');
      case "word" -> known("alphabetic").union(known("m")).union(known("nd")).union(known("pc"));
      default -> null;
    };
  }

  /**
   * {@code \w} and {@code \p{Word}} outside of brackets, and the word characters of {@code \b}.
   * Here Oniguruma reads a table of ISO 8859-1 below U+0100, in which superscript digits and
   * fractions are word characters; in brackets and as {@code [:word:]} they are not.
   */
  public static CodePointSet wordOutsideBrackets() {
    return known("word").union(CodePointSet.ofRanges(0xB2, 0xB3, 0xB9, 0xB9, 0xBC, 0xBE));
  }

  /** The code points of a category of two letters, or of all that begin with one letter. */
  private static CodePointSet category(String name) {
    return UnicodeCategories.codePointsOf(
        category ->
            name.equals(category.toLowerCase(Locale.ROOT))
                || name.equals(category.substring(0, 1).toLowerCase(Locale.ROOT)));
  }
}

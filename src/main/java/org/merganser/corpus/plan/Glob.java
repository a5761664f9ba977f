package org.merganser.corpus.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.merganser.corpus.CorpusException;
import org.merganser.store.FileStore;

/**
 * A glob over paths with {@code /}, matched here so that it has the same meaning on every file
 * system: {@code *} and {@code ?} stay within a name, {@code **} crosses folders (and {@code
 * **}{@code /} also matches nothing), {@code [a-z]}, {@code [!a-z]}, {@code {a,b}}, and a backslash
 * escapes the next character. Unless hidden names are included, {@code * ? **} do not match a
 * {@code .} or {@code _} at the beginning of a name, and brackets only if they name it.
 */
public final class Glob implements FileStore.Filter {
  /** Characters that have a meaning in a regular expression. */
  private static final String QUOTED = "\\.[](){}*+?^$|";

  /** Excludes a dot or an underscore at the beginning of a name. */
  private static final String NOT_HIDDEN = "(?!(?<![^/])[._])";

  /** The inside of brackets that name a dot or an underscore, and are not negated. */
  private static final Pattern HIDDEN_MEMBER = Pattern.compile("[^!^].*[._].*|[._].*");

  private final Pattern pattern;

  /**
   * @param hidden whether wildcards match names that begin with {@code .} or {@code _}
   * @throws CorpusException naming the glob and the place of an unclosed bracket or brace
   */
  Glob(String glob, boolean hidden) {
    try {
      pattern = Pattern.compile(new Translation(glob, hidden).regex(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new CorpusException(
          "input " + glob + " is not a usable glob: " + e.getDescription() + "; check its [ ]", e);
    }
  }

  /** A glob whose wildcards match all names. */
  static Glob ofAllNames(String glob) {
    boolean hidden = true;
    return new Glob(glob, hidden);
  }

  /** The index of the first character that has a meaning in a glob; -1 for none. */
  public static int firstSpecial(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[{\\".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * A location with a special character, divided at the folder below which it matches.
   *
   * @param root the folder before the first name with a special character; {@code .} if there is
   *     none before it
   * @param pattern the rest: a glob over paths below the root
   */
  record Rooted(String root, String pattern) {
    static Rooted of(String location) {
      int slash = location.lastIndexOf('/', firstSpecial(location));
      String root = slash < 0 ? "." : location.substring(0, Math.max(slash, 1));
      return new Rooted(root, location.substring(slash + 1));
    }
  }

  /**
   * The folder below which a location with a special character matches, with a final slash; any
   * other location itself.
   */
  public static String folder(String location) {
    int special = firstSpecial(location);
    return special < 0 ? location : location.substring(0, location.lastIndexOf('/', special) + 1);
  }

  @Override
  public boolean takes(String path) {
    return pattern.matcher(path).matches();
  }

  /** Whether a matching path can begin with the folder. */
  @Override
  public boolean enters(String folder) {
    Matcher matcher = pattern.matcher(folder + "/");
    matcher.matches();
    return matcher.hitEnd(); // more characters could make it match
  }

  /** Writes the regular expression of a glob, from its first character to its last. */
  private static final class Translation {
    private final String glob;

    /** Comes before a wildcard that may begin a name. */
    private final String start;

    /** What {@code **} matches: any number of names. */
    private final String anyNames;

    private final StringBuilder regex = new StringBuilder();

    /** The index in the glob of the next character. */
    private int at;

    /** The number of open braces. */
    private int depth;

    Translation(String glob, boolean hidden) {
      this.glob = glob;
      this.start = hidden ? "" : NOT_HIDDEN;
      this.anyNames = hidden ? ".*" : start + "[^/]*(?:/(?![._])[^/]*)*";
    }

    String regex() {
      while (at < glob.length()) {
        if (glob.startsWith("**/", at)) {
          // The empty match is only possible at the beginning of a name.
          append(3, "(?:" + anyNames + "/|(?<![^/]))");
        } else if (glob.startsWith("**", at)) {
          append(2, anyNames);
        } else {
          translate(glob.charAt(at));
        }
      }
      if (depth > 0) {
        throw notClosed(glob, "{");
      }
      return regex.toString();
    }

    /** Appends what the next characters of the glob mean, and continues after them. */
    private void append(int characters, String meaning) {
      regex.append(meaning);
      at += characters;
    }

    /** Translates a character, or what it begins, other than {@code **}. */
    private void translate(char c) {
      if (c == '*') {
        append(1, start + "[^/]*");
      } else if (c == '?') {
        append(1, start + "[^/]");
      } else if (c == '[') {
        appendBrackets();
      } else if (c == '{') {
        append(1, "(?:");
        depth++;
      } else if (c == '}' && depth > 0) {
        append(1, ")");
        depth--;
      } else if (c == ',' && depth > 0) {
        append(1, "|");
      } else if (c == '\\' && at + 1 < glob.length()) {
        append(2, literal(glob.charAt(at + 1)));
      } else {
        append(1, literal(c));
      }
    }

    /** Appends the class of characters that brackets begin here. */
    private void appendBrackets() {
      int close = glob.indexOf(']', at + 2); // a bracket right after the first is a member
      if (close < 0) {
        throw notClosed(glob, "[");
      }
      String inside = glob.substring(at + 1, close);
      boolean namesHidden = HIDDEN_MEMBER.matcher(inside).matches();
      append(close + 1 - at, (namesHidden ? "" : start) + charClass(inside));
    }

    private static String literal(char c) {
      return (QUOTED.indexOf(c) >= 0 ? "\\" : "") + c;
    }

    /** The class of characters between brackets; a slash is in none. */
    private static String charClass(String inside) {
      boolean negated = inside.startsWith("!") || inside.startsWith("^");
      String members =
          (negated ? inside.substring(1) : inside).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
      return "(?!/)[" + (negated ? "^" : "") + members + "]";
    }
  }

  /** The error for a bracket or brace without its end. */
  private static CorpusException notClosed(String glob, String what) {
    return new CorpusException(
        ("input %s is neither a file nor a usable glob: its %s is not closed; put a"
                + " backslash before it if it is part of the name")
            .formatted(glob, what));
  }
}

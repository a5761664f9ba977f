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
      pattern = Pattern.compile(regex(glob, hidden), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new CorpusException(
          "input " + glob + " is not a usable glob: " + e.getDescription() + "; check its [ ]", e);
    }
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

  /** The folder below which a glob matches; a location without wildcards itself. */
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
    return matcher.hitEnd();
  }

  /** The regular expression of a glob. */
  private static String regex(String glob, boolean hidden) {
    StringBuilder regex = new StringBuilder();
    String start = hidden ? "" : NOT_HIDDEN;
    String any = hidden ? ".*" : start + "[^/]*(?:/(?![._])[^/]*)*";
    int depth = 0; // of braces
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex
            .append("(?:")
            .append(any)
            .append("/|(?<![^/]))"); // the empty match only at the beginning of a name
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(any);
        i++;
      } else if (c == '*') {
        regex.append(start).append("[^/]*");
      } else if (c == '?') {
        regex.append(start).append("[^/]");
      } else if (c == '[') {
        int close = glob.indexOf(']', i + 2); // a bracket right after the first is a member
        if (close < 0) {
          throw notClosed(glob, "[");
        }
        String inside = glob.substring(i + 1, close);
        boolean namesHidden = HIDDEN_MEMBER.matcher(inside).matches();
        regex.append(namesHidden ? "" : start).append(charClass(inside));
        i = close;
      } else if (c == '{') {
        regex.append("(?:");
        depth++;
      } else if (c == '}' && depth > 0) {
        regex.append(')');
        depth--;
      } else if (c == ',' && depth > 0) {
        regex.append('|');
      } else {
        if (c == '\\' && i + 1 < glob.length()) {
          i++;
        }
        regex.append(QUOTED.indexOf(glob.charAt(i)) >= 0 ? "\\" : "").append(glob.charAt(i));
      }
    }
    if (depth > 0) {
      throw notClosed(glob, "{");
    }
    return regex.toString();
  }

  /** The class of characters between brackets; a slash is in none. */
  private static String charClass(String inside) {
    boolean negated = inside.startsWith("!") || inside.startsWith("^");
    String members =
        (negated ? inside.substring(1) : inside).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
    return "(?!/)[" + (negated ? "^" : "") + members + "]";
  }

  private static CorpusException notClosed(String glob, String what) {
    return new CorpusException(
        ("input %s is neither a file nor a usable glob: its %s is not closed; put a"
                + " backslash before it if it is part of the name")
            .formatted(glob, what));
  }
}

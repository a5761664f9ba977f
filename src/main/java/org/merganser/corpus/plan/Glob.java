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
 * escapes the next character. Unless hidden names are included, {@code * ? **} and brackets without
 * {@code .} or {@code _} do not match these at the beginning of a name.
 */
public final class Glob implements FileStore.Filter {
  private static final String QUOTED = "\\.[](){}*+?^$|";

  /** Excludes a dot or an underscore at the beginning of a name. */
  private static final String NOT_HIDDEN = "(?!(?<![^/])[._])";

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

  private static String regex(String glob, boolean hidden) {
    StringBuilder regex = new StringBuilder();
    String start = hidden ? "" : NOT_HIDDEN;
    String any = hidden ? ".*" : start + "[^/]*(?:/(?![._])[^/]*)*";
    int depth = 0;
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
        int close = glob.indexOf(']', i + 2);
        if (close < 0) {
          throw notClosed(glob, "[");
        }
        String inside = glob.substring(i + 1, close);
        regex.append(inside.matches("[^!^].*[._].*|[._].*") ? "" : start).append(charClass(inside));
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

package org.merganser.corpus.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.merganser.corpus.CorpusException;
import org.merganser.store.FileStore;

/**
 * A glob over paths with {@code /}, matched here so that it means the same on every file system:
 * {@code *} and {@code ?} stay within a name, {@code **} crosses folders (and {@code **}{@code /}
 * also matches nothing), {@code [a-z]}, {@code [!a-z]}, {@code {a,b}}, and a backslash makes the
 * next character an ordinary one. Where hidden names have to be named, {@code * ? **} and brackets
 * without {@code .} or {@code _} do not match the first character of a name if it is one of these.
 */
public final class Glob implements FileStore.Filter {
  /** Characters of names that mean something else to a regular expression. */
  private static final String QUOTED = "\\.[](){}*+?^$|";

  /** What wildcards do not match: at the beginning of a name, a dot or an underscore. */
  private static final String NOT_HIDDEN = "(?!(?<![^/])[._])";

  private final Pattern pattern;

  /**
   * @param hidden whether wildcards match names that begin with {@code .} or {@code _}
   * @throws CorpusException naming the glob and the place where a bracket or brace is not closed
   */
  Glob(String glob, boolean hidden) {
    try {
      pattern = Pattern.compile(regex(glob, hidden), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new CorpusException(
          "input " + glob + " is not a usable glob: " + e.getDescription() + "; check its [ ]", e);
    }
  }

  /** The index of the first special character, or -1. */
  public static int firstSpecial(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[{\\".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean takes(String path) {
    return pattern.matcher(path).matches();
  }

  /** Whether a path that is taken can begin with the folder. */
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
        regex.append("(?:").append(any).append("/|(?<![^/]))"); // nothing only where a name begins
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
        i += c == '\\' && i + 1 < glob.length() ? 1 : 0;
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

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
 * next character an ordinary one. A leading dot is an ordinary character.
 */
final class Glob implements FileStore.Filter {
  /** Characters of names that mean something else to a regular expression. */
  private static final String QUOTED = "\\.[](){}*+?^$|";

  private final Pattern pattern;

  /**
   * @throws CorpusException naming the glob and the place where a bracket or brace is not closed
   */
  Glob(String glob) {
    try {
      pattern = Pattern.compile(regex(glob), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new CorpusException(
          "input " + glob + " is not a usable glob: " + e.getDescription() + "; check its [ ]", e);
    }
  }

  /** The index of the first special character, or -1. */
  static int firstSpecial(String text) {
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

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(?:.*/|(?<![^/]))"); // nothing only where a name begins
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[') {
        int close = glob.indexOf(']', i + 2);
        if (close < 0) {
          throw notClosed(glob, "[");
        }
        regex.append(charClass(glob.substring(i + 1, close)));
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

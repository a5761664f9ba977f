package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.merganser.corpus.CorpusException;
import org.merganser.store.FileStore;

/**
 * A glob over paths with {@code /}, matched by ourselves so that it means the same on every file
 * system: {@code *} and {@code ?} stay within a name, {@code **} crosses folders (and {@code
 * **}{@code /} also matches nothing), {@code [a-z]}, {@code [!a-z]}, {@code {a,b}}, and a backslash
 * takes the meaning from what follows. A leading dot is an ordinary character.
 */
final class Glob implements FileStore.Filter {
  private static final int MAX_ALTERNATIVES = 10_000;

  private final List<Alternative> alternatives = new ArrayList<>();

  /** One choice of all braces: the whole as a regex, and each name's regex for descending. */
  private record Alternative(Pattern whole, List<Pattern> names, int firstDeep) {}

  /**
   * @throws CorpusException naming the glob and the place where a bracket or brace is not closed
   */
  Glob(String glob) {
    List<String> expanded = new ArrayList<>();
    expand(glob, "", expanded, glob);
    for (String simple : expanded) {
      List<Pattern> names = new ArrayList<>();
      int firstDeep = Integer.MAX_VALUE;
      for (String name : simple.split("/", -1)) {
        if (name.contains("**")) {
          firstDeep = Math.min(firstDeep, names.size());
        }
        names.add(pattern(name, glob));
      }
      alternatives.add(new Alternative(pattern(simple, glob), names, firstDeep));
    }
  }

  /** Where the first character with a meaning stands, or -1. */
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
    for (Alternative alternative : alternatives) {
      if (alternative.whole.matcher(path).matches()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean enters(String folder) {
    String[] parts = folder.split("/", -1);
    for (Alternative alternative : alternatives) {
      if (enters(alternative, parts)) {
        return true;
      }
    }
    return false;
  }

  private static boolean enters(Alternative alternative, String[] parts) {
    for (int i = 0; i < parts.length; i++) {
      if (i >= alternative.firstDeep) {
        return true;
      }
      if (i >= alternative.names.size() - 1
          || !alternative.names.get(i).matcher(parts[i]).matches()) {
        return false;
      }
    }
    return true;
  }

  /** Appends what {@code rest} stands for once its braces are chosen, each behind {@code done}. */
  private static void expand(String rest, String done, List<String> out, String glob) {
    int open = unescaped(rest, '{', 0);
    if (open < 0) {
      if (out.size() == MAX_ALTERNATIVES) {
        throw new CorpusException(
            "the braces of input " + glob + " stand for more than " + MAX_ALTERNATIVES + " globs");
      }
      out.add(done + rest);
      return;
    }
    int depth = 0;
    int from = open + 1;
    List<String> choices = new ArrayList<>();
    for (int i = open; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == ',' && depth == 1) {
        choices.add(rest.substring(from, i));
        from = i + 1;
      } else if (c == '}' && --depth == 0) {
        choices.add(rest.substring(from, i));
        for (String choice : choices) {
          expand(choice + rest.substring(i + 1), done + rest.substring(0, open), out, glob);
        }
        return;
      }
    }
    throw notClosed(glob, "{");
  }

  private static int unescaped(String text, char wanted, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static Pattern pattern(String simple, String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < simple.length(); i++) {
      char c = simple.charAt(i);
      if (simple.startsWith("**/", i) && (i == 0 || simple.charAt(i - 1) == '/')) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (simple.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[') {
        int close = simple.indexOf(']', i + 2);
        if (close < 0) {
          throw notClosed(glob, "[");
        }
        regex.append(charClass(simple.substring(i + 1, close)));
        i = close;
      } else if (c == '\\' && i + 1 < simple.length()) {
        i++;
        regex.append(Pattern.quote(simple.substring(i, i + 1)));
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new CorpusException(
          "input " + glob + " is not a usable glob: " + e.getDescription() + "; check its [ ]", e);
    }
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

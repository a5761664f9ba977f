package org.merganser.corpus.field;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;

/**
 * The way to a field of a record: {@code meta.body} is the field {@code body} of the object {@code
 * meta}, {@code messages[0].content} that of the first element of a list, and {@code ["meta.body"]}
 * the field whose name has a dot. A backslash keeps a quote or a backslash within quotes.
 *
 * @param source as it was written
 * @param steps one or more, the first of which is a name
 */
public record FieldPath(String source, List<Step> steps) {
  /**
   * One step of the way.
   *
   * @param name of a field; null for an element of a list
   * @param index of the element, from 0
   */
  public record Step(@Nullable String name, int index) {}

  /**
   * Reads a path.
   *
   * @throws CorpusException saying what is wrong and where
   */
  public static FieldPath parse(String source) {
    Parser parser = new Parser(source, 0, "");
    FieldPath path = parser.path();
    parser.requireEnd();
    return path;
  }

  /** How a path names a field of this name: in quotes where something else would be meant. */
  public static String named(String name) {
    boolean plain = !name.isEmpty() && name.chars().noneMatch(c -> ".[{}".indexOf(c) >= 0);
    return plain ? name : "[\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
  }

  /** The path of a field of what another path names. */
  public static String below(String path, String name) {
    String last = named(name);
    return path.isEmpty() ? last : last.startsWith("[") ? path + last : path + "." + last;
  }

  /** The name of a column where nothing is nested: what is in quotes, else the path as written. */
  public String column() {
    String name = steps.get(0).name();
    return steps.size() == 1 && name != null ? name : source;
  }

  /** Reads a path from some place of a text up to one of some characters. */
  static final class Parser {
    private final String text;
    private final String ends;
    private int at;

    /**
     * @param ends characters that end the path where no quotes are around them
     */
    Parser(String text, int at, String ends) {
      this.text = text;
      this.at = at;
      this.ends = ends;
    }

    /** Where the path ended. */
    int at() {
      return at;
    }

    FieldPath path() {
      int begin = at;
      List<Step> steps = new ArrayList<>();
      boolean name = true;
      while (name || (at < text.length() && text.charAt(at) == '[')) {
        boolean bracket = at < text.length() && text.charAt(at) == '[';
        if (bracket && name && !steps.isEmpty()) {
          throw wrong("a name is missing before the [ at character " + at);
        }
        steps.add(bracket ? bracket(steps.isEmpty()) : new Step(name(), 0));
        name = at < text.length() && text.charAt(at) == '.';
        at += name ? 1 : 0;
      }
      return new FieldPath(text.substring(begin, at), List.copyOf(steps));
    }

    private String name() {
      int begin = at;
      while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0 && !isEnd()) {
        at++;
      }
      return text.substring(begin, at);
    }

    private boolean isEnd() {
      return ends.indexOf(text.charAt(at)) >= 0;
    }

    private Step bracket(boolean first) {
      int begin = at++;
      if (at < text.length() && text.charAt(at) == '"') {
        Step step = new Step(quoted(begin), 0);
        close(begin);
        return step;
      }
      int digits = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == digits || at - digits > 9) {
        throw wrong(
            "the [ at character %s begins neither an index from 0 to 999999999, as in [0], nor a name in quotes, as in [\"a.b\"]"
                .formatted(begin));
      }
      int index = Integer.parseInt(text.substring(digits, at));
      close(begin);
      if (first) {
        throw wrong("it begins with an index; a record is no list, so a name comes first");
      }
      return new Step(null, index);
    }

    private String quoted(int begin) {
      StringBuilder name = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        name.append(text.charAt(at));
      }
      if (at == text.length()) {
        throw wrong("the quotes behind the [ at character " + begin + " are not closed");
      }
      at++;
      return name.toString();
    }

    private void close(int begin) {
      if (at == text.length() || text.charAt(at) != ']') {
        throw wrong("the [ at character " + begin + " has no ]");
      }
      at++;
    }

    private void requireEnd() {
      if (at < text.length()) {
        throw wrong("a . or [ is missing at character " + at);
      }
    }

    private CorpusException wrong(String what) {
      return new CorpusException("\"" + text + "\" is not the path of a field: " + what);
    }
  }
}

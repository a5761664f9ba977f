package org.merganser.corpus.field;

import static java.util.regex.Pattern.DOTALL;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;

/**
 * The path to a field of a record: {@code meta.body} is the field {@code body} of the object {@code
 * meta}, {@code messages[0].content} that of the first element of a list, and {@code ["meta.body"]}
 * the field whose name has a dot. A backslash within quotes escapes the character after it.
 *
 * @param source the path as it is written
 * @param steps one or more, the first of which is a name
 */
public record FieldPath(String source, List<Step> steps) {
  /**
   * A step of a path.
   *
   * @param name of a field; null for an element of a list
   * @param index of the element, from 0; 0 for a name
   */
  public record Step(@Nullable String name, int index) {}

  /** A quoted name in brackets; the group is the name with its escapes. */
  private static final String QUOTED = "\\[\"((?:\\\\.|[^\"\\\\])*)\"\\]";

  /** The first step, which is a name; its groups are those of a quoted and of a plain name. */
  private static final Pattern FIRST = Pattern.compile(QUOTED + "|((?!\\[)[^.\\[]*)", DOTALL);

  /** A step after the first: its groups are those of a quoted name, a plain one and an index. */
  private static final Pattern NEXT =
      Pattern.compile(QUOTED + "|\\.((?!\\[)[^.\\[]*)|\\[([0-9]{1,9})\\]", DOTALL);

  /**
   * Reads a path as it is written.
   *
   * @throws CorpusException with the problem and its place
   */
  public static FieldPath parse(String source) {
    List<Step> steps = new ArrayList<>();
    Matcher step = FIRST.matcher(source);
    int at = 0;
    do {
      if (!step.lookingAt()) {
        throw notAPath(source, at);
      }
      String quoted = step.group(1);
      String name = quoted == null ? step.group(2) : quoted.replaceAll("(?s)\\\\(.)", "$1");
      steps.add(new Step(name, name == null ? Integer.parseInt(step.group(3)) : 0));
      at = step.end();
      step = NEXT.matcher(source).region(at, source.length());
    } while (at < source.length());
    return new FieldPath(source, List.copyOf(steps));
  }

  /** The exception for a source that has no step at an index. */
  private static CorpusException notAPath(String source, int at) {
    String expected =
        at == 0
            ? "a name nor [\"a.b\"]; a record is no list, so a name comes first"
            : ".name, an index from 0 to 999999999, as in [0], nor [\"a.b\"]";
    return new CorpusException(
        "\"%s\" is not the path of a field: the text from character %s is neither %s"
            .formatted(source, at, expected));
  }

  /** The path of a field of this name: quoted if the plain name would mean another path. */
  public static String named(String name) {
    boolean plain = !name.isEmpty() && name.chars().noneMatch(c -> ".[{}".indexOf(c) >= 0);
    return plain ? name : "[\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
  }

  /** The path of the field of this name in the object at a path; "" is the path of the record. */
  public static String below(String path, String name) {
    String last = named(name);
    if (path.isEmpty()) {
      return last;
    }
    return last.startsWith("[") ? path + last : path + "." + last;
  }

  /**
   * The name of the column, or header, that a file without nested fields has for this path: a name
   * alone, else the path as it is written.
   */
  public String column() {
    String name = steps.get(0).name();
    return steps.size() == 1 && name != null ? name : source;
  }
}

package org.merganser.cli.init;

import java.util.List;
import java.util.stream.Collectors;
import org.merganser.corpus.InputFile;
import org.merganser.json.Json;
import org.merganser.message.Plural;

/** Writes names and values of a corpus for a proposed job file and the messages of {@code init}. */
final class ProposedText {
  /** The most values that a message or a cell lists. */
  static final int MOST_VALUES = 6;

  /** The most paths that a sentence about several files names. */
  private static final int MOST_PATHS = 3;

  /** The most code points of a path that a table or a comment shows. */
  private static final int LONGEST_PATH = 60;

  /** The most code points of a value that a list shows. */
  private static final int LONGEST_LISTED = 30;

  private ProposedText() {}

  /**
   * The value as a JSON string, which is valid YAML too. Line ends and control characters are
   * escaped; those from U+007F to U+009F, which YAML does not allow, are replaced, except U+0085.
   */
  static String quoted(String value) {
    return Json.line(value)
        .replace("\u0085", "\\u0085")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replaceAll("[\\x7f-\\x9f]", "�");
  }

  /**
   * The quoted beginning of a value, with an ellipsis if it is cut.
   *
   * @param most the code points that are kept
   */
  static String cut(String value, int most) {
    int length = value.codePointCount(0, value.length());
    return quoted(
        length <= most ? value : value.substring(0, value.offsetByCodePoints(0, most)) + "…");
  }

  /** A quoted path, cut after {@value #LONGEST_PATH} code points. */
  static String path(String path) {
    return cut(path, LONGEST_PATH);
  }

  /** The first {@value #MOST_VALUES} values, quoted and cut, with an ellipsis if there are more. */
  static String listed(List<String> values) {
    return values.stream()
            .limit(MOST_VALUES)
            .map(value -> cut(value, LONGEST_LISTED))
            .collect(Collectors.joining(", "))
        + (values.size() > MOST_VALUES ? ", …" : "");
  }

  /** One file by its path; several by their number and the first paths; unquoted. */
  static String files(List<InputFile> files) {
    if (files.size() == 1) {
      return files.get(0).path();
    }
    return "each of %s (%s%s)"
        .formatted(
            Plural.of(files.size(), "file"),
            files.stream().limit(MOST_PATHS).map(InputFile::path).collect(Collectors.joining(", ")),
            files.size() > MOST_PATHS ? ", …" : "");
  }

  /** A glob that matches this path alone. */
  static String globOf(String path) {
    return path.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }
}

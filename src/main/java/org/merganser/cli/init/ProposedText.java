package org.merganser.cli.init;

import org.merganser.json.Json;

/**
 * Names and values of a corpus, as a proposed job file and the messages of {@code init} have them.
 */
final class ProposedText {
  /** The code points of a path in a table or a comment. */
  static final int PATH = 60;

  private ProposedText() {}

  /** A JSON string, which is valid YAML and has no control characters and line ends. */
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

  /** A quoted path, cut after {@value #PATH} code points. */
  static String path(String path) {
    return cut(path, PATH);
  }

  /** A glob that matches this path alone. */
  static String globOf(String path) {
    return path.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }
}

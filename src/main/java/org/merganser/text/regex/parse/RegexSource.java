package org.merganser.text.regex.parse;

/** The characters of a regular expression, read in order. */
final class RegexSource {
  private static final int MAX_DEPTH = 250;

  private static final int SHOWN = 500;

  private int depth;

  static final int END = -1;

  private final String regex;
  private final int[] characters;
  private int position;

  RegexSource(String regex) {
    this.regex = regex;
    this.characters = regex.codePoints().toArray();
  }

  int position() {
    return position;
  }

  void back(int to) {
    position = to;
  }

  boolean atEnd() {
    return position == characters.length;
  }

  int peek() {
    return peek(0);
  }

  int peek(int ahead) {
    return position + ahead < characters.length ? characters[position + ahead] : END;
  }

  int next() {
    return characters[position++];
  }

  boolean take(int character) {
    if (peek() == character) {
      position++;
      return true;
    }
    return false;
  }

  boolean take(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (peek(i) != text.charAt(i)) {
        return false;
      }
    }
    position += text.length();
    return true;
  }

  String since(int from) {
    return new String(characters, from, position - from);
  }

  /**
   * Enters a group or class that begins at {@code from}.
   *
   * @throws IllegalArgumentException if it is nested too deeply: all methods over a regex recurse
   *     once a level
   */
  void enter(int from) {
    if (++depth > MAX_DEPTH) {
      throw refuse(from, "a group or class nested more than " + MAX_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }

  private String shown() {
    return regex.length() <= SHOWN ? regex : regex.substring(0, SHOWN) + "…";
  }

  /** The error for a construct, which begins at {@code from}, that is not reproduced exactly. */
  IllegalArgumentException refuse(int from, String what) {
    return new IllegalArgumentException(
        "regex \""
            + shown()
            + "\": "
            + what
            + " at character "
            + from
            + " is not supported, since its matches might differ from those of HF's engine");
  }
}

package org.merganser.text.regex.parse;

/** The characters of a regular expression, read in order. */
final class RegexSource {
  /** In place of a character after the end. */
  static final int END = -1;

  /** The maximum depth of nested groups and classes. */
  private static final int MAX_DEPTH = 250;

  /** The maximum length of a regex in a message. */
  private static final int SHOWN = 500;

  private final String regex;

  /** The code points of the regex. */
  private final int[] characters;

  /** The number of characters read. */
  private int position;

  /** The number of groups and classes around the position. */
  private int depth;

  RegexSource(String regex) {
    this.regex = regex;
    this.characters = regex.codePoints().toArray();
  }

  /** The number of characters read, which is the place of the next one. */
  int position() {
    return position;
  }

  /** Goes back to an earlier position. */
  void back(int to) {
    position = to;
  }

  /** Whether all characters were read. */
  boolean atEnd() {
    return position == characters.length;
  }

  /** The next character, without reading it, or {@link #END}. */
  int peek() {
    return peek(0);
  }

  /** The character after {@code ahead} others, without reading them, or {@link #END}. */
  int peek(int ahead) {
    return position + ahead < characters.length ? characters[position + ahead] : END;
  }

  /** Reads the next character; there must be one. */
  int next() {
    return characters[position++];
  }

  /** Reads a character if it is next; returns whether it is. */
  boolean take(int character) {
    if (peek() == character) {
      position++;
      return true;
    }
    return false;
  }

  /** Reads a text if it is next; returns whether it is. */
  boolean take(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (peek(i) != text.charAt(i)) {
        return false;
      }
    }
    position += text.length();
    return true;
  }

  /** The characters read from a place on. */
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
      throw unsupported(from, "a group or class nested more than " + MAX_DEPTH + " deep");
    }
  }

  /** Leaves the last group or class that was entered. */
  void leave() {
    depth--;
  }

  /** The error for a construct, which begins at {@code from}, that is not reproduced exactly. */
  IllegalArgumentException unsupported(int from, String what) {
    return new IllegalArgumentException(
        "regex \""
            + shown()
            + "\": "
            + what
            + " at character "
            + from
            + " is not supported, since its matches might differ from those of HF's engine");
  }

  /** The regex, or its beginning if it is long. */
  private String shown() {
    return regex.length() <= SHOWN ? regex : regex.substring(0, SHOWN) + "…";
  }
}

package org.merganser.corpus;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The line between the documents of a text, such as {@code <|endoftext|>}: it ends a document if it
 * is a complete line, apart from spaces, tabs and CR after it.
 */
public record DocumentSeparator(String line) {
  /**
   * A longer line is refused: a reader that begins within a file looks back by the length of a
   * separator ({@code SeparatedDocumentEnd}).
   */
  private static final int MOST_BYTES = 1024;

  /**
   * The reason why this line cannot separate documents in files of a format, for a message that
   * names the key before it; null if it can.
   */
  public @Nullable String problem(InputFormat format) {
    if (!format.maySeparate()) {
      return "has no effect on files of format %s; it is for format: text"
          .formatted(format.spelled());
    }
    if (line.isEmpty()) {
      return "\"\" is no line that can end a document; format: paragraphs ends one at blank lines";
    }
    if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
      return "a separator is one line, and this one has a line end";
    }
    if (isBlank(line.charAt(0)) || isBlank(line.charAt(line.length() - 1))) {
      return "\"%s\" begins or ends with a space or tab: write it without; those after it in a line"
              .formatted(line)
          + " are ignored";
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(line)) {
      return "a separator with half a surrogate pair, which no UTF-8 text has";
    }
    int bytes = bytes().length;
    return bytes <= MOST_BYTES
        ? null
        : "a separator of %s bytes; at most %s are allowed".formatted(bytes, MOST_BYTES);
  }

  /** The line in UTF-8. */
  public byte[] bytes() {
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a character may follow the separator in its line; a line of only these has no text. */
  public static boolean isBlank(int character) {
    return character == ' ' || character == '\t' || character == '\r';
  }
}

package org.merganser.cli.terminal;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The writer of all that commands print. Printed text may come from outside (documents, names,
 * values), so characters that control a terminal or reorder its text are written as {@code
 * \\uXXXX}, which JSON reads as the same character: controls except LF and tab, C1, bidirectional
 * controls, and the separators of lines and paragraphs. Thread-safe.
 */
public final class TerminalWriter extends PrintWriter {
  /**
   * Each println, printf and format is flushed.
   *
   * @param out receives the escaped text
   */
  public TerminalWriter(Writer out) {
    super(out, true);
  }

  @Override
  public void write(int c) {
    write(new char[] {(char) c}, 0, 1);
  }

  @Override
  public void write(String text, int from, int length) {
    write(text.substring(from, from + length).toCharArray(), 0, length);
  }

  @Override
  public void write(char[] text, int from, int length) {
    StringBuilder safe = new StringBuilder(length);
    for (int i = from; i < from + length; i++) {
      if (steers(text[i])) {
        safe.append(escape(text[i]));
      } else {
        safe.append(text[i]);
      }
    }
    super.write(safe.toString(), 0, safe.length());
  }

  /** Formats numbers in the same way in every locale. */
  @Override
  public PrintWriter format(String format, @Nullable Object... values) {
    return format(Locale.ROOT, format, values);
  }

  /** Clears the line of the cursor; does nothing if the writer is not of this class. */
  public static void clearLine(PrintWriter out) {
    if (out instanceof TerminalWriter terminal) {
      char[] clear = {'\r', '\u001B', '[', 'K'};
      terminal.writeAsIs(clear);
    }
  }

  /** Writes without escapes. */
  private void writeAsIs(char[] text) {
    super.write(text, 0, text.length);
  }

  /** A character as {@code \\uXXXX}. */
  public static String escape(char c) {
    return String.format(Locale.ROOT, "\\u%04X", (int) c);
  }

  /** Whether a character controls a terminal or reorders text; false for LF and tab. */
  public static boolean steers(char c) {
    boolean isControl = c < ' ' ? c != '\n' && c != '\t' : c >= 0x7F && c < 0xA0;
    return isControl
        || c == 0x061C // Arabic letter mark
        || c == 0x200E // left-to-right mark
        || c == 0x200F // right-to-left mark
        || (c >= 0x2028 && c <= 0x202E) // separators, embeddings and overrides
        || (c >= 0x2066 && c <= 0x206F); // isolates, and deprecated controls
  }
}

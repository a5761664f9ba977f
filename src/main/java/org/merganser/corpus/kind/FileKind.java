package org.merganser.corpus.kind;

/**
 * A kind of files that are not read as text.
 *
 * @param name in plain words, such as {@code a PDF document}
 * @param advice how such a file becomes text, with commands; FILE is its path, DIR its folder, and
 *     NEW a new name with the same extension
 * @param holdsText whether such a file may hold text, unlike an image
 * @param decodes whether the command also reads a file that is compressed with gzip and the like
 * @param isUtf8 whether its bytes are UTF-8, and it is not only a pointer to a file; {@code
 *     corpus.includeAll} reads it as text, unless it is markup or one JSON value
 */
public record FileKind(
    String name, String advice, boolean holdsText, boolean decodes, boolean isUtf8) {
  /** The detail of the dead letter of such a file. */
  public String message() {
    return "the file is " + name + ", which is not read: " + advice;
  }
}

package org.merganser.output;

import org.merganser.checksum.FileSum;
import org.merganser.checksum.Sha256;
import org.merganser.store.UnusableFileException;

/**
 * A file that a run wrote, as receipts and {@code outputs.jsonl} list it.
 *
 * @param path the path relative to the output folder, with {@code /}
 * @param size the size in bytes
 * @param sha256 lower-case hex
 * @param documents the number of documents in the file; a document in parts counts in the file of
 *     its part 0
 * @param tokens the number of all ids in the file, those around documents included
 */
public record WrittenFile(String path, long size, String sha256, long documents, long tokens) {
  public WrittenFile {
    checkPath(path);
    if (!sha256.matches("[0-9a-f]{64}") || size < 0 || documents < 0 || tokens < 0) {
      throw new UnusableFileException(
          ("output file %s: size %s, sha256 \"%s\", documents %s, tokens %s: a value"
                  + " is out of range")
              .formatted(path, size, sha256, documents, tokens));
    }
  }

  /** The file at a path with this size and checksum. */
  public static WrittenFile of(String path, FileSum sum, long documents, long tokens) {
    return new WrittenFile(path, sum.size(), sum.sha256(), documents, tokens);
  }

  /** A file without documents. */
  public static WrittenFile withoutDocuments(String path, long size, String sha256) {
    long documents = 0;
    long tokens = 0;
    return new WrittenFile(path, size, sha256, documents, tokens);
  }

  /** A file without documents that has this content. */
  public static WrittenFile ofContent(String path, byte[] content) {
    return withoutDocuments(path, content.length, Sha256.of(content));
  }

  /**
   * Checks that a path from a receipt, which becomes a file name, is below the output folder.
   *
   * @throws UnusableFileException if it is not
   */
  public static void checkPath(String path) {
    if (!OutputFile.isBelow(path)) {
      throw new UnusableFileException("\"" + path + "\" is not a path below the output folder");
    }
  }
}

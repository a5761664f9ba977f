package org.merganser.output;

import org.merganser.json.Json;
import org.merganser.store.UnusableFileException;

/**
 * Another version of the program wrote a file, in a schema that this version does not read. The
 * file is not damaged, so it does not count as absent and is not written again.
 */
public final class OtherSchemaException extends RuntimeException {
  private OtherSchemaException(String message) {
    super(message);
  }

  /**
   * Checks the field {@code schema} of a file before the rest is read.
   *
   * @param own the schema that this version reads
   * @param name the name of the file in errors
   * @throws OtherSchemaException if the schema is not {@code own}
   * @throws UnusableFileException if the bytes have no numeric field {@code schema}
   */
  public static void check(byte[] json, int own, String name) {
    int schema = Json.schema(json, name, UnusableFileException::new);
    if (schema != own) {
      throw new OtherSchemaException(
          ("%s has schema %s, and this version of merganser reads and writes %s; use the version"
                  + " that wrote it, or run the job into another folder")
              .formatted(name, schema, own));
    }
  }
}

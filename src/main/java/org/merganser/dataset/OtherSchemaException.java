package org.merganser.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;

/**
 * Another version of the program wrote the file, in a schema that this version does not read. It is
 * no damage: the file is neither counted as absent nor written again.
 */
public final class OtherSchemaException extends RuntimeException {
  private OtherSchemaException(String message) {
    super(message);
  }

  /**
   * Compares the field {@code schema} of a file, before anything else of it is read.
   *
   * @param name how errors call the file
   * @throws OtherSchemaException if the schema is not {@code own}
   * @throws ShardException if the bytes have no field {@code schema} with a number
   */
  public static void check(byte[] json, int own, String name) {
    int schema;
    try {
      schema =
          Json.field(
              new ByteArrayInputStream(json), "schema", Integer.class, name, ShardException::new);
    } catch (IOException e) { // of bytes in memory: they are no text
      throw new ShardException(name + ": " + e.getMessage(), e);
    }
    if (schema != own) {
      throw new OtherSchemaException(
          ("%s has schema %s, and this version of merganser reads and writes %s; use the version"
                  + " that wrote it, or run the job into another folder")
              .formatted(name, schema, own));
    }
  }
}

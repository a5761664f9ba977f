package org.merganser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.merganser.json.Json;

/** Tables of texts for tests: arrays of strings in JSON files among the resources. */
public final class TextTable {
  private TextTable() {}

  /**
   * @param file relative to this class, such as {@code text/split-pieces.json}
   */
  public static List<String> read(String file) {
    try (InputStream in = TextTable.class.getResourceAsStream(file)) {
      return List.of(Json.MAPPER.readValue(in, String[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}

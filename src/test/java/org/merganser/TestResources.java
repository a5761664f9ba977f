package org.merganser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.merganser.json.Json;

/** Files of {@code src/test/resources/org/merganser}, by names such as {@code text/a.json}. */
public final class TestResources {
  private TestResources() {}

  /** The text of a file. */
  public static String text(String file) {
    try (InputStream in = TestResources.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** The texts of a JSON file that is an array of strings. */
  public static List<String> list(String file) {
    try {
      return List.of(Json.MAPPER.readValue(text(file), String[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}

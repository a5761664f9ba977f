package org.merganser.learn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Figures as JSON: record components in their order, two spaces, LF, a final LF. */
public final class LearnedJson {
  private static final JsonMapper JSON = new JsonMapper();

  private LearnedJson() {}

  public static byte[] write(Object figures) {
    DefaultIndenter lf = new DefaultIndenter("  ", "\n");
    try {
      String json =
          JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(lf))
              .writeValueAsString(figures);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures cannot be written", e);
    }
  }

  public static <T> T read(byte[] json, Class<T> type, String name) {
    try {
      return JSON.readValue(json, type);
    } catch (IOException e) {
      throw new LearnException(name + " is not what was learned: " + e.getMessage(), e);
    }
  }
}

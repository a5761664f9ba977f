package org.merganser.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.merganser.parquet.ShardException;

/**
 * JSON as receipts and manifests have it: record components in their order, maps sorted, two
 * spaces, LF, a final LF. Reading is strict: a missing or unknown field is an error.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(100).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private Json() {}

  /** One line without its LF. */
  static byte[] line(Object value) {
    try {
      // Through a String: straight to bytes Jackson escapes what is beyond the basic plane.
      return MAPPER.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass(), e);
    }
  }

  /** A whole file. */
  public static byte[] file(Object value) {
    DefaultIndenter lf = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lf).withArrayIndenter(lf);
    try {
      String text = MAPPER.writer(printer).writeValueAsString(value) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass(), e);
    }
  }

  /**
   * @param name how errors call the file
   * @throws ShardException when the bytes are not a {@code type}
   */
  public static <T> T read(byte[] json, Class<T> type, String name) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new ShardException(name + " holds null, not a " + type.getSimpleName());
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new ShardException(
          name + " is not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ShardException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * One field of an object that may be long: what comes behind it is not read.
   *
   * @throws ShardException when there is no such field, or it is not a {@code type}
   */
  static <T> T field(InputStream in, String field, Class<T> type, String name) throws IOException {
    try (JsonParser parser = MAPPER.createParser(in)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean found = parser.currentName().equals(field);
          parser.nextToken();
          if (found) {
            return MAPPER
                .readerFor(type)
                .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readValue(parser);
          }
          parser.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new ShardException(name + ": " + field + ": " + e.getOriginalMessage(), e);
    }
    throw new ShardException(name + ": has no " + field);
  }

  /**
   * JSON of any shape, of other tools.
   *
   * @param name how errors call the file
   * @throws ShardException when the bytes are not JSON
   */
  public static JsonNode read(byte[] json, String name) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new ShardException(name + ": is not JSON where it should be: " + e.getMessage(), e);
    }
  }
}

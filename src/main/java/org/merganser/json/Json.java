package org.merganser.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * JSON of our own files: fields in the order of the record, maps sorted by key, plain decimals,
 * UTF-8, LF, so that equal values have equal bytes. The methods that read are strict: a missing or
 * unknown field, null for a number and text after the value are errors. {@link #tree} reads JSON of
 * other tools.
 */
public final class Json {
  /**
   * Builds and writes trees, and reads values whose reader allows missing fields. Never change its
   * settings: all packages share it.
   */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .addModule(new SimpleModule().setDeserializerModifier(new UnwrappedFields()))
          .build();

  /** Our own files have at most a dozen levels. */
  private static final int MAX_NESTING = 100;

  /** The field of a file that has the number of its schema. */
  private static final String SCHEMA = "schema";

  /** Reads our own files. */
  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .build())
          .annotationIntrospector(new RequiredUnlessLeftOut())
          .addModule(new SimpleModule().setDeserializerModifier(new UnwrappedFields()))
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Two spaces, and LF on every system. */
  private static final DefaultIndenter LF = new DefaultIndenter("  ", "\n");

  private Json() {}

  /** One line without its LF. */
  public static String line(Object value) {
    try {
      // A String, since Jackson escapes characters beyond the basic plane when it writes bytes.
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass(), e);
    }
  }

  /** One line without its LF, in UTF-8. */
  public static byte[] bytes(Object value) {
    return line(value).getBytes(StandardCharsets.UTF_8);
  }

  /** A complete file, indented by two spaces, with a final LF; each item of an array is a line. */
  public static byte[] file(Object value) {
    return indented(value, new DefaultPrettyPrinter().withObjectIndenter(LF).withArrayIndenter(LF));
  }

  /** A complete file like {@link #file}, with each array of numbers or strings on one line. */
  public static byte[] figures(Object value) {
    return indented(value, new DefaultPrettyPrinter().withObjectIndenter(LF));
  }

  /**
   * Reads a value strictly.
   *
   * @param name of the file in errors
   * @param error creates the exception for bytes that are not a {@code type}
   */
  public static <T> T read(
      byte[] json,
      Class<T> type,
      String name,
      BiFunction<String, Throwable, ? extends RuntimeException> error) {
    try {
      T value = STRICT.readValue(json, type);
      if (value == null) {
        throw MismatchedInputException.from((JsonParser) null, type, "it holds null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw error.apply(
          name + " is not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw error.apply(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the number of an object's field {@code schema}, without the rest of the object.
   *
   * @param name of the file in errors
   * @param error creates the exception if there is no such number
   */
  public static int schema(
      byte[] json, String name, BiFunction<String, Throwable, ? extends RuntimeException> error) {
    try (JsonParser parser = STRICT.createParser(json)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean isSchema = parser.currentName().equals(SCHEMA);
          if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && isSchema) {
            return parser.getIntValue();
          }
          parser.skipChildren();
        }
      }
      throw MismatchedInputException.from(parser, int.class, "there is none");
    } catch (JsonProcessingException e) {
      throw error.apply(name + ": " + SCHEMA + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) { // the bytes are not text
      throw error.apply(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads JSON of other tools, of any shape with at most {@value #MAX_NESTING} levels.
   *
   * @param name of the file in errors
   * @param error creates the exception for bytes that are not JSON
   */
  public static JsonNode tree(
      byte[] json, String name, BiFunction<String, Throwable, ? extends RuntimeException> error) {
    try {
      return STRICT.readTree(json);
    } catch (IOException e) {
      throw error.apply(name + ": is not JSON where it should be: " + e.getMessage(), e);
    }
  }

  /**
   * What is wrong with bytes in memory that are not JSON, on one line.
   *
   * @param e Jackson's exception, or another one, which bytes that look like UTF-32 cause
   */
  public static String problem(IOException e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  /** A complete file with a final LF. */
  private static byte[] indented(Object value, DefaultPrettyPrinter printer) {
    try {
      String text = MAPPER.writer(printer).writeValueAsString(value) + "\n";
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass(), e);
    }
  }

  /** Requires every field, except those that may be left out when a record is written. */
  private static final class RequiredUnlessLeftOut extends JacksonAnnotationIntrospector {
    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return !member.hasAnnotation(JsonInclude.class);
    }
  }

  /**
   * Refuses unknown fields of a record that includes the fields of another one ({@link
   * JsonUnwrapped}), which Jackson ignores.
   */
  private static final class UnwrappedFields extends BeanDeserializerModifier {
    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
      Set<String> known = new HashSet<>();
      boolean unwraps = false;
      for (BeanPropertyDefinition field : bean.findProperties()) {
        known.add(field.getName());
        if (field.getPrimaryMember().hasAnnotation(JsonUnwrapped.class)) {
          unwraps = true;
          BeanDescription inner = config.introspect(field.getPrimaryType());
          inner.findProperties().forEach(unwrapped -> known.add(unwrapped.getName()));
        }
      }
      return unwraps ? new KnownOnly(deserializer, known) : deserializer;
    }

    /** Reads an object after a check that it has only known fields. */
    private static final class KnownOnly extends DelegatingDeserializer {
      private final transient Set<String> known;

      KnownOnly(JsonDeserializer<?> deserializer, Set<String> known) {
        super(deserializer);
        this.known = known;
      }

      @Override
      protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> deserializer) {
        return new KnownOnly(deserializer, known);
      }

      @Override
      public Object deserialize(JsonParser parser, DeserializationContext context)
          throws IOException {
        TokenBuffer copy = context.bufferAsCopyOfValue(parser);
        JsonParser fields = copy.asParserOnFirstToken();
        while (fields.nextToken() == JsonToken.FIELD_NAME) {
          if (!known.contains(fields.currentName())) {
            context.handleUnknownProperty(fields, this, handledType(), fields.currentName());
          }
          fields.nextToken();
          fields.skipChildren();
        }
        return super.deserialize(copy.asParserOnFirstToken(), context);
      }
    }
  }
}

package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.merganser.bpe.Vocabulary;
import org.merganser.json.InvalidValueException;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Reads and writes the components of a tokenizer.json by their records, and refuses a component of
 * an unknown {@code type}: the message lists the known ones.
 *
 * <p>The {@code type} is the record's name, members are its components in snake case ({@link
 * ComponentIntrospector}). A member is required unless the record declares it optional; {@code
 * null} counts as absent, and other members are ignored, as in HF.
 */
final class ComponentJson {
  /** Reads and writes components, and any other JSON of a tokenizer.json. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(new ComponentIntrospector())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .injectableValues(ComponentIntrospector.defaults())
          .addModule(
              new SimpleModule()
                  .addDeserializer(int.class, new Natural())
                  .addDeserializer(Integer.class, new Natural()))
          // HF takes no number for a string, no empty string for null, and so on.
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfigDefaults(
              config -> {
                for (CoercionInputShape shape : CoercionInputShape.values()) {
                  config.setCoercion(shape, CoercionAction.Fail);
                }
              })
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(SerializationFeature.FAIL_ON_UNWRAPPED_TYPE_IDENTIFIERS)
          .build();

  private ComponentJson() {}

  /** The component that a value describes; removes the value's members that are {@code null}. */
  static <T> T read(JsonValue value, Class<T> type) {
    prepare(value);
    try {
      return MAPPER.treeToValue(value.node(), type);
    } catch (JsonMappingException e) {
      throw placedError(value, e);
    } catch (JsonProcessingException e) {
      throw value.because(e.getOriginalMessage());
    }
  }

  /**
   * Prepares a value and all below it for Jackson: removes members that are null; refuses a
   * component in a notation that only Jackson accepts, null in an array, and text with a lone
   * surrogate from escapes.
   */
  private static void prepare(JsonValue value) {
    if (value.node() instanceof ObjectNode object) {
      object.properties().removeIf(member -> member.getValue().isNull());
      object.properties().forEach(member -> prepare(value.required(member.getKey())));
    } else if (value.node().isArray()) {
      // Jackson also reads an array of a type and the members as a component.
      if (value.node().path(0).isTextual() && value.node().path(1).isObject()) {
        throw value.because("no component holds a string and an object here");
      }
      value.items().forEach(ComponentJson::prepare);
    } else if (value.node().isNull()) {
      throw value.mustBe("a value");
    } else if (value.node().isTextual()) {
      try {
        Vocabulary.utf8(value.string());
      } catch (IllegalArgumentException e) {
        throw value.mustBe("Unicode text");
      }
    }
  }

  /** The error of Jackson as one that names the place and the value, or the unknown type. */
  private static TokenizerException placedError(JsonValue root, JsonMappingException e) {
    JsonValue value = root;
    for (JsonMappingException.Reference step : e.getPath()) {
      String name = step.getFieldName();
      value = name == null ? value.items().get(step.getIndex()) : value.required(name);
    }
    if (e.getCause() instanceof InvalidValueException invalid) {
      return descendant(value, invalid.at()).invalid(invalid.complaint());
    }
    if (e instanceof InvalidTypeIdException type) {
      value.type(); // throws if the type is absent
      String[] known = ComponentIntrospector.typeNames(type.getBaseType().getRawClass());
      return value.required("type").unsupported(known);
    }
    if (e instanceof MismatchedInputException mismatch) {
      return value.mustBe(allowed(mismatch.getTargetType()));
    }
    return value.because(e.getOriginalMessage());
  }

  /**
   * The value at a path below another one.
   *
   * @param path names of members and indexes of elements
   */
  private static JsonValue descendant(JsonValue root, List<Object> path) {
    JsonValue value = root;
    for (Object step : path) {
      value =
          step instanceof Integer index ? value.items().get(index) : value.required((String) step);
    }
    return value;
  }

  /** What a member of a type may be, for messages. */
  private static String allowed(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "an integer from 0 to " + Integer.MAX_VALUE;
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == String.class) {
      return "a string";
    } else if (type.isEnum()) {
      return "one of "
          + Stream.of(type.getEnumConstants())
              .map(constant -> MAPPER.convertValue(constant, String.class))
              .toList();
    }
    return Collection.class.isAssignableFrom(type) ? "an array" : "an object";
  }

  /** Reads a whole number of 0 or more; Jackson also takes fractions and strings of digits. */
  private static final class Natural extends StdScalarDeserializer<Integer> {
    private static final long serialVersionUID = 1;

    Natural() {
      super(int.class);
    }

    @Override
    public Integer deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
          && in.getNumberType() == JsonParser.NumberType.INT
          && in.getIntValue() >= 0) {
        return in.getIntValue();
      }
      throw MismatchedInputException.from(in, int.class, "not natural");
    }
  }
}

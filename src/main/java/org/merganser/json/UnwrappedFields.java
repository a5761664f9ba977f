package org.merganser.json;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Refuses unknown fields of a record that has the fields of another one beside its own ({@link
 * JsonUnwrapped}). Jackson itself overlooks unknown fields there.
 */
final class UnwrappedFields extends BeanDeserializerModifier {
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

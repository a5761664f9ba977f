package org.merganser.tokenizer.json;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which Jackson reads the declaration of a component. The records of a sealed
 * interface are its types, each named by its simple name or its {@code @JsonTypeName}. A member is
 * required unless it has a default value or is declared optional.
 */
final class ComponentIntrospector extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  private static final ObjectMapper PLAIN = new ObjectMapper();

  /** Sets an absent member to the default value of its declaration. */
  static InjectableValues defaults() {
    return new InjectableValues() {
      @Override
      @SuppressWarnings("deprecation") // Jackson calls this one through its replacement
      public Object findInjectableValue(
          Object value, DeserializationContext context, BeanProperty property, Object bean) {
        return value;
      }
    };
  }

  static String[] typeNames(Class<?> component) {
    return Stream.of(component.getPermittedSubclasses())
        .map(ComponentIntrospector::typeName)
        .sorted()
        .toArray(String[]::new);
  }

  private static String typeName(Class<?> type) {
    JsonTypeName name = type.getAnnotation(JsonTypeName.class);
    return name == null ? type.getSimpleName() : name.value();
  }

  @Override
  public List<NamedType> findSubtypes(Annotated type) {
    return type.getRawType().isSealed()
        ? Stream.of(type.getRawType().getPermittedSubclasses()).map(NamedType::new).toList()
        : super.findSubtypes(type);
  }

  @Override
  public String findTypeName(AnnotatedClass type) {
    return typeName(type.getRawType());
  }

  @Override
  public Boolean hasRequiredMarker(AnnotatedMember member) {
    JsonProperty property = member.getAnnotation(JsonProperty.class);
    return property == null
        || property.isRequired() != OptBoolean.FALSE && property.defaultValue().isEmpty();
  }

  @Override
  public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember member) {
    JsonProperty property = member.getAnnotation(JsonProperty.class);
    return property == null || property.defaultValue().isEmpty()
        ? null
        : JacksonInject.Value.construct(
            PLAIN.convertValue(property.defaultValue(), member.getRawType()), true, true);
  }
}

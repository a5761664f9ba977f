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
 * The rules by which Jackson reads the declaration of a component: the records of a sealed
 * interface are its types, each called by its simple name or its {@code @JsonTypeName}; a member
 * must be there unless it has a default value or is declared optional.
 */
final class ComponentIntrospector extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  /** Turns the text of a default value into a value. */
  private static final ObjectMapper PLAIN = new ObjectMapper();

  /** Gives an absent member the default value of its declaration. */
  static InjectableValues defaults() {
    return new InjectableValues() {
      @Override
      @SuppressWarnings("deprecation") // the method that replaces it calls this one
      public Object findInjectableValue(
          Object value, DeserializationContext context, BeanProperty property, Object bean) {
        return value;
      }
    };
  }

  /** The types of a sealed interface of components, sorted. */
  static String[] typeNames(Class<?> component) {
    return types(component).map(ComponentIntrospector::typeName).sorted().toArray(String[]::new);
  }

  @Override
  public List<NamedType> findSubtypes(Annotated type) {
    return type.getRawType().isSealed()
        ? types(type.getRawType()).map(NamedType::new).toList()
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
        || (property.isRequired() != OptBoolean.FALSE && property.defaultValue().isEmpty());
  }

  @Override
  public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember member) {
    JsonProperty property = member.getAnnotation(JsonProperty.class);
    if (property == null || property.defaultValue().isEmpty()) {
      return null;
    }
    Object defaultValue = PLAIN.convertValue(property.defaultValue(), member.getRawType());
    boolean useInput = true; // a value in the file comes before the default
    boolean optional = true;
    return JacksonInject.Value.construct(defaultValue, useInput, optional);
  }

  /** The records of a sealed interface. */
  private static Stream<Class<?>> types(Class<?> component) {
    return Stream.<Class<?>>of(component.getPermittedSubclasses()).filter(Class::isRecord);
  }

  private static String typeName(Class<?> type) {
    JsonTypeName name = type.getAnnotation(JsonTypeName.class);
    return name == null ? type.getSimpleName() : name.value();
  }
}

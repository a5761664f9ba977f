package org.merganser.cli.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobReader;
import org.merganser.job.Key;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option of a command that sets a key of its job, with the key's type, description, allowed
 * values and default.
 */
public final class KeyOption {
  private final String name;
  private final String path;
  private final Key key;
  private final String placeholder;
  private boolean required;
  private boolean seldom;
  private @Nullable String description;
  private @Nullable List<String> values;
  private @Nullable ITypeConverter<?> converter;

  private KeyOption(String name, String path, String placeholder) {
    this.name = name;
    this.path = path;
    this.key = Key.at(path);
    this.placeholder = placeholder;
  }

  /**
   * @param placeholder of the value in the help; not shown for a boolean key
   */
  public static KeyOption of(String name, String path, String placeholder) {
    return new KeyOption(name, path, placeholder);
  }

  public KeyOption required() {
    required = true;
    return this;
  }

  /** Marks an option that most calls omit; the short help leaves it out. */
  public KeyOption seldom() {
    seldom = true;
    return this;
  }

  /** Replaces the key's description. */
  public KeyOption says(String text) {
    description = text;
    return this;
  }

  /** Limits the allowed values. */
  public KeyOption allows(List<String> some) {
    values = some;
    return this;
  }

  public KeyOption convertedBy(ITypeConverter<?> by) {
    converter = by;
    return this;
  }

  public static boolean isSeldom(OptionSpec option) {
    return option.userObject() instanceof KeyOption key && key.seldom;
  }

  String name() {
    return name;
  }

  OptionSpec spec() {
    List<String> allowed = values == null ? key.values() : values;
    boolean repeats = (key.isList() && allowed.isEmpty()) || key.map() != null;
    String text = description == null ? key.summary(allowed) : description;
    OptionSpec.Builder builder =
        OptionSpec.builder(name)
            .userObject(this)
            .required(required)
            .description(repeats ? text + " May be repeated." : text);
    if (key.type() == boolean.class) {
      return builder.type(Boolean.class).arity("0").build();
    }
    builder.paramLabel(placeholder).arity("1");
    if (!allowed.isEmpty()) {
      builder.completionCandidates(allowed);
    }
    if (converter != null) {
      builder.converters(converter);
    }
    if (key.map() != null) {
      return builder.type(Map.class).auxiliaryTypes(String.class, String.class).build();
    }
    Class<?> one = argumentType(key.isList() ? key.elementType() : key.type());
    if (!key.isList()) {
      return builder.type(one).build();
    }
    return builder.type(List.class).auxiliaryTypes(one).splitRegex(repeats ? "" : ",").build();
  }

  private static Class<?> argumentType(Class<?> type) {
    return Key.isInteger(type) ? Long.class : String.class; // a real number as it is written
  }

  @SuppressWarnings("unchecked") // as spec() says
  String setting(Object value) {
    if (value instanceof Map<?, ?> weights) {
      return JobReader.numbers(path, (Map<String, String>) weights);
    }
    if (value instanceof List<?> list && list.get(0) instanceof String) {
      return JobReader.texts(path, (List<String>) list);
    }
    return value instanceof String text && !Key.isReal(key.type())
        ? JobReader.text(path, text)
        : path + "=" + value;
  }
}

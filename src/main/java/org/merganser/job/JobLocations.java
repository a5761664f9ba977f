package org.merganser.job;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Replaces the locations of a job: the keys that their {@link Field} says to be one. */
public final class JobLocations {
  private JobLocations() {}

  /**
   * The same job with other locations.
   *
   * @param change from a key's path, such as {@code tokenizer.load}, and its location, an input or
   *     a glob among them, to another
   */
  public static Job changed(Job job, BinaryOperator<String> change) {
    return (Job) section(job, "", change);
  }

  private static Record section(Record section, String path, BinaryOperator<String> change) {
    List<@Nullable Object> values = new ArrayList<>();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      Object value = JobWriter.get(section, component);
      if (component.isAnnotationPresent(Unwrapped.class)) {
        values.add(section((Record) Objects.requireNonNull(value), path, change));
        continue;
      }
      Field field = Objects.requireNonNull(component.getAnnotation(Field.class));
      String key = JobTree.join(path, component.getName());
      if (field.orFirstKey() && value instanceof List<?> list) {
        values.add(list.stream().map(element -> section((Record) element, key, change)).toList());
      } else if (value instanceof Record inner) {
        values.add(section(inner, key, change));
      } else if (!field.isLocation() || value == null) {
        values.add(value);
      } else if (value instanceof List<?> list) {
        values.add(list.stream().map(location -> change.apply(key, (String) location)).toList());
      } else {
        values.add(change.apply(key, (String) value));
      }
    }
    return JobTree.instantiate(section.getClass(), values);
  }
}

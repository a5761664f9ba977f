package org.merganser.job;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Replaces the locations of a job: the keys that their {@link Field} says to be one. */
public final class JobLocations {
  private JobLocations() {}

  /**
   * The same job with other locations.
   *
   * @param change is asked for each location of the job, inputs and globs among them
   */
  public static Job changed(Job job, UnaryOperator<String> change) {
    return (Job) section(job, change);
  }

  private static Record section(Record section, UnaryOperator<String> change) {
    List<@Nullable Object> values = new ArrayList<>();
    for (RecordComponent component : section.getClass().getRecordComponents()) {
      Object value = JobWriter.get(section, component);
      Field field = Objects.requireNonNull(component.getAnnotation(Field.class));
      if (value instanceof Record inner) {
        values.add(section(inner, change));
      } else if (!field.isLocation() || value == null) {
        values.add(value);
      } else if (value instanceof List<?> list) {
        values.add(list.stream().map(String.class::cast).map(change).toList());
      } else {
        values.add(change.apply((String) value));
      }
    }
    return JobTree.instantiate(section.getClass(), values);
  }
}

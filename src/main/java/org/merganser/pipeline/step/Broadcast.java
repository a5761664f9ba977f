package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.engine.RunnerTransforms;

/**
 * A small value for every worker of a step. A value that is known when the graph is built is part
 * of the step. A value that another step produces is a side input, for which the step waits.
 */
public final class Broadcast<T extends Serializable> implements Serializable {
  /** The value; null if another step produces it, so that {@link #view} has it. */
  private final @Nullable T known;

  /** The side input; null if the value is known. */
  private final @Nullable PCollectionView<T> view;

  private Broadcast(@Nullable T known, @Nullable PCollectionView<T> view) {
    this.known = known;
    this.view = view;
  }

  /** A known value. */
  public static <T extends Serializable> Broadcast<T> of(T value) {
    return new Broadcast<>(value, null);
  }

  /**
   * The one element of a collection; {@code name} is that of the step that makes it a side input.
   */
  public static <T extends Serializable> Broadcast<T> one(String name, PCollection<T> element) {
    return new Broadcast<>(null, RunnerTransforms.singleton(name, element));
  }

  /** The side inputs among the values. */
  static List<PCollectionView<?>> views(Broadcast<?>... values) {
    return Arrays.stream(values)
        .<PCollectionView<?>>map(value -> value.view)
        .filter(Objects::nonNull)
        .toList();
  }

  /** The value, in a step to which its view was passed. */
  public T get(DoFn<?, ?>.ProcessContext context) {
    return view == null ? Objects.requireNonNull(known) : context.sideInput(view);
  }
}

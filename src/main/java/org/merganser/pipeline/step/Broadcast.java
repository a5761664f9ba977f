package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.merganser.pipeline.engine.RunnerGraph;

/**
 * A small value that every worker of a step gets. One that is known when the graph is built lies in
 * the step itself; one that another step makes is a side input, for which the step waits.
 */
public abstract class Broadcast<T> implements Serializable {
  private Broadcast() {}

  /** A value that is known. */
  public static <T extends Serializable> Broadcast<T> of(T value) {
    return new Known<>(value);
  }

  /**
   * The one element of a collection.
   *
   * @param name of the step that hands it to the workers
   */
  public static <T> Broadcast<T> one(String name, PCollection<T> element) {
    return new SideInput<>(RunnerGraph.of(element.getPipeline()).singleton(name, element));
  }

  /**
   * All elements of a collection, in no order.
   *
   * @param name of the step that hands them to the workers
   */
  public static <T> Broadcast<List<T>> all(String name, PCollection<T> elements) {
    return new SideInput<>(elements.apply(name, View.asList()));
  }

  /** The side inputs of a step that gets these values. */
  public static List<PCollectionView<?>> views(Broadcast<?>... values) {
    List<PCollectionView<?>> views = new ArrayList<>();
    for (Broadcast<?> value : values) {
      value.addView(views);
    }
    return views;
  }

  /** The value, for a step that was given its {@linkplain #views views}. */
  public abstract T get(DoFn<?, ?>.ProcessContext context);

  abstract void addView(List<PCollectionView<?>> views);

  private static final class Known<T extends Serializable> extends Broadcast<T> {
    private final T value;

    Known(T value) {
      this.value = value;
    }

    @Override
    public T get(DoFn<?, ?>.ProcessContext context) {
      return value;
    }

    @Override
    void addView(List<PCollectionView<?>> views) {}
  }

  private static final class SideInput<T> extends Broadcast<T> {
    private final PCollectionView<T> view;

    SideInput(PCollectionView<T> view) {
      this.view = view;
    }

    @Override
    public T get(DoFn<?, ?>.ProcessContext context) {
      return context.sideInput(view);
    }

    @Override
    void addView(List<PCollectionView<?>> views) {
      views.add(view);
    }
  }
}

package org.merganser.pipeline;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * A small value that every worker of a step gets. One that is known when the graph is built lies in
 * the step itself; one that another step makes is a side input, for which the step waits.
 *
 * <p>{@link View#asSingleton} would group and combine the one element first: five steps in place of
 * two, which a small job feels.
 */
abstract class Broadcast<T> implements Serializable {
  private Broadcast() {}

  /** A value that is known. */
  static <T extends Serializable> Broadcast<T> of(T value) {
    return new Known<>(value);
  }

  /**
   * The one element of a collection.
   *
   * @param name of the step that hands it to the workers
   */
  static <T> Broadcast<T> one(String name, PCollection<T> element) {
    return new One<>(element.apply(name, View.asList()));
  }

  /**
   * All elements of a collection, in no order.
   *
   * @param name of the step that hands them to the workers
   */
  static <T> Broadcast<List<T>> all(String name, PCollection<T> elements) {
    return new All<>(elements.apply(name, View.asList()));
  }

  /** The side inputs of a step that gets these values. */
  static List<PCollectionView<?>> views(Broadcast<?>... values) {
    List<PCollectionView<?>> views = new ArrayList<>();
    for (Broadcast<?> value : values) {
      value.addView(views);
    }
    return views;
  }

  /** The value, for a step that was given its {@linkplain #views views}. */
  abstract T get(DoFn<?, ?>.ProcessContext context);

  abstract void addView(List<PCollectionView<?>> views);

  private static final class Known<T extends Serializable> extends Broadcast<T> {
    private final T value;

    Known(T value) {
      this.value = value;
    }

    @Override
    T get(DoFn<?, ?>.ProcessContext context) {
      return value;
    }

    @Override
    void addView(List<PCollectionView<?>> views) {}
  }

  private static final class One<T> extends Broadcast<T> {
    private final PCollectionView<List<T>> view;

    One(PCollectionView<List<T>> view) {
      this.view = view;
    }

    @Override
    T get(DoFn<?, ?>.ProcessContext context) {
      List<T> elements = context.sideInput(view);
      if (elements.size() != 1) {
        throw new IllegalStateException(view.getName() + ": one value, not " + elements.size());
      }
      return elements.get(0);
    }

    @Override
    void addView(List<PCollectionView<?>> views) {
      views.add(view);
    }
  }

  private static final class All<T> extends Broadcast<List<T>> {
    private final PCollectionView<List<T>> view;

    All(PCollectionView<List<T>> view) {
      this.view = view;
    }

    @Override
    List<T> get(DoFn<?, ?>.ProcessContext context) {
      return context.sideInput(view);
    }

    @Override
    void addView(List<PCollectionView<?>> views) {
      views.add(view);
    }
  }
}

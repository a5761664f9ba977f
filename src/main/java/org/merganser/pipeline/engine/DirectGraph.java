package org.merganser.pipeline.engine;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PCollectionViews;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The parts of a graph that only the direct runner needs. This runner starts each step of a graph
 * separately and copies it for each thread. The graph of the sample job has at most 51 steps with
 * this class (GraphStepsTest), and 102 with Beam's own transforms.
 *
 * @param threads of the runner
 */
record DirectGraph(int threads) implements RunnerGraph {

  /** One thread needs no spreading. */
  @Override
  public <T> PCollection<T> spread(String name, PCollection<T> elements) {
    return threads == 1 ? elements : elements.apply(name, new SpreadByNumber<>());
  }

  /** Uses the element as the view: one step instead of five, which group and combine it. */
  @Override
  public <T> PCollectionView<T> singleton(String name, PCollection<T> element) {
    PCollectionView<T> view =
        PCollectionViews.singletonView(
            element,
            new TypeOf<>(element.getCoder()),
            element.getWindowingStrategy(),
            false,
            null,
            element.getCoder());
    element.apply(name, View.CreatePCollectionView.of(view));
    return view;
  }

  /** A named class, because a lambda is much slower to deserialize. */
  private record TypeOf<T>(Coder<T> coder) implements PCollectionViews.TypeDescriptorSupplier<T> {
    @Override
    public TypeDescriptor<T> get() {
      return coder.getEncodedTypeDescriptor();
    }
  }
}

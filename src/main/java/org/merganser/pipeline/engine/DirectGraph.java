package org.merganser.pipeline.engine;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PCollectionViews;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * All that is in a graph for the direct runner alone. That runner starts each step of a graph by
 * itself and copies it for each thread. The graph of the sample job has at most 51 steps with this
 * class (GraphStepsTest); it had 102 with Beam's own transforms in their place. {@link
 * ParkedThreads} has the measurement of threads that look for work.
 *
 * @param threads of the runner
 */
record DirectGraph(int threads) implements RunnerGraph {

  /**
   * Groups the elements by number: three steps in place of {@link
   * org.apache.beam.sdk.transforms.Reshuffle}'s seven. One thread needs none of it.
   */
  @Override
  public <T> PCollection<T> spread(String name, PCollection<T> elements) {
    return threads == 1 ? elements : elements.apply(name, new Spread<>());
  }

  /** The element itself is the view: one step in place of five, which group and combine it. */
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

  @Override
  public void worksAlone(PCollection<?> element) {
    ParkedThreads.beside(element, threads);
  }

  private static final class Spread<T> extends PTransform<PCollection<T>, PCollection<T>> {
    @Override
    public PCollection<T> expand(PCollection<T> elements) {
      return elements
          .apply("Number", ParDo.of(new NumberFn<>()))
          .setCoder(KvCoder.of(VarIntCoder.of(), elements.getCoder()))
          .apply("GroupByNumber", GroupByKey.create())
          .apply("Ungroup", ParDo.of(new UngroupFn<>()))
          .setCoder(elements.getCoder());
    }
  }

  /** Numbers what it sees; where two of it give the same number, those elements are one bundle. */
  private static final class NumberFn<T> extends DoFn<T, KV<Integer, T>> {
    private int next;

    @ProcessElement
    public void number(@Element T element, OutputReceiver<KV<Integer, T>> out) {
      out.output(KV.of(next++, element));
    }
  }

  private static final class UngroupFn<T> extends DoFn<KV<Integer, Iterable<T>>, T> {
    @ProcessElement
    public void ungroup(@Element KV<Integer, Iterable<T>> group, OutputReceiver<T> out) {
      group.getValue().forEach(out::output);
    }
  }

  /** A class of its own, since a lambda is the slowest of all to deserialize. */
  private static final class TypeOf<T> implements PCollectionViews.TypeDescriptorSupplier<T> {
    private final Coder<T> coder;

    TypeOf(Coder<T> coder) {
      this.coder = coder;
    }

    @Override
    public TypeDescriptor<T> get() {
      return coder.getEncodedTypeDescriptor();
    }
  }
}

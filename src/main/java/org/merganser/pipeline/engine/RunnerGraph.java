package org.merganser.pipeline.engine;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PCollectionViews;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The two places where the graph of a run depends on the runner. The stages and their order are the
 * same on every runner. An engine uses Beam's own transforms, Spark with one exception ({@link
 * Spark}). The direct runner uses {@link DirectGraph}, because it starts each step of a graph
 * separately, which takes much of the time of a small job.
 */
public interface RunnerGraph {

  /** The graph for the runner of a pipeline, and the direct runner's number of threads. */
  static RunnerGraph of(Pipeline pipeline) {
    PipelineOptions options = pipeline.getOptions();
    if (RunnerFlags.runsHere(options)) {
      return new DirectGraph(options.as(DirectOptions.class).getTargetParallelism());
    }
    return options.getRunner().getSimpleName().equals("SparkRunner") ? new Spark() : new Engine();
  }

  /** Spreads elements over the workers, one in a bundle; their order is always the same. */
  <T> PCollection<T> spread(String name, PCollection<T> elements);

  /** The element as a view, for steps that take it as a side input. */
  <T> PCollectionView<T> singleton(String name, PCollection<T> element);

  class Engine implements RunnerGraph {
    private Engine() {}

    @Override
    public <T> PCollection<T> spread(String name, PCollection<T> elements) {
      return elements.apply(name, Reshuffle.viaRandomKey());
    }

    @Override
    public <T> PCollectionView<T> singleton(String name, PCollection<T> element) {
      return element.apply(name, View.asSingleton());
    }
  }

  /**
   * Beam's own transforms without its Reshuffle. On Spark, Reshuffle is a repartition, which
   * assigns elements in the order in which they arrive. After a grouping this order is not fixed.
   * So if an executor with results of a repartition is lost after tasks that read them have ended,
   * Spark does not repeat it: the run fails with "a shuffle map stage with indeterminate output was
   * failed and retried".
   */
  final class Spark extends Engine {
    private Spark() {}

    @Override
    public <T> PCollection<T> spread(String name, PCollection<T> elements) {
      return elements.apply(name, new SpreadByNumber<>());
    }
  }

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
}

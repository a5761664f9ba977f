package org.merganser.pipeline.engine;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

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
}

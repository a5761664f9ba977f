package org.merganser.pipeline.engine;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PCollectionViews;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * The two transforms of a run that depend on the runner; the stages and their order do not.
 *
 * <p>An engine (any runner except the direct one) uses Beam's own transforms, except that Spark
 * spreads elements by {@link SpreadByNumber}. The direct runner starts each step of a graph
 * separately and copies it for each thread, which takes much of the time of a small job. So it has
 * transforms of fewer steps, which halve the graph of such a job.
 */
public final class RunnerTransforms {
  private RunnerTransforms() {}

  /**
   * Spreads elements over the workers, one in a bundle. One thread of the direct runner needs no
   * spreading.
   *
   * <p>On Spark, Beam's Reshuffle is a repartition, which assigns elements in the order in which
   * they arrive. After a grouping this order is not fixed. So if an executor with results of a
   * repartition is lost after tasks that read them have ended, Spark does not repeat it: the run
   * fails with "a shuffle map stage with indeterminate output was failed and retried".
   *
   * @param elements what the step before outputs for one element of its input, in an order that is
   *     always the same
   */
  public static <T> PCollection<T> spread(String name, PCollection<T> elements) {
    PipelineOptions options = elements.getPipeline().getOptions();
    boolean isDirect = RunnerFlags.runsHere(options);
    if (isDirect && options.as(DirectOptions.class).getTargetParallelism() == 1) {
      return elements;
    }
    String spark = EngineBuild.runnerOf(EngineBuild.SPARK);
    return isDirect || options.getRunner().getSimpleName().equals(spark)
        ? elements.apply(name, new SpreadByNumber<>())
        : elements.apply(name, Reshuffle.viaRandomKey());
  }

  /**
   * The element as a view, for steps that take it as a side input. The direct runner uses the
   * element itself: one step instead of five, which group and combine it.
   */
  public static <T> PCollectionView<T> singleton(String name, PCollection<T> element) {
    if (!RunnerFlags.runsHere(element.getPipeline().getOptions())) {
      return element.apply(name, View.asSingleton());
    }
    boolean hasDefault = false;
    T defaultValue = null;
    PCollectionView<T> view =
        PCollectionViews.singletonView(
            element,
            new TypeOf<>(element.getCoder()),
            element.getWindowingStrategy(),
            hasDefault,
            defaultValue,
            element.getCoder());
    element.apply(name, View.CreatePCollectionView.of(view));
    return view;
  }

  /** The type of a coder's elements. A named class, since a lambda is slower to deserialize. */
  private record TypeOf<T>(Coder<T> coder) implements PCollectionViews.TypeDescriptorSupplier<T> {
    @Override
    public TypeDescriptor<T> get() {
      return coder.getEncodedTypeDescriptor();
    }
  }
}

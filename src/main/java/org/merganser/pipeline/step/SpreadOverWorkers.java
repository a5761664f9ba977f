package org.merganser.pipeline.step;

import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.pipeline.engine.RunnerFlags;

/**
 * Spreads elements over the workers, each a bundle of its own. An engine's {@link Reshuffle}
 * balances them; the direct runner's threads take bundles as they come, so there a grouping by
 * number does: three steps in place of seven, which a small job feels.
 */
public final class SpreadOverWorkers<T> extends PTransform<PCollection<T>, PCollection<T>> {
  private SpreadOverWorkers() {}

  public static <T> SpreadOverWorkers<T> evenly() {
    return new SpreadOverWorkers<>();
  }

  /**
   * Spreads the elements, if there is more than one thread to spread them over.
   *
   * @param threads of the direct runner
   */
  public static <T> PCollection<T> over(int threads, PCollection<T> elements) {
    boolean alone = threads == 1 && RunnerFlags.runsHere(elements.getPipeline().getOptions());
    return alone ? elements : elements.apply("SpreadUnits", evenly());
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    if (!RunnerFlags.runsHere(elements.getPipeline().getOptions())) {
      return elements.apply("Reshuffle", Reshuffle.viaRandomKey());
    }
    return elements
        .apply("Number", ParDo.of(new NumberFn<>()))
        .setCoder(KvCoder.of(VarIntCoder.of(), elements.getCoder()))
        .apply("GroupByNumber", GroupByKey.create())
        .apply("Ungroup", ParDo.of(new UngroupFn<>()))
        .setCoder(elements.getCoder());
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
}

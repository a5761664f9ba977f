package org.merganser.pipeline.engine;

import org.apache.beam.sdk.coders.BigEndianIntegerCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Spreads elements over the workers by grouping them by number: three steps instead of the seven of
 * {@link org.apache.beam.sdk.transforms.Reshuffle}.
 *
 * <p>The step before must output all elements for one element of its input, in an order that is
 * always the same. So they are one bundle, whose elements are numbered from 0, and an element has
 * the same number whenever the step before is repeated. (With several bundles, elements of the same
 * number would go to the same worker; none would be lost.)
 *
 * <p>The coder of a number has a fixed width, because Spark takes a key's partition from the hash
 * of its bytes. So adjacent numbers go to different partitions, and the elements are spread evenly.
 */
final class SpreadByNumber<T> extends PTransform<PCollection<T>, PCollection<T>> {
  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    return elements
        .apply("Number", ParDo.of(new NumberFn<>()))
        .setCoder(KvCoder.of(BigEndianIntegerCoder.of(), elements.getCoder()))
        .apply("GroupByNumber", GroupByKey.create())
        .apply("Ungroup", ParDo.of(new UngroupFn<>()))
        .setCoder(elements.getCoder());
  }

  /** Numbers the elements of a bundle from 0. */
  private static final class NumberFn<T> extends DoFn<T, KV<Integer, T>> {
    private int next;

    /** Restarts the numbers: a reused instance must not continue after those of a lost task. */
    @StartBundle
    public void start() {
      next = 0;
    }

    @ProcessElement
    public void number(@Element T element, OutputReceiver<KV<Integer, T>> out) {
      out.output(KV.of(next++, element));
    }
  }

  /** Outputs each element without its number. */
  private static final class UngroupFn<T> extends DoFn<KV<Integer, Iterable<T>>, T> {
    @ProcessElement
    public void ungroup(@Element KV<Integer, Iterable<T>> group, OutputReceiver<T> out) {
      group.getValue().forEach(out::output);
    }
  }
}

package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;

/**
 * The steps of a stage whose work one class does; each is a {@link StepFn}.
 *
 * @param <L> the logic, the class that does the work
 * @param stage null for work that belongs to none
 * @param factory builds the logic
 * @param views the side inputs that {@code factory} reads
 */
public record Steps<L>(
    RunSpec spec,
    @Nullable Stage stage,
    StepFn.LogicFactory<L> factory,
    List<PCollectionView<?>> views) {
  /** Builds the logic from the run and a value. */
  @FunctionalInterface
  public interface FactoryWithValue<L, A> extends Serializable {
    L build(RunSpec spec, A value) throws IOException;
  }

  /** Builds the logic from the run and two values. */
  @FunctionalInterface
  public interface FactoryWithTwoValues<L, A, B> extends Serializable {
    L build(RunSpec spec, A first, B second) throws IOException;
  }

  /**
   * Steps whose logic is built from the run and any number of values.
   *
   * @param values that {@code factory} reads from its context
   */
  public static <L> Steps<L> of(
      RunSpec spec, @Nullable Stage stage, StepFn.LogicFactory<L> factory, Broadcast<?>... values) {
    return new Steps<>(spec, stage, factory, Broadcast.views(values));
  }

  /** Steps whose logic is built from the run and a value. */
  public static <L, A extends Serializable> Steps<L> of(
      RunSpec spec, @Nullable Stage stage, Broadcast<A> value, FactoryWithValue<L, A> factory) {
    return of(spec, stage, (run, context) -> factory.build(run, value.get(context)), value);
  }

  /** Steps whose logic is built from the run and two values. */
  public static <L, A extends Serializable, B extends Serializable> Steps<L> of(
      RunSpec spec,
      @Nullable Stage stage,
      Broadcast<A> first,
      Broadcast<B> second,
      FactoryWithTwoValues<L, A, B> factory) {
    return of(
        spec,
        stage,
        (run, context) -> factory.build(run, first.get(context), second.get(context)),
        first,
        second);
  }

  /** A step with one output for each input. */
  public <I, O extends Serializable> PTransform<PCollection<I>, PCollection<O>> one(
      Class<O> type, StepFn.Work<L, I, O> work) {
    return one(coder(type), work);
  }

  /** Like {@link #one(Class, StepFn.Work)}, for an output with a coder of its own. */
  public <I, O> PTransform<PCollection<I>, PCollection<O>> one(
      Coder<O> coder, StepFn.Work<L, I, O> work) {
    return many(coder, (logic, element, out) -> out.accept(work.apply(logic, element)));
  }

  /** A step with any number of outputs for each input. */
  public <I, O extends Serializable> PTransform<PCollection<I>, PCollection<O>> many(
      Class<O> type, StepFn.Expansion<L, I, O> work) {
    return many(coder(type), work);
  }

  /** Like {@link #many(Class, StepFn.Expansion)}, for outputs with a coder of their own. */
  public <I, O> PTransform<PCollection<I>, PCollection<O>> many(
      Coder<O> coder, StepFn.Expansion<L, I, O> work) {
    ParDo.SingleOutput<I, O> step =
        ParDo.of(new StepFn<>(spec, stage, factory, work)).withSideInputs(views);
    return PTransform.compose(elements -> elements.apply(step).setCoder(coder));
  }

  @SuppressWarnings("unchecked") // a String has Beam's own coder
  private static <O extends Serializable> Coder<O> coder(Class<O> type) {
    return type == String.class ? (Coder<O>) StringUtf8Coder.of() : SerializableCoder.of(type);
  }
}

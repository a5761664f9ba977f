package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.ReadPlan;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.step.Steps;

/**
 * Chooses the documents to train on. With {@code tokenizer.train.maxBytes} the corpus is read once
 * more to measure the text of each hash bucket, since sizes of compressed files do not show it.
 * {@link DocumentChoice#within} decides which buckets fit.
 */
public final class ChooseTrainingDocuments {
  private ChooseTrainingDocuments() {}

  /**
   * The choice for all workers: {@link DocumentChoice#ALL} unless the job limits the text.
   *
   * @param plan location of the units to count
   */
  public static Broadcast<DocumentChoice> toWorkers(
      Pipeline pipeline, RunSpec spec, String plan, Broadcast<DuplicateList> duplicates) {
    Long maxBytes = spec.job().requireTraining().maxBytes();
    return maxBytes == null
        ? Broadcast.of(DocumentChoice.ALL)
        : Broadcast.one(
            "ChoiceToWorkers",
            pipeline.apply(
                "ChooseTrainingDocuments",
                PTransform.compose(begin -> choose(begin, spec, plan, maxBytes, duplicates))));
  }

  /** The one choice within {@code maxBytes}, as a collection. */
  private static PCollection<DocumentChoice> choose(
      PBegin begin, RunSpec spec, String plan, long maxBytes, Broadcast<DuplicateList> duplicates) {
    return begin
        .apply("Impulse", Impulse.create())
        .apply("PlanUnits", ReadPlan.of(spec, plan))
        .apply(
            "MeasureUnit",
            Steps.of(spec, Stage.CHOOSE, duplicates, UnitMeasure::new)
                .one(ListCoder.of(VarLongCoder.of()), UnitMeasure::measure))
        .apply("SumBuckets", Combine.globally(ChooseTrainingDocuments::sum))
        .apply(
            "ChooseBuckets",
            MapElements.into(TypeDescriptor.of(DocumentChoice.class))
                .via(sums -> DocumentChoice.within(maxBytes, toArray(sums))))
        .setCoder(SerializableCoder.of(DocumentChoice.class));
  }

  private static long[] toArray(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /** The sums of the measures of units, by bucket. */
  private static List<Long> sum(Iterable<List<Long>> measures) {
    long[] sums = new long[DocumentChoice.BUCKETS];
    for (List<Long> measure : measures) {
      for (int bucket = 0; bucket < measure.size(); bucket++) {
        sums[bucket] = Math.addExact(sums[bucket], measure.get(bucket));
      }
    }
    return LongStream.of(sums).boxed().toList();
  }

  /** Measures the text of a unit. */
  private record UnitMeasure(RunSpec spec, DuplicateList duplicates, UnitReader reader) {
    UnitMeasure(RunSpec spec, DuplicateList duplicates) {
      this(spec, duplicates, StepComponents.trainingReader(spec));
    }

    /** Measures the text bytes of the unit's documents for training, by bucket. */
    List<Long> measure(WorkUnit unit) throws IOException {
      DocumentSelection selection = new DocumentSelection(spec, unit, duplicates);
      BucketSums measured =
          reader.readOnce(
              () -> {
                BucketSums sums = new BucketSums();
                reader.readAgain(unit, selection.before(sums));
                return sums;
              });
      StageMeter meter = RunProgress.meter(spec.paths(), Stage.CHOOSE);
      meter.addBytes(unit.bytes());
      meter.unitDone(String.valueOf(unit.number()));
      return LongStream.of(measured.bytes).boxed().toList();
    }
  }

  /** Sums the text of documents for training. */
  private static final class BucketSums implements DocumentHandler {
    /** The sums, by bucket. */
    final long[] bytes = new long[DocumentChoice.BUCKETS];

    @Override
    public void document(Document document) {
      if (document.selection == Selection.TRAINING && document.weight > 0) {
        bytes[DocumentChoice.bucket(document)] += document.length();
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {} // the counting pass reports it
  }
}

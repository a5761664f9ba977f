package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.Selection;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.PlanUnits;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/**
 * Chooses the documents to train on. With {@code tokenizer.train.maxBytes} the corpus is read once
 * before, to measure how much text each hash bucket holds: sizes of compressed files tell nothing.
 */
public final class ChooseTrainingDocuments extends PTransform<PBegin, PCollection<DocumentChoice>> {
  private final RunSpec spec;
  private final String plan;
  private final long maxBytes;
  private final Broadcast<DuplicateList> duplicates;

  private ChooseTrainingDocuments(
      RunSpec spec, String plan, long maxBytes, Broadcast<DuplicateList> duplicates) {
    this.spec = spec;
    this.plan = plan;
    this.maxBytes = maxBytes;
    this.duplicates = duplicates;
  }

  /**
   * The choice that the job's {@code tokenizer.train.maxBytes} makes, to every worker.
   *
   * @param plan location of the plan file
   */
  public static Broadcast<DocumentChoice> toWorkers(
      Pipeline pipeline, RunSpec spec, String plan, Broadcast<DuplicateList> duplicates) {
    Long maxBytes = JobComponents.train(spec.job()).maxBytes();
    return maxBytes == null
        ? Broadcast.of(DocumentChoice.ALL)
        : Broadcast.one(
            "ChoiceToWorkers",
            pipeline.apply(
                "ChooseTrainingDocuments",
                new ChooseTrainingDocuments(spec, plan, maxBytes, duplicates)));
  }

  @Override
  public PCollection<DocumentChoice> expand(PBegin begin) {
    long limit = maxBytes;
    return begin
        .apply("Impulse", Impulse.create())
        .apply("PlanUnits", new PlanUnits<>(spec.files(), plan))
        .apply(
            "MeasureUnit",
            ParDo.of(new MeasureFn(spec, duplicates)).withSideInputs(Broadcast.views(duplicates)))
        .setCoder(ListCoder.of(VarLongCoder.of()))
        .apply("SumBuckets", Combine.globally(ChooseTrainingDocuments::sum))
        .apply(
            "ChooseBuckets",
            MapElements.into(TypeDescriptor.of(DocumentChoice.class))
                .via(
                    bytesByBucket ->
                        DocumentChoice.within(
                            limit, bytesByBucket.stream().mapToLong(Long::longValue).toArray())))
        .setCoder(SerializableCoder.of(DocumentChoice.class));
  }

  private static List<Long> sum(Iterable<List<Long>> measures) {
    long[] sums = new long[DocumentChoice.BUCKETS];
    for (List<Long> measure : measures) {
      int bucket = 0;
      for (long bytes : measure) {
        sums[bucket] = Math.addExact(sums[bucket], bytes);
        bucket++;
      }
    }
    return LongStream.of(sums).boxed().toList();
  }

  private static final class MeasureFn extends RunFn<WorkUnit, List<Long>> {
    private final Broadcast<DuplicateList> duplicates;
    private transient @Nullable UnitReader reader;

    MeasureFn(RunSpec spec, Broadcast<DuplicateList> duplicates) {
      super(spec);
      this.duplicates = duplicates;
    }

    @ProcessElement
    public void measure(
        @Element WorkUnit unit, OutputReceiver<List<Long>> out, ProcessContext context)
        throws IOException {
      try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.CHOOSE).begin()) {
        out.output(measure(new DocumentSelection(spec, unit, duplicates.get(context)), unit));
        busy.meter().add(0, unit.bytes(), 0);
        busy.meter().unitDone();
      }
    }

    private List<Long> measure(DocumentSelection selection, WorkUnit unit) throws IOException {
      if (reader == null) {
        reader = JobComponents.trainingReader(spec);
      }
      UnitReader unitReader = Objects.requireNonNull(reader);
      BucketMeasure measure =
          unitReader.readOnce(
              () -> {
                BucketMeasure sums = new BucketMeasure();
                unitReader.read(unit, selection.before(sums));
                return sums;
              });
      return LongStream.of(measure.bytes).boxed().toList();
    }
  }

  private static final class BucketMeasure implements DocumentHandler {
    final long[] bytes = new long[DocumentChoice.BUCKETS];

    @Override
    public void document(Document document) {
      if (document.selection == Selection.TRAINING && document.weight > 0) {
        bytes[DocumentChoice.bucket(document)] += document.length();
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {}
  }
}

package org.merganser.pipeline.learn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.learn.IdDocuments;
import org.merganser.learn.MergedTables;
import org.merganser.learn.ngram.CrossEntropy;
import org.merganser.learn.ngram.LearnedNgrams;
import org.merganser.learn.ngram.NgramFigures;
import org.merganser.learn.ngram.NgramFiles;
import org.merganser.learn.ngram.NgramLearner;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.learn.ngram.PackedNgrams;
import org.merganser.learn.ngram.TrainingEntropy;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Estimates the n-gram model from merged tables and publishes it; its receipt comes last. */
final class NgramPublication {
  private static final String STAGE = "ngrams";

  /** The version of the files that are made of the counts; another one makes them anew. */
  private static final int VERSION = 2;

  private final RunSpec spec;
  private final FileRef ref;
  private final NgramShape shape;
  private final List<ShardSet> heldOut;

  /**
   * @param heldOut shards whose documents are kept from training, by unit
   */
  NgramPublication(RunSpec spec, FileRef ref, List<ShardSet> heldOut) {
    this.spec = spec;
    this.ref = ref;
    this.heldOut = heldOut;
    this.shape = shape(spec, ref);
  }

  /** The shape of the run's model. */
  static NgramShape shape(RunSpec spec, FileRef ref) {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    return new NgramShape(
        learn(spec).ngrams(),
        tokenizer.idBound(),
        JobComponents.endOfDocument(spec.job(), tokenizer));
  }

  /**
   * Returns the location of the receipt.
   *
   * @param merged locations of the merged tables, sorted
   */
  String publish(List<String> merged) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.LEARN_NGRAMS);
    Job.Learn learn = learn(spec);
    String fingerprint =
        Fingerprint.of(
            STAGE,
            VERSION,
            ref.sha256(),
            shape,
            learn.minCounts(),
            learn.maxNgrams(),
            TupleTables.sums(merged),
            heldOut.stream().map(ShardSet::sums).toList());
    if (Receipts.find(spec.layout(), fingerprint, OutputLayout.AFTER_ALL_UNITS) == null) {
      LearnedNgrams learned =
          NgramLearner.learn(
              shape,
              learn.minCounts(),
              learn.maxNgrams(),
              TupleTables.merged(shape.order(), merged),
              new StageProgress(meter, heldOut.size()));
      List<WrittenFile> files = write(learned, TupleTables.merged(shape.order(), merged));
      Receipts.publish(
          spec.layout(), OutputLayout.AFTER_ALL_UNITS, STAGE, fingerprint, files, null);
      meter.add(0, 0, learned.model().size());
    }
    meter.unitDone();
    return spec.layout().at(UnitReceipt.path(fingerprint, OutputLayout.AFTER_ALL_UNITS));
  }

  private List<WrittenFile> write(LearnedNgrams learned, MergedTables counted) throws IOException {
    OutputLayout layout = spec.layout();
    List<WrittenFile> files = new ArrayList<>();
    for (int order = 1; order <= shape.order(); order++) {
      String path = layout.ngrams(order);
      String location = layout.at(path);
      try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
        NgramFiles.write(draft.file(), order, learned, ref.sha256());
        files.add(WrittenFile.of(draft.file(), path, 0, 0));
        draft.publish();
      }
    }
    PackedNgrams.Packed packed = PackedNgrams.of(learned);
    files.add(Receipts.publish(layout, layout.packedNgrams(), packed.bytes(), 0));
    byte[] json = figures(learned, packed, counted).toJson();
    files.add(Receipts.publish(layout, layout.ngramFigures(), json, 0));
    return files;
  }

  private NgramFigures figures(
      LearnedNgrams learned, PackedNgrams.Packed packed, MergedTables counted) throws IOException {
    NgramModel small =
        packed.isPruned()
            ? PackedNgrams.read(packed.bytes(), spec.layout().packedNgrams())
            : learned.model();
    CrossEntropy whole = entropy(learned.model());
    CrossEntropy less = entropy(small);
    for (ShardSet set : heldOut) {
      IdDocuments.read(TupleTables.local(set.locations()), whole);
      if (packed.isPruned()) {
        IdDocuments.read(TupleTables.local(set.locations()), less);
      }
      StageMeter.of(spec.layout(), Stage.LEARN_NGRAMS).stepsDone(1);
    }
    NgramFigures.@Nullable Validation validation = whole.figures();
    NgramFigures.@Nullable Validation packedValidation = less.figures();
    String measuredOn = null;
    Double bitsPerByte = null;
    double more = 0;
    if (validation != null && packedValidation != null) {
      measuredOn = "validation";
      bitsPerByte = packedValidation.bitsPerByte();
      more = bitsPerByte - validation.bitsPerByte();
    } else if (packed.isPruned()) {
      long bytes = trainingBytes(learned);
      measuredOn = "training";
      bitsPerByte = TrainingEntropy.bits(small, counted) / bytes;
      more = bitsPerByte - TrainingEntropy.bits(learned.model(), counted) / bytes;
    }
    return NgramFigures.of(
        learned,
        ref.sha256(),
        validation,
        new NgramFigures.Packed(
            packed.bytes().length, packed.ngrams(), measuredOn, bitsPerByte, more));
  }

  /** Bytes of the text that the model was learned from. */
  private long trainingBytes(LearnedNgrams learned) {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    long bytes = 0;
    for (int id = 0; id < shape.idBound(); id++) {
      if (id != shape.endOfDocument() && learned.unigramCounts()[id] > 0) {
        bytes += learned.unigramCounts()[id] * tokenizer.bytes(id).length;
      }
    }
    return bytes;
  }

  private CrossEntropy entropy(NgramModel model) {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    IdBuffer text = new IdBuffer(1024);
    return new CrossEntropy(
        model,
        (ids, count) -> {
          text.clear();
          System.arraycopy(ids, 0, text.ensure(count), text.size(), count);
          text.setSize(count);
          return tokenizer.decode(text, false).length;
        });
  }

  private static Job.Learn learn(RunSpec spec) {
    return Objects.requireNonNull(spec.job().learn(), "a run that learns from ids says what");
  }
}

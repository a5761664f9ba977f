package org.merganser.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.job.Job;
import org.merganser.learn.CrossEntropy;
import org.merganser.learn.IdDocuments;
import org.merganser.learn.LearnedNgrams;
import org.merganser.learn.NgramFigures;
import org.merganser.learn.NgramFiles;
import org.merganser.learn.NgramLearner;
import org.merganser.learn.NgramModel;
import org.merganser.learn.NgramShape;
import org.merganser.learn.PackedTuples;
import org.merganser.shard.Sha256;
import org.merganser.shard.UnitReceipt;
import org.merganser.shard.WrittenFile;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Estimates the n-gram model from merged tables and publishes it; its receipt comes last. */
final class NgramPublication {
  private static final String STAGE = "ngrams";

  private final RunSpec spec;
  private final TokenizerRef ref;
  private final NgramShape shape;

  NgramPublication(RunSpec spec, TokenizerRef ref) {
    this.spec = spec;
    this.ref = ref;
    this.shape = NgramTables.shape(spec.job(), WorkerTokenizers.get(ref));
  }

  /**
   * Returns the location of the receipt.
   *
   * @param merged locations of the merged tables, sorted
   * @param validation sets with documents that are kept from training, in any order
   */
  String publish(List<String> merged, List<ShardSet> validation) throws IOException {
    StageMeter meter = StageMeter.of(Stage.LEARN_NGRAMS);
    meter.begin();
    Job.Learn learn = CoreParts.learn(spec.job());
    List<ShardSet> heldOut = new ArrayList<>();
    validation.forEach(set -> heldOut.add(set.validation()));
    heldOut.sort(Comparator.comparingInt(ShardSet::unit));
    List<String> sums = new ArrayList<>();
    for (String location : merged) {
      sums.add(Receipts.sha256(location));
    }
    String fingerprint =
        Fingerprint.of(
            STAGE,
            ref.sha256(),
            shape,
            learn.minCounts(),
            learn.maxNgrams(),
            sums,
            heldOut.stream().map(ShardSet::sums).toList());
    UnitReceipt receipt = Receipts.find(spec.layout(), fingerprint, RowsJoiner.AFTER_ALL_UNITS);
    if (receipt == null) {
      LearnedNgrams learned =
          NgramLearner.learn(
              shape, learn.minCounts(), learn.maxNgrams(), visitor -> forEach(merged, visitor));
      receipt =
          new UnitReceipt(
              RowsJoiner.AFTER_ALL_UNITS,
              STAGE,
              fingerprint,
              write(learned, validate(learned.model(), heldOut)),
              List.of(),
              new TreeMap<>(),
              null);
      Receipts.publish(spec.layout(), receipt);
      meter.add(0, 0, learned.model().size());
    }
    meter.unitDone();
    return spec.layout().at(UnitReceipt.path(fingerprint, RowsJoiner.AFTER_ALL_UNITS));
  }

  private void forEach(List<String> merged, Consumer<Consumer<PackedTuples.Visitor>> visitor) {
    for (String location : merged) {
      byte[] block;
      try {
        block = CompressedBlocks.decompress(FileStore.of(location).readAll(location));
      } catch (IOException e) {
        throw new UncheckedIOException(location + ": the merged counts cannot be read", e);
      }
      visitor.accept(tuples -> PackedTuples.forEach(shape.order(), block, tuples));
    }
  }

  private List<WrittenFile> write(
      LearnedNgrams learned, NgramFigures.@Nullable Validation validation) throws IOException {
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
    byte[] json = NgramFigures.of(learned, ref.sha256(), validation).toJson();
    String location = layout.at(layout.ngramFigures());
    FileStore.of(location).publish(location, out -> out.write(json));
    files.add(new WrittenFile(layout.ngramFigures(), json.length, Sha256.of(json), 0, 0));
    return files;
  }

  /** How well the model predicts the documents that are kept from training; null without any. */
  private NgramFigures.@Nullable Validation validate(NgramModel model, List<ShardSet> heldOut)
      throws IOException {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    IdBuffer text = new IdBuffer(1024);
    CrossEntropy entropy =
        new CrossEntropy(
            model,
            (ids, count) -> {
              text.clear();
              System.arraycopy(ids, 0, text.ensure(count), text.size(), count);
              text.setSize(count);
              return tokenizer.decode(text, false).length;
            });
    for (ShardSet set : heldOut) {
      IdDocuments.read(NgramTables.local(set.locations()), entropy);
    }
    return entropy.figures();
  }
}

package org.merganser.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.merganser.bpe.BpeTrainer;
import org.merganser.bpe.PackedCounts;
import org.merganser.bpe.PretokenCounts;
import org.merganser.bpe.TrainedBpe;
import org.merganser.job.Job;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerBuilder;

/** Learns a tokenizer from merged counts and publishes its folder; its receipt comes last. */
final class TokenizerLearner {
  private final RunSpec spec;
  private final StageMeter meter = StageMeter.of(Stage.LEARN);

  TokenizerLearner(RunSpec spec) {
    this.spec = spec;
  }

  /**
   * @param mergedCounts locations of compressed tables of disjoint pretokens
   */
  TokenizerRef learn(List<String> mergedCounts) throws IOException {
    meter.begin();
    Job.Train train = CoreParts.train(spec.job());
    TrainingFrame frame = TrainingFrame.of(train);
    int[] reported = {0};
    TrainedBpe trained =
        new BpeTrainer(frame.settings())
            .train(
                visitor -> mergedCounts.forEach(location -> visit(location, visitor)),
                (learned, wanted) -> {
                  meter.add(0, 0, learned - reported[0]);
                  reported[0] = learned;
                });
    Tokenizer tokenizer =
        TokenizerBuilder.byteLevel(
            trained,
            frame.specialTokens(),
            frame.normalizer(),
            frame.preTokenizer(),
            frame.ignoreMerges());
    TokenizerRef ref =
        TokenizerPublication.publish(
            tokenizer,
            tokenizer.toJson(),
            spec.job().shards().endOfDocument(),
            spec.layout(),
            spec.tokenizerFingerprint());
    meter.unitDone();
    return ref;
  }

  private static void visit(String location, PretokenCounts.Visitor visitor) {
    try {
      byte[] compressed = FileStore.of(location).readAll(location);
      PackedCounts.forEach(CompressedBlocks.decompress(compressed), visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(location + ": the merged counts cannot be read", e);
    }
  }
}

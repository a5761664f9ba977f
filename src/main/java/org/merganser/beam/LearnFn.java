package org.merganser.beam;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.pipeline.train.TrainingMemory;
import org.merganser.store.FileStore;

/** Learns a tokenizer from the packed tables of all partitions and publishes its tokenizer.json. */
final class LearnFn extends DoFn<KV<Integer, Iterable<byte[]>>, String> {
  private final TrainSection train;
  private final String location;

  LearnFn(TrainSection train, String location) {
    this.train = train;
    this.location = location;
  }

  @ProcessElement
  public void learn(@Element KV<Integer, Iterable<byte[]>> all, OutputReceiver<String> out) {
    TrainingSettings settings = TrainingSettings.of(train);
    Iterable<byte[]> tables = all.getValue();
    requireRoom(tables);
    TrainedBpe trained =
        new BpeTrainer(settings.settings())
            .train(
                visitor -> forEachKept(tables, visitor),
                new TrainingBound(train.minPretokenCount(), Long.MAX_VALUE, Long.MAX_VALUE),
                (learned, wanted) -> {})
            .trained();
    byte[] json = settings.tokenizer(trained, train).toJson();
    try {
      FileStore.of(location).publish(location, file -> file.write(json));
    } catch (IOException e) {
      throw new UncheckedIOException(location + ": the tokenizer cannot be written", e);
    }
    out.output(location);
  }

  private static void forEachKept(Iterable<byte[]> tables, PretokenCounts.Visitor visitor) {
    for (byte[] table : tables) {
      PackedCounts.forEach(table, visitor);
    }
  }

  /**
   * Asked before anything is learned. A run would leave out the rarest pretokens and say so in its
   * output; here the result would depend on the heap and nothing would say it.
   */
  private void requireRoom(Iterable<byte[]> tables) {
    long[] kept = new long[2];
    for (byte[] table : tables) {
      PackedCounts.forEach(
          table,
          (bytes, from, to, count) -> {
            if (count >= train.minPretokenCount()) {
              kept[0]++;
              kept[1] += to - from;
            }
          });
    }
    long needed = TrainingBound.estimateBytes(kept[0], kept[1], train.vocabSize());
    long most = TrainingMemory.bound(train).maxBytes();
    if (needed > most) {
      throw new RunException(
          ("TrainTokenizer of %s: %s distinct pretokens need about %s bytes of heap, and this worker"
                  + " has %s. Give the workers more, or leave rare pretokens out with"
                  + " withMinPretokenCount (now %s)")
              .formatted(location, kept[0], needed, most, train.minPretokenCount()));
    }
  }
}

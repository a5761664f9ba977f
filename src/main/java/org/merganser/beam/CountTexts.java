package org.merganser.beam;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * Counts the pretokens of texts in the global window: gives one packed table for each hash
 * partition that is not empty, so that each pretoken is in one of them, once.
 */
final class CountTexts extends PTransform<PCollection<String>, PCollection<byte[]>> {
  /** As many as a run has for up to 256 GiB of text. */
  private static final int PARTITIONS = 32;

  /** The most bytes of the table that is counted into, and of the blocks that wait to be merged. */
  private static final long MOST_BYTES = 1L << 26;

  private final TrainSection train;

  CountTexts(TrainSection train) {
    this.train = train;
  }

  @Override
  public PCollection<byte[]> expand(PCollection<String> texts) {
    return texts
        .apply("CountBundle", ParDo.of(new CountFn(train)))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()))
        .apply("GroupByPartition", GroupByKey.create())
        .apply("MergePartition", ParDo.of(new MergeFn()))
        .setCoder(ByteArrayCoder.of());
  }

  private static final class CountFn extends DoFn<String, KV<Integer, byte[]>> {
    private final TrainSection train;
    private final Counter texts = Metrics.counter(TrainTokenizer.class, "texts");
    private final Counter bytes = Metrics.counter(TrainTokenizer.class, "bytes");
    private transient @Nullable TrainingPretokenizer pretokenizer;
    private transient PretokenCounts counts = new PretokenCounts();
    private transient ByteBuilder utf8 = new ByteBuilder(0);

    CountFn(TrainSection train) {
      this.train = train;
    }

    @StartBundle
    public void begin() {
      counts = new PretokenCounts();
      utf8 = new ByteBuilder(1 << 12);
      if (pretokenizer == null) {
        TrainingSettings settings = TrainingSettings.of(train);
        pretokenizer =
            new TrainingPretokenizer(
                settings.normalizer(), settings.preTokenizer(), settings.addedTokens());
      }
    }

    @ProcessElement
    public void count(@Element String text, OutputReceiver<KV<Integer, byte[]>> out) {
      utf8.clear();
      char[] chars = text.toCharArray();
      utf8.appendUtf16(chars, 0, chars.length);
      if (pretokenizer != null && utf8.length() > 0) {
        pretokenizer.split(utf8.bytes(), 0, utf8.length(), counts::addAll);
      }
      texts.inc();
      bytes.inc(utf8.length());
      if (counts.memoryBytes() > MOST_BYTES) {
        pack(out::output);
      }
    }

    @FinishBundle
    public void end(FinishBundleContext context) {
      pack(
          block ->
              context.output(block, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE));
    }

    private void pack(Consumer<KV<Integer, byte[]>> out) {
      byte[][] blocks = counts.pack(PARTITIONS);
      counts = new PretokenCounts();
      for (int partition = 0; partition < blocks.length; partition++) {
        if (blocks[partition].length > 0) {
          out.accept(KV.of(partition, blocks[partition]));
        }
      }
    }
  }

  /**
   * Merges the blocks of a partition; holds at most what is merged, three times, and 64 MB. Each
   * byte is merged again a few times at most, since what waits must have grown to twice its size.
   */
  private static final class MergeFn extends DoFn<KV<Integer, Iterable<byte[]>>, byte[]> {
    @ProcessElement
    public void merge(
        @Element KV<Integer, Iterable<byte[]>> partition, OutputReceiver<byte[]> out) {
      List<byte[]> blocks = new ArrayList<>();
      long bytes = 0;
      long most = MOST_BYTES;
      for (byte[] block : partition.getValue()) {
        blocks.add(block);
        bytes += block.length;
        if (bytes > most) {
          byte[] merged = PackedCounts.merge(blocks);
          blocks.clear();
          blocks.add(merged);
          bytes = merged.length;
          most = Math.max(MOST_BYTES, 2L * merged.length);
        }
      }
      out.output(PackedCounts.merge(blocks));
    }
  }
}

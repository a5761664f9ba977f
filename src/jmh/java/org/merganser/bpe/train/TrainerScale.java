package org.merganser.bpe.train;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.merganser.bpe.count.PackedCounts;

/**
 * Measures time and memory of learning merges, from counts alone: from {@link ZipfPretokens}, or
 * from files of {@link PackedCounts}. The figure to trust for memory is the smallest {@code -Xmx}
 * with which it ends; bytes are those of the arrays at their largest.
 *
 * <p>A fourth argument is the minimum count: rarer pretokens are left out.
 *
 * <p>{@code java -Xmx1g -cp target/test-classes:target/classes org.merganser.bpe.train.TrainerScale
 * 5000000 128000 3} learns 128,000 ids from 5 million pretokens three times.
 */
final class TrainerScale {
  private TrainerScale() {}

  public static void main(String[] args) throws IOException {
    int vocabSize = Integer.parseInt(args[1]);
    int times = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    BpeTrainer.CountSource source = source(args[0]);
    TrainerSettings settings =
        new TrainerSettings(
            vocabSize,
            2,
            List.of("<|endoftext|>"),
            TrainerSettings.Alphabet.BYTES,
            List.of(),
            null,
            null);
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    long[] distinct = {0};
    source.forEach((bytes, from, to, count) -> distinct[0]++);
    for (int i = 0; i < times; i++) {
      BpeTrainer trainer = new BpeTrainer(settings);
      long start = cpu.getCurrentThreadCpuTime();
      TrainedBpe trained;
      if (args.length > 3) {
        TrainingBound bound = new TrainingBound(Long.parseLong(args[3]), Long.MAX_VALUE);
        TrainingResult result = trainer.train(source, bound, learned -> {});
        System.out.println(result.kept());
        trained = result.trained();
      } else {
        trained = trainer.train(source, TrainingBound.NONE, learned -> {}).trained();
      }
      double seconds = (cpu.getCurrentThreadCpuTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%d distinct pretokens, %d merges: %.3f CPU s%n",
          distinct[0],
          trained.mergeCount(),
          seconds);
    }
  }

  private static BpeTrainer.CountSource source(String what) throws IOException {
    if (what.matches("\\d+")) {
      int distinct = Integer.parseInt(what);
      return new ZipfPretokens(distinct, 20L * distinct);
    }
    List<byte[]> blocks = new ArrayList<>();
    for (String file : what.split(",")) {
      blocks.add(Files.readAllBytes(Path.of(file)));
    }
    return visitor ->
        blocks.forEach(block -> PackedCounts.forEachCombined(List.of(block), visitor));
  }
}

package org.merganser.bpe.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.merganser.text.unicode.ByteAlphabet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures learning merges alone: 32,000 ids from 370,000 synthetic pretokens. Before that, the
 * merges of a small corpus are compared with those of a transcription of HF's queue.
 *
 * <p>{@code java -cp target/test-classes:target/classes:$CP org.openjdk.jmh.Main LearnBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class LearnBenchmark {
  private final ZipfPretokens source = new ZipfPretokens(370_000, 7_400_000);

  private static TrainerSettings settings(int vocabSize) {
    return new TrainerSettings(
        vocabSize,
        2,
        List.of("<|endoftext|>"),
        TrainerSettings.Alphabet.BYTES,
        List.of(),
        null,
        null);
  }

  @Setup
  public void proveEqual() {
    ZipfPretokens small = new ZipfPretokens(3_000, 60_000);
    Map<String, Long> corpus = new LinkedHashMap<>();
    small.forEach((b, from, to, count) -> corpus.put(ByteAlphabet.toToken(b, from, to), count));
    TrainedBpe expected = new HfQueueTrainer(settings(1_500)).train(corpus);
    TrainedBpe actual =
        new BpeTrainer(settings(1_500)).train(small, TrainingBound.NONE, learned -> {}).trained();
    if (!Arrays.equals(expected.merges(), actual.merges())) {
      throw new IllegalStateException("BpeTrainer differs from its slow twin");
    }
  }

  @Benchmark
  public TrainedBpe learn() {
    return new BpeTrainer(settings(32_000))
        .train(source, TrainingBound.NONE, learned -> {})
        .trained();
  }
}

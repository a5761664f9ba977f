package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.merganser.SharedData;
import org.merganser.bpe.IdBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures decoding about a million bytes of text from ids: MB/s (1 op = 1 byte, so ops/us are
 * MB/s).
 *
 * <p>Needs the conformance data. {@code java -cp target/test-classes:target/classes:$CP
 * org.openjdk.jmh.Main DecodeBenchmark -p tokenizer=gpt2}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
  private static final int BYTES = 1_000_000;
  private static final String TEXT =
      "The quick brown fox doesn't jump. Съешь ещё этих булок. 我能吞下玻璃。\n    return i < 10;\n";

  @Param({"gpt2", "qwen2_5_derived"})
  String tokenizer;

  private final IdBuffer ids = new IdBuffer(BYTES);
  private Tokenizer decoder;

  /** Encodes the text, and proves that decoding returns it. */
  @Setup
  public void encode() {
    decoder =
        Tokenizer.read(
            SharedData.dir().resolve("tokenizers").resolve(tokenizer).resolve("tokenizer.json"));
    byte[] once = TEXT.getBytes(StandardCharsets.UTF_8);
    byte[] text = new byte[BYTES];
    Arrays.fill(text, (byte) ' ');
    for (int at = 0; at + once.length <= BYTES; at += once.length) {
      System.arraycopy(once, 0, text, at, once.length);
    }
    decoder.newEncoder(SpecialText.TEXT).encode(text, 0, text.length, ids);
    if (!Arrays.equals(decoder.decode(ids, false), text)) {
      throw new IllegalStateException("decoding does not give the text back");
    }
  }

  @Benchmark
  @OperationsPerInvocation(BYTES)
  public byte[] decode() {
    return decoder.decode(ids, false);
  }
}

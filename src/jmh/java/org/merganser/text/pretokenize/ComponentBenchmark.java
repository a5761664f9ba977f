package org.merganser.text.pretokenize;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the general regex path on the qwen2 pattern, beside {@code java.util.regex} on the same
 * text as a String, and NFC over text that is normal already. Isolates one component: no ids, no
 * files. Passes a second over 1,000,000 bytes, so the score is MB/s.
 *
 * <p>Run: {@code mvn -q test-compile}, then {@code java -cp
 * target/classes:target/test-classes:DEPENDENCIES org.openjdk.jmh.Main ComponentBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 2, time = 2)
@Fork(1)
public class ComponentBenchmark {
  private static final int BYTES = 1_000_000;

  @Param({"english", "mixed"})
  public String kind = "";

  private byte[] text = new byte[0];
  private String string = "";
  private PreTokenizer general = new WholePreTokenizer();
  private PreTokenizer scanner = new WholePreTokenizer();
  private Pattern javaPattern = Pattern.compile("");
  private final Normalizer nfc = new NormalizerSpec.Nfc().build();
  private final ByteBuilder out = new ByteBuilder(16);

  @Setup
  public void prepare() {
    String[] words =
        kind.equals("english")
            ? "the of and to in is that it was for, on. are with they've be at one\n have"
                .split(" ")
            : "the и в 中文字 ไทย भाषा 한국어 été (x) 1984; don't\n العربية λόγος".split(" ");
    Random random = new Random(7);
    StringBuilder builder = new StringBuilder();
    while (builder.length() < BYTES) {
      builder.append(words[random.nextInt(words.length)]).append(' ');
    }
    byte[] all = builder.toString().getBytes(StandardCharsets.UTF_8);
    int end = BYTES;
    while ((all[end] & 0xC0) == 0x80) {
      end--;
    }
    text = java.util.Arrays.copyOf(all, end);
    string = new String(text, StandardCharsets.UTF_8);
    String regex = SplitPattern.QWEN2.regex();
    general =
        PreTokenizerFactory.split(
            new PreTokenizerSpec.Split(
                new TextPattern.Regex(regex), PreTokenizerSpec.Behavior.ISOLATED, false));
    scanner = new ScannerPreTokenizer(SplitPattern.QWEN2.scanner());
    javaPattern = Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
    if (general() != scanner() || general() != javaRegex() || nfc()) {
      throw new IllegalStateException("the three don't cut alike, or the text isn't normal");
    }
  }

  @Benchmark
  public int general() {
    return count(general);
  }

  @Benchmark
  public int scanner() {
    return count(scanner);
  }

  @Benchmark
  public int javaRegex() {
    int count = 0;
    for (Matcher matcher = javaPattern.matcher(string); matcher.find(); ) {
      count++;
    }
    return count;
  }

  @Benchmark
  public boolean nfc() {
    return nfc.normalize(text, 0, text.length, out);
  }

  private int count(PreTokenizer preTokenizer) {
    int[] total = {0};
    preTokenizer.split(text, 0, text.length, true, (t, start, ends, count) -> total[0] += count);
    return total[0];
  }
}

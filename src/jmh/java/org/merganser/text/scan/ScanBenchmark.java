package org.merganser.text.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * Measures finding pretoken boundaries alone, without looking at the pretokens: MB/s (1 op = 1
 * byte, so ops/us are MB/s) by pattern and kind of text, 1 MiB of it, scanned 4,096 ends at a time.
 *
 * <p>The text comes from the corpus in {@code -Dmerganser.shared} or {@code ../shared}, else from a
 * few sentences repeated. In setup the ends are checked against those of {@link PretokenMatcher},
 * the character-at-a-time twin.
 *
 * <p>Run, after {@code mvn test-compile} and with the test class path in CP: {@code java -cp
 * target/classes:target/test-classes:$CP org.openjdk.jmh.Main ScanBenchmark -p pattern=QWEN2 -p
 * kind=english,code,russian,chinese -prof gc}. {@code gc.alloc.rate.norm} stays at 0.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ScanBenchmark {
  private static final int SIZE = 1 << 20;

  private static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("english", "en-novels-eltec"),
          Map.entry("code", "code-java"),
          Map.entry("german", "de-novels-eltec"),
          Map.entry("french", "fr-novels-eltec"),
          Map.entry("russian", "ru-novels-eltec"),
          Map.entry("greek", "el-novels-eltec"),
          Map.entry("arabic", "ar-quran"),
          Map.entry("hindi", "hi-premchand-sevasadan"),
          Map.entry("thai", "th-constitutions"),
          Map.entry("chinese", "zh-tang-poetry"),
          Map.entry("japanese", "ja-aozora-soseki-akutagawa"),
          Map.entry("korean", "ko-nsmc-reviews"),
          Map.entry("mixed", "multi-tldr"));

  @Param({"GPT2", "CL100K", "QWEN2", "QWEN35", "O200K", "TEKKEN", "DEEPSEEK3"})
  SplitPattern pattern;

  @Param({"english", "code", "german", "russian", "hindi", "thai", "chinese", "japanese", "korean"})
  String kind;

  private byte[] text;
  private int[] ends;
  private PretokenScanner scanner;

  @Setup
  public void load() throws IOException {
    text = text(kind);
    ends = new int[4096];
    scanner = pattern.scanner();
    SplitPatternRules rules = SplitPattern.rules(pattern.regexes()).orElseThrow();
    PretokenMatcher twin = new PretokenMatcher(rules, PretokenClasses.table(rules));
    int at = 0;
    while (at < text.length) {
      int count = scanner.scan(text, at, at, text.length, ends);
      for (int i = 0; i < count; i++) {
        at = twin.end(text, at, text.length);
        if (ends[i] != at) {
          throw new IllegalStateException(
              pattern + " " + kind + ": scanner ends at " + ends[i] + ", matcher at " + at);
        }
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(SIZE)
  public int boundaries() {
    int total = 0;
    for (int at = 0; at < text.length; ) {
      int count = scanner.scan(text, at, at, text.length, ends);
      total += count;
      at = ends[count - 1];
    }
    return total;
  }

  /** Whole documents, one after the other, up to {@link #SIZE} bytes at a character's end. */
  public static byte[] text(String kind) throws IOException {
    Path file =
        Path.of(System.getProperty("merganser.shared", "../shared"), "corpus")
            .resolve(FILES.get(kind) + ".jsonl.zst");
    StringBuilder documents = new StringBuilder();
    if (Files.exists(file)) {
      try (InputStream in = new ZstdInputStream(Files.newInputStream(file));
          MappingIterator<JsonNode> lines =
              new ObjectMapper().readerFor(JsonNode.class).readValues(in)) {
        while (lines.hasNext() && documents.length() < SIZE) {
          documents.append(lines.next().get("text").asText()).append('\n');
        }
      }
    }
    while (documents.length() < SIZE) {
      documents.append(
          "The quick brown fox doesn't jump. Съешь ещё. 我能吞下玻璃。 for (i = 0; i < 10;)\n");
    }
    byte[] bytes = documents.toString().getBytes(StandardCharsets.UTF_8);
    byte[] text = Arrays.copyOf(bytes, SIZE);
    for (int end = SIZE; bytes[end] < (byte) 0xC0; end--) {
      text[end - 1] = ' ';
    }
    return text;
  }
}

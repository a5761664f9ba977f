package org.merganser.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.json.TokenizerReader;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.TokenMatcher;
import org.merganser.tokenizer.parts.TokenizerParts;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Measures the cost of searching for added tokens in a document without any: the search alone, and
 * encoding with 22 added tokens beside the same tokenizer without them. Ids are proved equal in the
 * setup.
 *
 * <p>Run: {@code mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp.txt &&
 * java -cp target/classes:target/test-classes:$(cat target/cp.txt) org.openjdk.jmh.Main
 * AddedTokenBenchmark -p tokenizer=PATH/tokenizer.json -p text=PATH/text.txt}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class AddedTokenBenchmark {
  @Param("../shared/vectors/hf-train/sample-docs-qwen2-8000.tokenizer.json")
  public String tokenizer;

  @Param("../shared/sample/sample.txt")
  public String text;

  private final IdBuffer ids = new IdBuffer(1 << 16);
  private byte[] document;
  private Encoder with;
  private Encoder without;
  private TokenMatcher matcher;

  /** Megabytes (10^6) a second. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Megabytes {
    public double megabytes;
  }

  @Setup
  public void prove() throws IOException {
    document = Files.readAllBytes(Path.of(text));
    TokenizerParts parts = TokenizerReader.read(Files.readAllBytes(Path.of(tokenizer)), "bench");
    List<AddedToken> tokens = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      tokens.add(AddedToken.special(i, "<|special_" + i + "|>"));
    }
    with = of(parts, tokens).newEncoder(SpecialText.PARSE);
    without = of(parts, List.of()).newEncoder(SpecialText.PARSE);
    matcher =
        new TokenMatcher(
            tokens.stream().map(t -> t.content().getBytes(StandardCharsets.UTF_8)).toList());
    if (!Arrays.equals(encode(with), encode(without))) {
      throw new IllegalStateException("the text holds added tokens");
    }
  }

  private static Tokenizer of(TokenizerParts parts, List<AddedToken> tokens) {
    return new Tokenizer(
        new TokenizerParts(
            FileVersion.V1,
            tokens,
            parts.normalizer(),
            parts.preTokenizer(),
            parts.model(),
            parts.postProcessor(),
            parts.decoder(),
            null,
            null,
            false,
            List.of()),
        "bench");
  }

  private int[] encode(Encoder encoder) {
    ids.clear();
    encoder.encode(document, 0, document.length, ids);
    return ids.toArray();
  }

  @Benchmark
  public long searchAlone(Megabytes counter) {
    counter.megabytes += document.length / 1e6;
    return matcher.find(document, 0, document.length);
  }

  @Benchmark
  public int encodeWithAddedTokens(Megabytes counter) {
    counter.megabytes += document.length / 1e6;
    ids.clear();
    with.encode(document, 0, document.length, ids);
    return ids.size();
  }

  @Benchmark
  public int encodeWithoutAddedTokens(Megabytes counter) {
    counter.megabytes += document.length / 1e6;
    ids.clear();
    without.encode(document, 0, document.length, ids);
    return ids.size();
  }
}

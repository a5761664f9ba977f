package org.merganser.bpe.encode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.merganser.SharedData;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.HfLibrary;
import org.merganser.text.scan.PretokenScanner;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Tokenizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures scanning and encoding of one million bytes of text in memory, by kind of text, in
 * microseconds: a score of 4000 is 250 MB/s. {@code warm}: the cache has seen up to 8 MB of other
 * text of that kind; {@code cold}: a new encoder; {@code encodeOnly}: warm, with the pretokens
 * found beforehand; {@code jtokkit}: the peer on the JVM, if it has the vocabulary. That the ids
 * are jtokkit's, or else those of HF's Rust library, is proved before anything is timed.
 *
 * <p>Needs the conformance data. Run, after {@code mvn test-compile}: {@code java -cp
 * target/test-classes:target/classes:$(mvn -q dependency:build-classpath
 * -Dmdep.outputFile=/dev/stdout) -Dmerganser.shared=../shared org.openjdk.jmh.Main EncodeBenchmark
 * -p tokenizer=gpt2 -p kind=english,code}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 40)
@Fork(1)
public class EncodeBenchmark {
  private static final int MEASURED = 1_000_000;
  private static final int MOST_BEFORE = 8_000_000;

  @Param({"gpt2", "qwen2_5_derived", "gptoss"})
  public String tokenizer = "";

  @Param({
    "english",
    "code",
    "mixed",
    "russian",
    "chinese",
    "japanese",
    "thai",
    "hindi",
    "arabic",
    "korean"
  })
  public String kind = "";

  private final int[] ends = new int[256];
  private final IdBuffer out = new IdBuffer(MEASURED);
  private byte[] before = {};
  private byte[] text = {};
  private String string = "";
  private int[] allEnds = {};
  private PretokenScanner scanner = SplitPattern.GPT2.scanner();
  private BpeModel model = BpeModel.builder().build(BpeModel.Options.NONE);
  private BpeEncoder encoder = model.newEncoder(true);
  private @Nullable Encoding jtokkit;

  @Setup
  public void prepare() throws IOException {
    Path json = SharedData.dir().resolve("tokenizers").resolve(tokenizer).resolve("tokenizer.json");
    model = Tokenizer.read(json).model();
    scanner =
        switch (tokenizer) {
          case "gpt2" -> SplitPattern.GPT2.scanner();
          case "gptoss" -> SplitPattern.O200K.scanner();
          default -> SplitPattern.QWEN2.scanner();
        };
    jtokkit =
        switch (tokenizer) {
          case "gpt2" -> Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
          case "gptoss" -> Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
          default -> null;
        };
    byte[] all = corpus(kind);
    int cut = Math.min(MOST_BEFORE, all.length - MEASURED);
    text = whole(Arrays.copyOfRange(all, cut, cut + MEASURED));
    before = whole(Arrays.copyOf(all, cut));
    string = new String(text, StandardCharsets.UTF_8);
    findEnds();
    freshEncoder();
    warm();
    int[] expected;
    if (jtokkit != null) {
      expected = jtokkit.encodeOrdinary(string).toArray();
    } else {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode file = (ObjectNode) mapper.readTree(json.toFile());
      try (HfLibrary hf = HfLibrary.open(mapper.writeValueAsBytes(file.putNull("normalizer")))) {
        expected = hf.encode(string, false).ids();
      }
    }
    if (!Arrays.equals(out.toArray(), expected)) {
      throw new IllegalStateException(
          "the ids differ from the peer's at place " + Arrays.mismatch(out.toArray(), expected));
    }
  }

  /** The text without the parts of characters that a cut has left at both ends. */
  private static byte[] whole(byte[] bytes) {
    int from = 0;
    while ((bytes[from] & 0xC0) == 0x80) {
      from++;
    }
    int to = bytes.length;
    while ((bytes[to - 1] & 0xC0) == 0x80) {
      to--;
    }
    return Arrays.copyOfRange(bytes, from, bytes[to - 1] < 0 ? to - 1 : bytes.length);
  }

  private void findEnds() {
    int[] found = new int[text.length];
    int count = 0;
    for (int at = 0; at < text.length; at = found[count - 1]) {
      int n = scanner.scan(text, at, at, text.length, ends);
      System.arraycopy(ends, 0, found, count, n);
      count += n;
    }
    allEnds = Arrays.copyOf(found, count);
  }

  /** The text of the files of a kind, in a fixed order, a newline between documents. */
  private static byte[] corpus(String kind) throws IOException {
    List<String> files =
        switch (kind) {
          case "english" -> List.of("en-novels-eltec");
          case "code" -> List.of("code-java", "code-python");
          case "mixed" -> List.of("multi-tldr");
          case "russian" -> List.of("ru-novels-eltec");
          case "chinese" -> List.of("zh-classics", "zh-libreoffice-help");
          case "japanese" -> List.of("ja-aozora-soseki-akutagawa");
          case "thai" -> List.of("th-constitutions");
          case "hindi" -> List.of("hi-classical", "hi-premchand-sevasadan");
          case "arabic" -> List.of("ar-quran");
          case "korean" -> List.of("ko-libreoffice-help", "ko-nsmc-reviews");
          default -> throw new IllegalArgumentException("no such kind of text: " + kind);
        };
    ObjectMapper json = new ObjectMapper();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (String file : files) {
      Path path = SharedData.dir().resolve("corpus").resolve(file + ".jsonl.zst");
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new ZstdInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          text.writeBytes(
              (json.readTree(line).get("text").asText() + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return text.toByteArray();
  }

  @Setup(Level.Iteration)
  public void freshEncoder() {
    encoder = model.newEncoder(true);
    encode(encoder, before);
  }

  private int encode(BpeEncoder with, byte[] bytes) {
    out.clear();
    for (int at = 0; at < bytes.length; ) {
      int n = scanner.scan(bytes, at, at, bytes.length, ends);
      with.encode(bytes, at, ends, n, out);
      at = ends[n - 1];
    }
    return out.size();
  }

  @Benchmark
  public int warm() {
    return encode(encoder, text);
  }

  @Benchmark
  public int cold() {
    return encode(model.newEncoder(true), text);
  }

  @Benchmark
  public int encodeOnly() {
    out.clear();
    encoder.encode(text, 0, allEnds, allEnds.length, out);
    return out.size();
  }

  @Benchmark
  public @Nullable IntArrayList jtokkit() {
    return jtokkit == null ? null : jtokkit.encodeOrdinary(string);
  }
}

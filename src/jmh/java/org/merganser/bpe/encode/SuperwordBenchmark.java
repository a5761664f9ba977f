package org.merganser.bpe.encode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
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
import org.merganser.SharedData;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.superword.SuperwordKeys;
import org.merganser.bpe.superword.SuperwordTrainer;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.text.HfLibrary;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.TokenizerBuilder;
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
 * Measures splitting and encoding of one million bytes of English by a vocabulary of 32,000 whose
 * tokens span words, in microseconds: a score of 10,000 is 100 MB/s. {@code warm}: the caches have
 * seen another eight million bytes; {@code splitOnly}: without encoding. {@code stages}: two, or
 * one, if a vocabulary is learned from sentences at once, so that its merges join words from the
 * beginning. That the ids are those of HF's Rust library is proved before anything is timed.
 *
 * <p>Needs the conformance data. Run as {@link EncodeBenchmark}, with this name.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 40)
@Measurement(iterations = 40)
@Fork(1)
public class SuperwordBenchmark {
  private static final int MEASURED = 1_000_000;
  private static final int BEFORE = 8_000_000;
  private static final int TOKENS = 32_000;
  private static final PreTokenizerSpec SENTENCES =
      spec("\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]{2,}[\\r\\n/]*| +(?!\\S)");

  @Param({"2", "1"})
  public int stages;

  private final IdBuffer out = new IdBuffer(MEASURED);
  private byte[] before = {};
  private byte[] text = {};
  private BpeModel model = BpeModel.builder().build(BpeModel.Options.NONE);
  private BpeEncoder encoder = model.newEncoder(true);
  private PreTokenizer sentences = SENTENCES.build();

  private static PreTokenizerSpec spec(String regex) {
    return new PreTokenizerSpec.Sequence(
        List.of(
            new PreTokenizerSpec.Split(
                new TextPattern.Regex(regex), PreTokenizerSpec.Behavior.ISOLATED, false),
            new PreTokenizerSpec.ByteLevel(false, false, false)));
  }

  @Setup
  public void prepare() throws IOException {
    byte[] corpus = english();
    TrainedBpe trained = stages == 2 ? twoStages(corpus) : oneStage(corpus);
    var tokenizer = TokenizerBuilder.of(trained, SENTENCES).build();
    model = tokenizer.model();
    before = Arrays.copyOf(corpus, BEFORE);
    text = Arrays.copyOfRange(corpus, BEFORE, BEFORE + MEASURED);
    freshEncoder();
    warm();
    try (HfLibrary hf = HfLibrary.open(tokenizer.toJson())) {
      int[] expected = hf.encode(new String(text, StandardCharsets.UTF_8), false).ids();
      if (!Arrays.equals(out.toArray(), expected)) {
        throw new IllegalStateException(
            "the ids differ from HF's at place " + Arrays.mismatch(out.toArray(), expected));
      }
    }
  }

  /** Prose of one byte a character, so that every cut is between characters. */
  private static byte[] english() throws IOException {
    Path path = SharedData.dir().resolve("corpus").resolve("en-novels-eltec.jsonl.zst");
    ObjectMapper json = new ObjectMapper();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String ascii = json.readTree(line).get("text").asText().replaceAll("[^\\x00-\\x7F]", "");
        text.writeBytes(ascii.getBytes(StandardCharsets.UTF_8));
      }
    }
    return text.toByteArray();
  }

  private static TrainerSettings settings(int tokens) {
    return new TrainerSettings(
        tokens, 2, List.of(), TrainerSettings.Alphabet.BYTES, List.of(), null, null);
  }

  private static TrainedBpe oneStage(byte[] corpus) {
    PretokenCounts counts = new PretokenCounts();
    SENTENCES.build().split(corpus, 0, corpus.length, true, counts::addAll);
    return new BpeTrainer(settings(TOKENS))
        .train(counts::forEachSorted, TrainingBound.NONE, learned -> {})
        .trained();
  }

  private static TrainedBpe twoStages(byte[] corpus) {
    PretokenCounts counts = new PretokenCounts();
    spec(SplitPattern.TEKKEN.regex()).build().split(corpus, 0, corpus.length, true, counts::addAll);
    TrainedBpe words =
        new BpeTrainer(settings(TOKENS * 9 / 10))
            .train(counts::forEachSorted, TrainingBound.NONE, learned -> {})
            .trained();
    BpeEncoder encoder = TokenizerBuilder.of(words, SENTENCES).build().model().newSentenceEncoder();
    PretokenCounts pairs = runs(SuperwordKeys.ofPairs(encoder, words), corpus);
    WordPairs frequent = WordPairs.choose(pairs::forEachSorted, 2, 1 << 20);
    PretokenCounts runs = runs(SuperwordKeys.ofRuns(encoder, words, frequent), corpus);
    return new SuperwordTrainer(words, settings(TOKENS), MergeLearner.Keep.DEFAULT)
        .train(runs::forEachSorted, TrainingBound.NONE, learned -> {})
        .trained();
  }

  private static PretokenCounts runs(SuperwordKeys runs, byte[] corpus) {
    PretokenCounts counts = new PretokenCounts();
    SENTENCES
        .build()
        .split(
            corpus,
            0,
            corpus.length,
            true,
            (text, start, ends, n) -> runs.addAll(text, start, ends, n, counts::addAll));
    return counts;
  }

  @Setup(Level.Iteration)
  public void freshEncoder() {
    encoder = model.newEncoder(true);
    encode(before);
  }

  private int encode(byte[] bytes) {
    out.clear();
    sentences.split(
        bytes,
        0,
        bytes.length,
        true,
        (t, start, ends, n) -> encoder.encode(t, start, ends, n, out));
    return out.size();
  }

  @Benchmark
  public int warm() {
    return encode(text);
  }

  @Benchmark
  public int splitOnly() {
    int[] count = {0};
    sentences.split(text, 0, text.length, true, (t, start, ends, n) -> count[0] += n);
    return count[0];
  }
}

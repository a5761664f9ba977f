package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.SharedData;
import org.merganser.bpe.count.PretokenCounts;

/**
 * Training equals the tokenizer.json files that HF's BpeTrainer wrote, entry by entry. The text is
 * cut by java.util.regex and normalized by java.text: this test is about the trainer alone.
 */
@Tag("conformance")
class HfTrainConformanceTest {
  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  private static final String LLAMA3 =
      CONTRACTIONS
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String QWEN2 = LLAMA3.replace("\\p{N}{1,3}", "\\p{N}");
  private static final String END = "<|endoftext|>";

  /** Makes a count of one larger than 32 bits. */
  private static final long FACTOR = (1L << 32) + 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path messy;

  private final PretokenCounts counts = new PretokenCounts();

  /** A sequence is a line with its newline. */
  private static void lines(Path file, Consumer<String> sink) throws IOException {
    String text = Files.readString(file);
    for (int from = 0; from < text.length(); ) {
      int newline = text.indexOf('\n', from);
      int to = newline < 0 ? text.length() : newline + 1;
      sink.accept(text.substring(from, to));
      from = to;
    }
  }

  /** A sequence is the text of a record. */
  private static void documents(InputStream in, Consumer<String> sink) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      sink.accept(JSON.readTree(line).get("text").textValue());
    }
  }

  private Consumer<String> counter(String regex, boolean nfc) {
    Matcher matcher = Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS).matcher("");
    return sequence -> {
      String text = nfc ? Normalizer.normalize(sequence, Normalizer.Form.NFC) : sequence;
      matcher.reset(text);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int[] ends = new int[text.length()];
      int n = 0;
      int at = 0;
      int end = 0;
      while (matcher.find()) {
        assertThat(matcher.start()).as("the pattern matches all text").isEqualTo(at);
        end += text.substring(at, matcher.end()).getBytes(StandardCharsets.UTF_8).length;
        at = matcher.end();
        ends[n++] = end;
      }
      counts.addAll(bytes, 0, ends, n);
    };
  }

  /**
   * At once, half-way and on from there, and from counts that are all so much larger that HF's own
   * pair counts, which are 32 bits wide, would wrap.
   */
  private void trainsAs(
      String name,
      int vocabSize,
      long minFrequency,
      List<String> specials,
      TrainerSettings.Alphabet alphabet,
      @Nullable Integer maxTokenLength)
      throws IOException {
    TrainerSettings settings =
        new TrainerSettings(vocabSize, minFrequency, specials, alphabet, null, maxTokenLength);
    TrainerSettings half =
        new TrainerSettings(vocabSize / 2, minFrequency, specials, alphabet, null, maxTokenLength);
    TrainerSettings large =
        new TrainerSettings(
            vocabSize, FACTOR * minFrequency, specials, alphabet, null, maxTokenLength);
    TrainedBpe first = train(new BpeTrainer(half), 1);
    assertTrained(name, train(new BpeTrainer(settings), 1));
    assertTrained(
        name, train(BpeTrainer.continueFrom(first.tokens(), first.merges(), settings), 1));
    assertTrained(name, train(new BpeTrainer(large), FACTOR));
    System.out.println(name + ": " + counts.distinct() + " distinct pretokens");
  }

  private TrainedBpe train(BpeTrainer trainer, long factor) {
    return trainer.train(
        visitor ->
            counts.forEachSorted(
                (bytes, from, to, count) -> visitor.visit(bytes, from, to, factor * count)),
        (learned, wanted) -> {});
  }

  private static void assertTrained(String name, TrainedBpe trained) throws IOException {
    JsonNode model =
        JSON.readTree(
                SharedData.dir().resolve("vectors/hf-train/" + name + ".tokenizer.json").toFile())
            .get("model");
    List<String> vocabulary = new ArrayList<>();
    model.get("vocab").fieldNames().forEachRemaining(vocabulary::add);
    for (int id = 0; id < vocabulary.size(); id++) {
      assertThat(model.get("vocab").get(vocabulary.get(id)).intValue()).isEqualTo(id);
    }
    List<String> merges = new ArrayList<>();
    model.get("merges").forEach(m -> merges.add(m.get(0).asText() + " " + m.get(1).asText()));
    assertThat(trained.tokens()).isEqualTo(vocabulary);
    List<String> learned = new ArrayList<>();
    for (int m = 0; m < trained.mergeCount(); m++) {
      learned.add(
          trained.tokens().get(trained.merges()[2 * m])
              + " "
              + trained.tokens().get(trained.merges()[2 * m + 1]));
    }
    assertThat(learned).isEqualTo(merges);
  }

  @Test
  void trainsTheSampleByLinesWithTheGpt2PatternAsHfDoes() throws IOException {
    lines(SharedData.dir().resolve("sample/sample.txt"), counter(GPT2, false));
    trainsAs("sample-lines-gpt2-8000", 8000, 2, List.of(END), TrainerSettings.Alphabet.BYTES, null);
  }

  @Test
  void trainsTheSampleDocumentsWithTheQwen2PatternAsHfDoes() throws IOException {
    try (InputStream in = Files.newInputStream(SharedData.dir().resolve("sample/sample.jsonl"))) {
      documents(in, counter(QWEN2, true));
    }
    trainsAs(
        "sample-docs-qwen2-8000",
        8000,
        2,
        List.of(END, "<|im_start|>"),
        TrainerSettings.Alphabet.BYTES,
        null);
  }

  @Test
  void trainsTheSampleDocumentsWithShortTokensAsHfDoes() throws IOException {
    try (InputStream in = Files.newInputStream(SharedData.dir().resolve("sample/sample.jsonl"))) {
      documents(in, counter(LLAMA3, false));
    }
    trainsAs(
        "sample-docs-llama3-6000-max12", 6000, 0, List.of(END), TrainerSettings.Alphabet.BYTES, 12);
  }

  @Test
  void trainsTheSampleWithHfsDefaultsAsHfDoes() throws IOException {
    lines(SharedData.dir().resolve("sample/sample.txt"), counter(GPT2, false));
    trainsAs("sample", 30000, 0, List.of(), TrainerSettings.Alphabet.SEEN, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tie_pairs", "overlap_aaaa", "zipf", "single_char_words"})
  void trainsTheTrickyFilesAsHfDoes(String name) throws IOException {
    String file = (name.equals("zipf") ? "zipf_words" : name) + ".txt";
    lines(messy.resolve("dup").resolve(file), counter(GPT2, false));
    trainsAs(name, 30000, 0, List.of(), TrainerSettings.Alphabet.SEEN, null);
  }

  @BeforeAll
  static void generateTheTrickyFiles() throws IOException, InterruptedException {
    Path generator = SharedData.dir().resolve("messy/gen_messy.py").toAbsolutePath();
    Path log = messy.resolve("generator.log");
    Process python;
    try {
      python =
          ChildProcess.start(
              new ProcessBuilder("python3", generator.toString(), messy.toString())
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile()));
    } catch (IOException e) {
      Assumptions.abort("NO CONFORMANCE DATA: python3 is needed to generate it: " + e.getMessage());
      return;
    }
    assertThat(python.waitFor()).as(Files.readString(log)).isZero();
  }

  @Test
  void trainsTheWholeSharedCorpusAsHfDoes() throws IOException {
    Consumer<String> counter = counter(QWEN2, true);
    List<Path> files;
    try (Stream<Path> all = Files.list(SharedData.dir().resolve("corpus"))) {
      files = all.filter(f -> f.toString().endsWith(".jsonl.zst")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      try (InputStream in =
          new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        documents(in, counter);
      }
    }
    trainsAs(
        "shared-docs-qwen2-32000", 32000, 2, List.of(END), TrainerSettings.Alphabet.BYTES, null);
  }
}

package org.merganser.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PeriodicImpulse;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.ToString;
import org.apache.beam.sdk.transforms.WithTimestamps;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobException;
import org.merganser.job.TrainSection;
import org.merganser.tokenizer.Tokenizer;

/**
 * A tokenizer of a collection of texts is the one that the command line learns from their files.
 */
final class TrainTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String END = "<|endoftext|>";

  private static List<String> texts;

  @TempDir Path folder;

  private final Pipeline pipeline = Pipeline.create();

  @BeforeAll
  static void readTexts() throws IOException {
    texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("sample-data/corpus"))) {
      for (Path file : files.sorted().toList()) {
        texts.addAll(read(file));
      }
    }
  }

  private static List<String> read(Path file) throws IOException {
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      found.add(JSON.readTree(line).get("text").textValue());
    }
    return found;
  }

  private PCollection<String> collection(List<String> of) {
    return pipeline.apply("Texts", Create.of(of).withCoder(StringUtf8Coder.of()));
  }

  private TrainTokenizer toFile() {
    return TrainTokenizer.to(file().toString()).withVocabSize(1500).withFamily("qwen2");
  }

  private Path file() {
    return folder.resolve("deep/tokenizer.json");
  }

  private byte[] byTheCommand(String... flags) throws IOException {
    Path out = folder.resolve("command");
    List<String> arguments =
        new ArrayList<>(List.of("train", "--input=sample-data/corpus", "--output=" + out));
    arguments.addAll(List.of(flags));
    CommandLineRun.of(arguments.toArray(String[]::new)).succeeded();
    return Files.readAllBytes(out.resolve("tokenizer.json"));
  }

  @Test
  void theFileIsTheOneOfTheCommandWhateverTheBundlesAndWindows() throws IOException {
    List<String> shuffled = new ArrayList<>(texts);
    Collections.shuffle(shuffled, new Random(Seeds.next()));
    PCollection<String> windowed =
        collection(shuffled)
            .apply(Reshuffle.viaRandomKey())
            .apply(WithTimestamps.of(text -> new Instant(1000L * text.length())))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    CollectedRows<String> written =
        CollectedRows.of("Written", windowed.apply(toFile().withSpecialTokens(List.of(END))));
    pipeline.run().waitUntilFinish();
    assertThat(written.elements()).containsExactly(file().toString());
    assertThat(Files.readAllBytes(file()))
        .isEqualTo(byTheCommand("--vocab-size=1500", "--family=qwen2", "--special-token=" + END));
    try (Stream<Path> left = Files.list(file().getParent())) {
      assertThat(left).containsExactly(file());
    }
  }

  @Test
  void eachSettingHasItsEffectAsTheCommandHasIt() throws IOException {
    collection(texts)
        .apply(
            TrainTokenizer.to(file().toString())
                .withVocabSize(900)
                .withPattern("cl100k")
                .withNormalizer(TrainSection.Normalizer.NFKC)
                .withMinFrequency(9));
    pipeline.run().waitUntilFinish();
    assertThat(Files.readAllBytes(file()))
        .isEqualTo(
            byTheCommand(
                "--vocab-size=900", "--pattern=cl100k", "--normalizer=nfkc", "--min-frequency=9"));
  }

  @Test
  void rarePretokensAreLeftOutOnRequest() throws IOException {
    collection(texts).apply(toFile().withMinPretokenCount(4));
    pipeline.run().waitUntilFinish();
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        corpus: { inputs: [ "%s" ], format: jsonl }
        tokenizer: { train: { vocabSize: 1500, family: qwen2, minPretokenCount: 4 } }
        shards: { formats: [] }
        output: job
        """
            .formatted(Path.of("sample-data/corpus").toAbsolutePath()));
    CommandLineRun.of("run", job.toString()).succeeded();
    assertThat(Files.readAllBytes(file()))
        .isEqualTo(Files.readAllBytes(folder.resolve("job/tokenizer.json")));
  }

  @Test
  void aSecondRunReplacesTheFileByTheSameBytes() throws IOException {
    collection(texts).apply(toFile());
    pipeline.run().waitUntilFinish();
    byte[] first = Files.readAllBytes(file());
    pipeline.run().waitUntilFinish();
    assertThat(Files.readAllBytes(file())).isEqualTo(first);
  }

  @Test
  void noTextGivesTheAlphabet() {
    collection(List.of()).apply(toFile());
    pipeline.run().waitUntilFinish();
    assertThat(Tokenizer.read(file()).idBound()).isEqualTo(256);
  }

  @Test
  void unboundedTextIsRefused() {
    PCollection<String> endless =
        pipeline
            .apply(PeriodicImpulse.create().withInterval(Duration.standardSeconds(1)))
            .apply(ToString.elements());
    assertThatThrownBy(() -> endless.apply(toFile()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is unbounded; give it a bounded collection");
  }

  @Test
  void wrongSettingsAreRefusedWhenThePipelineIsMade() {
    PCollection<String> some = collection(texts);
    assertThatThrownBy(() -> some.apply("A", TrainTokenizer.to(file().toString())))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("needs exactly one of pattern (such as qwen2) and family");
    assertThatThrownBy(() -> some.apply("B", toFile().withVocabSize(100)))
        .hasMessageContaining("vocabSize: 100 is below 256");
    assertThatThrownBy(() -> some.apply("C", toFile().withFamily("bert")))
        .hasMessageContaining("\"bert\" is not a known family");
    assertThatThrownBy(() -> some.apply("D", toFile().withSpecialTokens(List.of("the"))))
        .hasMessageContaining("\"the\"");
    assertThatThrownBy(() -> toFile().withMinPretokenCount(0))
        .hasMessageContaining("minPretokenCount is 0; it must be 1 or more");
  }

  @Test
  void displayDataNamesWhatIsChosen() {
    Map<String, Object> shown = new HashMap<>();
    DisplayData.from(toFile().withNormalizer(TrainSection.Normalizer.NFC))
        .items()
        .forEach(item -> shown.put(item.getKey(), item.getValue()));
    assertThat(shown)
        .containsEntry("tokenizer", file().toString())
        .containsEntry("vocabSize", 1500L)
        .containsEntry("family", "qwen2")
        .containsEntry("normalizer", "NFC")
        .doesNotContainKey("pattern");
  }

  /** HF's own file of the same documents is among the shared vectors. */
  @Test
  @Tag("conformance")
  void vocabularyAndMergesAreThoseThatHfLearns() throws IOException {
    collection(read(SharedData.dir().resolve("sample/sample.jsonl")))
        .apply(
            TrainTokenizer.to(file().toString())
                .withVocabSize(8000)
                .withFamily("qwen2")
                .withMinFrequency(2)
                .withSpecialTokens(List.of(END, "<|im_start|>")));
    pipeline.run().waitUntilFinish();
    JsonNode ours = JSON.readTree(file().toFile()).get("model");
    JsonNode hfs =
        JSON.readTree(
                SharedData.dir()
                    .resolve("vectors/hf-train/sample-docs-qwen2-8000.tokenizer.json")
                    .toFile())
            .get("model");
    assertThat(ours.get("vocab")).isEqualTo(hfs.get("vocab"));
    assertThat(ours.get("merges")).isEqualTo(hfs.get("merges"));
  }
}

package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.bpe.superword.SuperwordKeys;
import org.merganser.bpe.superword.SuperwordTrainer;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.JobReader;
import org.merganser.job.TrainSection;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.train.TrainingFigures;
import org.merganser.text.HfLibrary;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TrainingPretokenizer;

/** A run that learns tokens which span words. */
@Tag("run")
final class SuperwordRunTest {
  private static final String SUPERWORDS = "tokenizer.train.superwords={from: 0.7}";

  private static List<String> texts;
  private static Path out;
  private static CommandLineRun run;

  @TempDir Path folder;

  @BeforeAll
  static void trains(@TempDir Path shared) throws IOException {
    texts = new ArrayList<>();
    for (String file : List.of("asia", "europe", "symbols-and-code")) {
      for (String line : Files.readAllLines(Path.of("sample-data/corpus/" + file + ".jsonl"))) {
        texts.add(Json.MAPPER.readTree(line).get("text").textValue());
      }
    }
    out = shared.resolve("superwords");
    run = train(out);
    run.succeeded();
  }

  private static CommandLineRun train(Path output, String... settings) {
    List<String> all = new ArrayList<>(List.of(SUPERWORDS, "shards={formats: []}"));
    all.add("embeddings=null");
    all.addAll(List.of(settings));
    return Jobs.lean(output, all.toArray(String[]::new));
  }

  private static PretokenCounts count(TrainingSettings training, SuperwordKeys runs) {
    TrainingPretokenizer pretokenizer =
        new TrainingPretokenizer(
            training.normalizer(), training.preTokenizer(), training.addedTokens());
    PretokenCounts counts = new PretokenCounts();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      pretokenizer.split(
          bytes,
          0,
          bytes.length,
          (t, start, ends, n) -> {
            if (runs == null) {
              counts.addAll(t, start, ends, n);
            } else {
              runs.addAll(t, start, ends, n, counts::addAll);
            }
          });
    }
    return counts;
  }

  private static BpeModel model(TrainedBpe trained) {
    BpeModelBuilder builder = BpeModel.builder();
    for (int id = 0; id < trained.tokens().size(); id++) {
      builder.addToken(trained.tokens().get(id), id);
    }
    int[] merges = trained.merges();
    for (int i = 0; i < merges.length; i += 2) {
      builder.addMerge(trained.tokens().get(merges[i]), trained.tokens().get(merges[i + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }

  @Test
  void learnsWhatTheCoreLearns() throws IOException {
    Job job =
        JobReader.read(Path.of("pipelines/sample.yaml"), List.of(Jobs.VOCABULARY, SUPERWORDS));
    TrainSection train = job.requireTraining();
    TrainingSettings training = TrainingSettings.of(job);
    TrainingSettings across = TrainingSettings.ofTokenizer(job);
    TrainedBpe words =
        new BpeTrainer(training.trainer().withVocabSize(716)) // 0.7 of 1,024
            .train(count(training, null)::forEachSorted, TrainingBound.NONE, learned -> {})
            .trained();
    BpeModel model = model(words);
    WordPairs pairs =
        WordPairs.choose(
            count(across, SuperwordKeys.ofPairs(model.newEncoder(true), words))::forEachSorted,
            train.minFrequency(),
            1 << 20);
    TrainedBpe trained =
        new SuperwordTrainer(words, across.trainer(), MergeLearner.Keep.DEFAULT)
            .train(
                count(across, SuperwordKeys.ofRuns(model.newEncoder(true), words, pairs))
                    ::forEachSorted,
                TrainingBound.NONE,
                learned -> {})
            .trained();
    assertThat(Files.readAllBytes(out.resolve("tokenizer.json")))
        .isEqualTo(GroupedRuns.tokenizerJson(trained, across));
    assertThat(trained.tokens())
        .hasSize(1024)
        .anyMatch(token -> token.matches(".*\\p{L}Ġ\\p{L}.*"));
  }

  @Test
  void isReadByHfWithTheSameIds() throws IOException {
    byte[] json = Files.readAllBytes(out.resolve("tokenizer.json"));
    Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
    int spanning = 0;
    try (HfLibrary hf = HfLibrary.open(json)) {
      for (String text : texts) {
        int[] ids = tokenizer.encode(text);
        assertThat(ids).isEqualTo(hf.encode(text, false).ids());
        assertThat(tokenizer.decode(ids, false)).isEqualTo(hf.decode(ids, false));
        for (int id : ids) {
          String token = Objects.requireNonNull(tokenizer.token(id));
          spanning += token.matches(".*\\p{L}Ġ\\p{L}.*") ? 1 : 0;
        }
      }
    }
    assertThat(spanning).as("tokens of several words in the texts").isGreaterThan(100);
  }

  @Test
  void givesTheSameBytesWithOtherThreadsAndAfterPartsAreLost() throws IOException {
    byte[] expected = Files.readAllBytes(out.resolve("tokenizer.json"));
    Path again = folder.resolve("again");
    train(again, "--targetParallelism=5").succeeded();
    assertThat(Files.readAllBytes(again.resolve("tokenizer.json"))).isEqualTo(expected);
    assertThat(train(again).succeeded().out()).contains("Nothing to do");

    Files.delete(again.resolve("tokenizer.json"));
    try (var files = Files.walk(again.resolve("run/counts"))) {
      for (Path file : files.filter(p -> p.toString().endsWith("pairs")).toList()) {
        Files.write(file, new byte[] {1});
      }
    }
    train(again).succeeded();
    assertThat(Files.readAllBytes(again.resolve("tokenizer.json"))).isEqualTo(expected);
  }

  @Test
  void saysWhatWasLearnedFrom() throws IOException {
    TrainingFigures account = TrainingFigures.of(MerganserRun.manifest(out.toString()));
    assertThat(account.tokens()).isEqualTo(1024);
    assertThat(account.minimumPairCount()).isEqualTo(2);
    assertThat(account.superwords().words()).isEqualTo(716);
    assertThat(account.superwords().pairsLeftOut()).isZero();
    assertThat(account.superwords().runs().keptDistinct()).isPositive();
    assertThat(account.difference()).isNull();
    assertThat(account.leftOut()).isNull();
  }

  @Test
  void cutsTextAsTheJobSays() throws IOException {
    Path lines = folder.resolve("lines");
    train(lines, "tokenizer.train.superwords.pattern='[^\\n<|>]+|\\n+|[<|>]'").succeeded();
    Tokenizer tokenizer = Tokenizer.read(lines.resolve("tokenizer.json"));
    assertThat(tokenizer.preTokenizerJson()).contains("[^\\\\n<|>]+|\\\\n+|[<|>]");
  }

  @Test
  void refusesASpecialTokenThatAWholeStretchOfTextCouldBe() {
    CommandLineRun refused =
        train(folder.resolve("refused"), "tokenizer.train.superwords.pattern='[^\\n]+|\\n+'");
    assertThat(refused.endedWith(2).err())
        .contains("\"<|endoftext|>\" is a single pretoken in byte-level form");
  }

  @Test
  void refusesWhatHasNoTextOfItsOwn() {
    assertThatThrownBy(
            () ->
                JobReader.of(
                    List.of(
                        "corpus={inputs: [a.txt]}",
                        "tokenizer={train: {vocabSize: 1000, pattern: gpt2, counts: [a.tsv],"
                            + " superwords: {from: 0.9}}}",
                        "output=out"),
                    "the job"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(
            "tokenizer.train.superwords: cannot be combined with tokenizer.train.counts, since the"
                + " second stage reads the text again");
    assertThatThrownBy(
            () ->
                JobReader.of(
                    List.of(
                        "corpus={inputs: [a.txt]}",
                        "tokenizer={train: {vocabSize: 1000, pattern: gpt2,"
                            + " superwords: {from: 1}}}",
                        "output=out"),
                    "the job"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("tokenizer.train.superwords.from");
  }
}

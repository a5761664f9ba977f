package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.cli.CommandLineRun;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.UnitReader;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.shard.Duck;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerBuilderTest;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * Each key of tokenizer.train has its effect, the same as the core alone has without a pipeline.
 */
@Tag("run")
final class TrainingTest {
  @TempDir Path folder;

  private static final String CORPUS = "corpus={inputs: [sample-data/corpus], format: jsonl}";

  private Tokenizer train(String name, String... settings) throws IOException {
    return Tokenizer.read(trained(name, settings), name);
  }

  private byte[] trained(String name, String... settings) throws IOException {
    Path out = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("shards={formats: []}");
    all.add("embeddings=null");
    Jobs.lean(out, all.toArray(String[]::new)).succeeded();
    return Files.readAllBytes(out.resolve("tokenizer.json"));
  }

  private record Text(String file, int bucket, String text) {}

  private static List<Text> corpus(Job job) throws IOException {
    List<Text> texts = new ArrayList<>();
    UnitReader reader = new UnitReader(ReadingSettings.trainingSettings(job), null);
    for (WorkUnit unit :
        CorpusPlanner.plan(CorpusPlanner.list(ReadingSettings.trainingSettings(job)))) {
      reader.read(
          unit,
          new DocumentHandler() {
            @Override
            public void document(Document document) {
              texts.add(
                  new Text(
                      document.file,
                      DocumentChoice.bucket(document),
                      new String(
                          document.text,
                          document.from,
                          document.length(),
                          StandardCharsets.UTF_8)));
            }

            @Override
            public void deadLetter(DeadLetter letter) {
              throw new AssertionError(letter.toString());
            }

            @Override
            public void rangeRead(RangeReceipt receipt) {}
          });
    }
    return texts;
  }

  /** The pipeline's slow twin: one table, one thread, the sequences as Strings. */
  private static byte[] plainly(List<String> sequences, String... settings) {
    List<String> all = new ArrayList<>(List.of(CORPUS, Jobs.VOCABULARY, "output=unused"));
    all.add("tokenizer.train.pattern=qwen2");
    all.add("tokenizer.train.normalizer=nfc");
    all.add("tokenizer.train.specialTokens=['<|endoftext|>']");
    all.addAll(List.of(settings));
    TrainingSettings frame = TrainingSettings.of(JobReader.of(all, "twin"));
    TrainingPretokenizer pretokenizer =
        new TrainingPretokenizer(frame.normalizer(), frame.preTokenizer(), frame.addedTokens());
    PretokenCounts counts = new PretokenCounts();
    for (String sequence : sequences) {
      byte[] text = sequence.getBytes(StandardCharsets.UTF_8);
      pretokenizer.split(text, 0, text.length, counts::addAll);
    }
    return TokenizerBuilderTest.byteLevel(
            new BpeTrainer(frame.trainer())
                .train(counts::forEachSorted, TrainingBound.NONE, learned -> {})
                .trained(),
            frame.specialTokens(),
            frame.normalizer(),
            frame.preTokenizer(),
            frame.ignoreMerges())
        .toJson();
  }

  private static List<String> texts(Predicate<Text> chosen) throws IOException {
    Job job = JobReader.read(Path.of("pipelines/sample.yaml"), List.of());
    return corpus(job).stream().filter(chosen).map(Text::text).toList();
  }

  @Test
  void trainsOnDocumentsAsTheCoreDoes() throws IOException {
    assertThat(trained("documents")).isEqualTo(plainly(texts(text -> true)));
  }

  @Test
  void trainsOnLinesWithTheirNewlines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String text : texts(t -> true)) {
      for (String line : text.split("(?<=\n)")) {
        lines.add(line);
      }
    }
    byte[] expected = plainly(lines);
    assertThat(trained("lines", "tokenizer.train.feed=lineWithNewline")).isEqualTo(expected);
    assertThat(expected).isNotEqualTo(plainly(texts(t -> true)));
  }

  @Test
  void trainsOnAPartOfTheCorpusChosenByNames() throws IOException {
    long maxBytes = 150_000;
    Job job = JobReader.read(Path.of("pipelines/sample.yaml"), List.of());
    List<Text> byBucket = new ArrayList<>(corpus(job));
    byBucket.sort(Comparator.comparingInt(Text::bucket));
    List<String> chosen = new ArrayList<>();
    long sum = 0;
    for (Text text : byBucket) {
      sum += text.text().getBytes(StandardCharsets.UTF_8).length;
      if (sum > maxBytes) {
        break;
      }
      chosen.add(text.text());
    }
    assertThat(chosen.size()).isBetween(1, 15);
    byte[] expected = plainly(chosen);
    String setting = "tokenizer.train.maxBytes=" + maxBytes;
    assertThat(trained("part", setting, "--targetParallelism=1")).isEqualTo(expected);
    assertThat(trained("part-7", setting, "--targetParallelism=7")).isEqualTo(expected);
  }

  @Test
  void trainsOnOtherInputsThanItEncodes() throws IOException {
    Path out = folder.resolve("other");
    Jobs.lean(
            out,
            "tokenizer.train.inputs=[sample-data/corpus/asia.jsonl]",
            "embeddings=null",
            "tokenizer.train.vocabSize=300")
        .succeeded();
    assertThat(MerganserRun.manifest(out.toString()).totals().sums().documents()).isEqualTo(16);
    assertThat(Files.readAllBytes(out.resolve("tokenizer/tokenizer.json")))
        .isEqualTo(
            plainly(
                texts(text -> text.file().equals("asia.jsonl")), "tokenizer.train.vocabSize=300"));
  }

  @Test
  void makesAddedReservedAndPaddingTokens() throws IOException {
    Path out = folder.resolve("full");
    Jobs.lean(
            out,
            "tokenizer.train.addedTokens=[car, 🌲, The sun rises in the east.]",
            "tokenizer.train.reserved=3",
            "tokenizer.train.padTo=64",
            "corpus.inputs=["
                + written("The sun rises in the east. A car by a 🌲, carefully.")
                + "]",
            "corpus.format=text",
            "shards.groupBy=null",
            "tokenizer.train.vocabSize=270")
        .succeeded();
    Tokenizer tokenizer = Tokenizer.read(out.resolve("tokenizer/tokenizer.json"));
    assertThat(tokenizer.id("<|endoftext|>")).isZero();
    assertThat(tokenizer.id("<|reserved_0|>")).isEqualTo(1);
    assertThat(tokenizer.id("<|reserved_2|>")).isEqualTo(3);
    int size = tokenizer.model().size();
    assertThat(size).isLessThanOrEqualTo(270);
    assertThat(tokenizer.id("car")).isEqualTo(size);
    assertThat(tokenizer.id("🌲")).isEqualTo(size + 1);
    assertThat(tokenizer.id("The sun rises in the east.")).isEqualTo(size + 2);
    assertThat(tokenizer.idBound() % 64).isZero();
    assertThat(tokenizer.id("<|padding_0|>")).isEqualTo(size + 3);
    String count =
        "select list_transform([%d, %d, %d], x -> len(list_filter(token_ids, t -> t = x)))"
            .formatted(size, size + 1, size + 2);
    assertThatQuery(count + " from '" + out + "/shards/parquet/*.parquet'").isEqualTo("[2, 1, 1]");
  }

  private static org.assertj.core.api.AbstractStringAssert<?> assertThatQuery(String sql) {
    try {
      return assertThat(String.join("\n", Duck.query(sql)));
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Test
  void keepsTheCountsWhenAsked() throws IOException {
    Path out = folder.resolve("counts");
    String text = "to be, or not to be";
    Jobs.lean(
            out,
            "tokenizer.train.keepCounts=true",
            "corpus.inputs=[" + written(text) + "]",
            "corpus.format=text",
            "shards={formats: []}",
            "embeddings=null")
        .succeeded();
    assertThatQuery(
            "select string_agg(pretoken::varchar || '=' || \"count\", ';') from '"
                + out
                + "/counts.parquet'")
        .isEqualTo(" be=2; not=1; or=1; to=1;,=1;to=1");
    assertThat(OutputTree.sums(out)).containsKey("counts.parquet");
    assertThat(Files.readString(out.resolve("outputs.jsonl"))).contains("\"counts.parquet\"");
  }

  @Test
  void countsNoDocumentThatIsRejectedForItsSpecialText() throws IOException {
    String clean = "{\"text\": \"low lower lowest\"}\n";
    String dirty = "{\"text\": \"zebra zebra zebra <|endoftext|>\"}\n";
    Path corpus = folder.resolve("special.jsonl");
    Files.writeString(corpus, clean + dirty);
    String[] settings = {
      "corpus.inputs=[" + corpus + "]", "tokenizer.specialText=reject", "corpus.maxDeadLetterRate=1"
    };
    Tokenizer rejecting = train("rejecting", settings);
    assertThat(rejecting.id("Ġlow")).isNotNegative();
    assertThat(rejecting.id("Ġzebra")).isNegative();
    assertThat(train("taking", settings[0]).id("Ġzebra")).isNotNegative();
  }

  @Test
  void refusesASpecialTokenThatTextCouldBecomeUnlessItIsAllowed() throws IOException {
    String setting = "tokenizer.train.specialTokens=['<|endoftext|>', the]";
    CommandLineRun refused = Jobs.lean(folder.resolve("unsafe"), setting).endedWith(2);
    assertThat(refused.err())
        .contains("tokenizer.train: specialTokens: \"the\" is a single pretoken")
        .contains("or set allowMergeableSpecialTokens");
    assertThat(folder.resolve("unsafe")).doesNotExist();
    Tokenizer allowed =
        train("allowed", setting, "tokenizer.train.allowMergeableSpecialTokens=true");
    assertThat(allowed.id("the")).isEqualTo(1);
  }

  @Test
  void namesEachUnsafeSpecialTokenAndTheReason() {
    CommandLineRun refused =
        Jobs.lean(
                folder.resolve("unsafe"),
                "tokenizer.train.family=null",
                "tokenizer.train.pattern='\\w+|\\W+'",
                "tokenizer.train.specialTokens=['<|endoftext|>', a, Ġ, end, 'Ċ!', 🌲]")
            .endedWith(2);
    String byteLevel = " is a single pretoken in byte-level form, so merges could make it;";
    assertThat(refused.err())
        .contains("\"a\" is how byte 0x61 is written in the vocabulary;")
        .contains("\"Ġ\" is how byte 0x20 is written in the vocabulary;")
        .contains("\"end\"" + byteLevel)
        .contains("\"Ċ!\"" + byteLevel)
        .contains("\"🌲\" is a single pretoken, so merges could make a token of its text;")
        .doesNotContain("\"<|endoftext|>\" is");
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, GPT2",
    "cl100k, CL100K",
    "llama3, CL100K",
    "qwen2, QWEN2",
    "qwen3.5, QWEN35",
    "o200k, O200K",
    "llama4, O200K",
    "deepseek3, DEEPSEEK3"
  })
  void knowsThePatternsOfAllFamilies(String name, SplitPattern pattern) {
    TrainingSettings frame = frame("tokenizer.train.pattern=" + name);
    if (pattern == SplitPattern.GPT2) {
      assertThat(frame.preTokenizer().toString()).contains("useRegex=true");
    } else {
      for (String regex : pattern.regexes()) {
        assertThat(frame.preTokenizer().toString()).contains(regex);
      }
    }
    assertThat(frame.normalizer()).isNull();
    assertThat(frame.ignoreMerges()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, false, false",
    "llama3, false, true",
    "llama4, false, true",
    "gpt-oss, false, true",
    "qwen2, true, false",
    "qwen3.5, true, false",
    "deepseek3, false, false"
  })
  void framesTextAsEachFamilyDoes(String family, boolean nfc, boolean ignoreMerges) {
    TrainingSettings frame = frame("tokenizer.train.family=" + family);
    assertThat(frame.normalizer() != null).isEqualTo(nfc);
    assertThat(frame.ignoreMerges()).isEqualTo(ignoreMerges);
  }

  private static TrainingSettings frame(String setting) {
    return TrainingSettings.of(
        JobReader.of(List.of(CORPUS, Jobs.VOCABULARY, setting, "output=unused"), "frame"));
  }

  private String written(String text) throws IOException {
    return Files.writeString(folder.resolve("text.txt"), text).toString();
  }
}

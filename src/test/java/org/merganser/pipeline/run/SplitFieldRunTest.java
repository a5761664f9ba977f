package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.shard.ShardRows;

/** {@code corpus.splitField}: the split of a record is what its field says. */
@Tag("run")
final class SplitFieldRunTest {
  private static final List<String> SPLITS = List.of("Train", "held_out", "TEST", "train");

  private static final String JOB =
      """
      corpus: { inputs: [ data ], splitField: split, maxDeadLetterRate: 1 }
      tokenizer: { train: { vocabSize: 300, pattern: gpt2 } }
      report: { enabled: false }
      output: out
      """;

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("job.yaml"), JOB);
    lines("a.jsonl", 0, 8);
  }

  /** Text of a split that is not trained on has words of its own. */
  private static String text(int i) {
    String word = List.of("rose ", "zebra ", "quartz ", "rose ").get(i % 4);
    return word.repeat(4) + i;
  }

  private void lines(String name, int from, int to) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add(
          "{\"id\": \"%d\", \"split\": \"%s\", \"lang\": \"%s\", \"text\": \"%s\"}"
              .formatted(i, SPLITS.get(i % 4), i % 3 == 0 ? "de" : "en", text(i)));
    }
    Files.write(data.resolve(name), lines);
  }

  private CommandLineRun run(String... settings) {
    List<String> args = new ArrayList<>(List.of("run", folder.resolve("job.yaml").toString()));
    for (String setting : settings) {
      args.add(setting.startsWith("--") ? setting : "--set=" + setting);
    }
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private List<String> ids(String shards) throws IOException {
    return ShardRows.of(folder.resolve("out").resolve(shards)).stream()
        .map(row -> row.docId)
        .toList();
  }

  private RecordSums sums() throws IOException {
    byte[] manifest = Files.readAllBytes(folder.resolve("out").resolve(Manifest.FILE));
    return Manifest.read(manifest, "out").totals().sums();
  }

  private String vocabulary() throws IOException {
    return Files.readString(folder.resolve("out/tokenizer/tokenizer.json"));
  }

  @Test
  void testRecordsAreLeftOutAndThoseForValidationAreEncodedApart() throws IOException {
    assertThat(run().succeeded().out()).containsPattern("of a test split +2 left out");
    assertThat(ids("shards/parquet")).containsExactly("0", "3", "4", "7");
    assertThat(ids("validation/parquet")).containsExactly("1", "5");
    assertThat(sums().testSplit()).isEqualTo(2);
    assertThat(sums().records()).isEqualTo(8);
    assertThat(vocabulary()).contains("rose").doesNotContain("zeb", "quar");
    assertThat(ManifestVerification.check("" + folder.resolve("out"), true).findings()).isEmpty();
    assertThat(run().succeeded().out()).contains("Nothing to do");
  }

  @Test
  void anUnknownOrMissingValueIsADeadLetterThatNamesTheWords() throws IOException {
    Files.writeString(
        data.resolve("b.jsonl"),
        "{\"split\": \"extra\", \"text\": \"a\"}\n"
            + "{\"text\": \"b\"}\n"
            + "{\"split\": [], \"text\": \"c\"}\n");
    assertThat(run().succeeded().out()).containsPattern("unknown-split +3");
    assertThat(sums().deadLetters()).containsEntry("unknown-split", 3L);
    assertThat(ids("shards/parquet")).containsExactly("0", "3", "4", "7");
  }

  @Test
  void everyFormatWithFieldsHasSplits() throws IOException {
    Files.delete(data.resolve("a.jsonl"));
    Files.writeString(
        data.resolve("b.csv"), "id,split,text\nc1,train,one\nc2,dev,two\nc3,test,x\n");
    Files.writeString(data.resolve("c.tsv"), "text\tid\tsplit\none\tt1\tTrain\nx\tt2\ttest\n");
    Files.writeString(
        data.resolve("d.json"), "[{\"id\": \"j1\", \"split\": \"val\", \"text\": \"two\"}]");
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional binary id (UTF8); optional binary split (UTF8);"
                + " optional binary text (UTF8); }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(data.resolve("e.parquet")))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .build()) {
      for (String split : List.of("train", "devtest", "hold-out")) {
        writer.write(
            new SimpleGroup(schema)
                .append("id", "p-" + split)
                .append("split", split)
                .append("text", "one"));
      }
      writer.write(new SimpleGroup(schema).append("text", "none"));
    }
    run().succeeded();
    assertThat(ids("shards/parquet")).containsExactly("c1", "t1", "p-train");
    assertThat(ids("validation/parquet")).containsExactly("c2", "j1", "p-hold-out");
    assertThat(sums().testSplit()).isEqualTo(3);
    assertThat(sums().deadLetters()).containsEntry("unknown-split", 1L);
  }

  @Test
  void aFileWithoutFieldsIsADeadLetterAndAFormatWithoutThemIsRefused() throws IOException {
    Files.writeString(data.resolve("notes.txt"), "a text of its own");
    CommandLineRun run = run().succeeded();
    assertThat(run.err() + run.out()).contains("notes.txt");
    assertThat(sums().deadLetters()).containsEntry("unsupported", 1L);
    assertThat(run("corpus.format=lines", "--replace").endedWith(2).err())
        .contains("corpus.format: lines has no fields, and corpus.splitField names one");
    assertThat(run("corpus.validation=0.1", "--replace").endedWith(2).err())
        .contains("corpus.splitField: cannot be combined with corpus.validation");
    assertThat(run("corpus.validationInputs=[data]", "--replace").endedWith(2).err())
        .contains("corpus.splitField: cannot be combined with corpus.validationInputs");
  }

  /** A test record comes before a training record of the same text. */
  @Test
  void aTestRecordMakesNoDuplicate() throws IOException {
    Files.writeString(
        data.resolve("a.jsonl"),
        """
        {"id": "1", "split": "test", "text": "same"}
        {"id": "2", "split": "train", "text": "same"}
        {"id": "3", "split": "dev", "text": "same"}
        {"id": "4", "split": "none", "text": "same"}
        {"id": "5", "split": "train", "text": "same"}
        """);
    run("corpus.deduplicate=exact").succeeded();
    assertThat(ids("shards/parquet")).containsExactly("2");
    assertThat(sums().duplicates()).isEqualTo(2);
    assertThat(sums().testSplit()).isEqualTo(1);
  }

  @Test
  void aChosenShareAndGroupsTakeTrainingRecordsAlone() throws IOException {
    lines("a.jsonl", 0, 400);
    run("tokenizer.train.maxBytes=2000", "shards.partitionBy=lang").succeeded();
    assertThat(vocabulary()).contains("rose").doesNotContain("zeb", "quar");
    assertThat(sums().documents()).isEqualTo(200);
    assertThat(sums().validation().documents()).isEqualTo(100);
    assertThat(sums().testSplit()).isEqualTo(100);
    assertThat(folder.resolve("out/shards/parquet/lang=de")).isDirectory();
    assertThat(folder.resolve("out/validation/parquet/lang=de")).isDirectory();
  }

  @Test
  void aRunThatOnlyLearnsOrCountsReadsSplitsToo() throws IOException {
    run("shards.formats=[]").succeeded();
    assertThat(Files.readString(folder.resolve("out/tokenizer.json")))
        .contains("rose")
        .doesNotContain("zeb", "quar");
    String tokenizer = folder.resolve("out/tokenizer.json").toString();
    assertThat(
            run(
                    "tokenizer={load: " + tokenizer + "}",
                    "shards.formats=[]",
                    "output=" + folder.resolve("counted"))
                .succeeded()
                .out())
        .containsPattern("documents +4\n")
        .containsPattern("of a test split +2 left out");
  }

  @Test
  void aGrowingOutputTakesTheSplitsOfNewFiles() throws IOException {
    run("shards.formats=[]", "output=" + folder.resolve("tokens")).succeeded();
    String[] job = {
      "tokenizer={load: " + folder.resolve("tokens/tokenizer.json") + "}", "corpus.append=true"
    };
    run(job).succeeded();
    lines("b.jsonl", 8, 12);
    run(job).succeeded();
    assertThat(ids("shards/parquet")).containsExactly("0", "3", "4", "7", "8", "11");
    assertThat(ids("validation/parquet")).containsExactly("1", "5", "9");
    assertThat(sums().testSplit()).isEqualTo(3);
  }
}

package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;

/** What is strange about the files of a corpus is reported by every command that reads it. */
final class CorpusWarningsTest {
  private static final String SPLITS =
      "data holds several splits of a data set, and all are training data here: train (1 file,"
          + " such as train.jsonl); test (1 file, such as test.jsonl)";

  @TempDir Path folder;
  private Path data;
  private Path tokenizer;

  @BeforeEach
  void writeTwoSplits() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("train.jsonl"), "{\"text\": \"a rose is a rose\"}\n");
    Files.writeString(data.resolve("test.jsonl"), "{\"text\": \"a tulip is a tulip\"}\n");
    tokenizer = folder.resolve("tokenizer");
  }

  private CommandLineRun train(Path input) {
    return CommandLineRun.line(
            "train --input %s --vocab-size 270 --pattern gpt2 --output %s", input, tokenizer)
        .succeeded();
  }

  @Test
  void aRunNamesSplitsInPlanNoteSummaryAndReport() throws IOException {
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        corpus: { inputs: [ data ] }
        tokenizer: { train: { vocabSize: 270, pattern: gpt2 } }
        output: out
        """);
    String run = job.toString();
    assertThat(CommandLineRun.of("run", run, "--explain").succeeded().out())
        .contains("# warnings\ninput ", SPLITS);
    CommandLineRun ran = CommandLineRun.of("run", run).succeeded();
    assertThat(ran.err()).containsOnlyOnce("merganser: note: input ").contains(SPLITS);
    assertThat(ran.out()).contains("  look: input ", SPLITS);
    assertThat(Files.readString(folder.resolve("out/report.html"))).contains(SPLITS);

    String meant = "corpus.inputs=['" + data + "/{train,test}.jsonl']";
    assertThat(CommandLineRun.of("run", run, "--set", meant, "--explain").succeeded().out())
        .doesNotContain("# warnings");
    String apart = "corpus={inputs: [%1$s], validationInputs: [%1$s/test.jsonl]}";
    assertThat(
            CommandLineRun.of("run", run, "--set", apart.formatted(data), "--explain")
                .succeeded()
                .out())
        .doesNotContain("# warnings");
  }

  @Test
  void otherCommandsNameSplits() throws IOException {
    CommandLineRun learned = train(data);
    assertThat(learned.err()).containsOnlyOnce(SPLITS);
    assertThat(learned.out()).contains("  look: input ", SPLITS);
    String read = " --tokenizer %s --input %s";
    assertThat(CommandLineRun.line("count" + read, tokenizer, data).succeeded().err())
        .containsOnlyOnce(SPLITS);
    Path out = folder.resolve("out");
    assertThat(
            CommandLineRun.line("encode" + read + " --output %s", tokenizer, data, out)
                .succeeded()
                .err())
        .containsOnlyOnce(SPLITS);
    assertThat(
            CommandLineRun.line("compare %s %s --input %s", tokenizer, tokenizer, data)
                .succeeded()
                .err())
        .containsOnlyOnce(SPLITS);
  }

  @Test
  void aTextWithMoreThanAThirdOfTheCorpusIsNamed() throws IOException {
    Files.delete(data.resolve("test.jsonl"));
    Path text = data.resolve("all.txt");
    Files.writeString(text, "A line of the text.\n".repeat(1 << 16));
    String giant = "all.txt is one document with 100 % of the text; format: lines or";
    assertThat(train(text).err()).containsOnlyOnce(giant);

    // A corpus of three like it has none with more than a third; a smaller one is not worth it.
    Files.copy(text, data.resolve("b.txt"));
    Files.copy(text, data.resolve("c.txt"));
    String explain =
        "run pipelines/sample.yaml --set corpus.inputs=[%s] --set corpus.format=auto --explain";
    assertThat(CommandLineRun.line(explain, data).succeeded().out())
        .doesNotContain("is one document with");
    Files.delete(data.resolve("b.txt"));
    assertThat(CommandLineRun.line(explain, data).succeeded().out())
        .contains("all.txt is one document with 50 %", "c.txt is one document with 50 %");
    Files.delete(data.resolve("c.txt"));
    Files.writeString(text, "A line of the text.\n".repeat(1 << 15));
    assertThat(CommandLineRun.line(explain, data).succeeded().out())
        .doesNotContain("is one document with");
  }
}

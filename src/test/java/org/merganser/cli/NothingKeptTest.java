package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.select.ValidationSplit;
import org.merganser.pipeline.Jobs;

/** A run that keeps no document ends with 3, names what it read, and publishes nothing. */
@Tag("run")
final class NothingKeptTest {
  private static final String KEPT_NONE = "no document was kept: ";

  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void trainATokenizer() throws IOException {
    Path corpus = Files.writeString(shared.resolve("text.txt"), "low lower lowest ".repeat(20));
    Jobs.train(shared.resolve("t"), "--input %s --vocab-size 300 --pattern qwen2", corpus);
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve("corpus").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private CommandLineRun encode(String... keys) {
    return CommandLineRun.line(
        "run %s %s", job(), Stream.of(keys).flatMap(key -> Stream.of("--set", key)).toList());
  }

  private Path job() {
    try {
      return Files.writeString(
          folder.resolve("job.yaml"),
          "corpus: {inputs: corpus}\ntokenizer: {load: '"
              + shared.resolve("t")
              + "'}\noutput: out\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireNothing(String message, String... keys) {
    for (int time = 0; time < 2; time++) { // the second time as the first
      assertThat(encode(keys).endedWith(3).err()).contains(KEPT_NONE + message);
      assertThat(folder.resolve("out/manifest.json")).doesNotExist();
    }
    if (!List.of(keys).contains("corpus.append=true")) {
      String[] words = {"count", job().toString()};
      assertThat(CommandLineRun.with(List.of(keys), words).endedWith(3).err())
          .contains(KEPT_NONE + message);
    }
  }

  @Test
  void blankLinesAndEmptyFilesAreNoDocuments() throws IOException {
    write("a.jsonl", "\n\n \n");
    requireNothing("1 file (a.jsonl) with 3 records: blank 3");
    write("a.jsonl", "");
    requireNothing("1 file (a.jsonl) without a record; check corpus.inputs");
    for (String more : new String[] {"b.jsonl", "c.jsonl", "d.jsonl"}) {
      write(more, "\n");
    }
    requireNothing("4 files (a.jsonl, b.jsonl, c.jsonl, …) with 3 records: blank 3");
  }

  @Test
  void deadLettersExcludedDocumentsAndDuplicatesAreNotKept() throws IOException {
    write(
        "a.jsonl",
        "{\"x\": 1}\n{\"id\": 1, \"text\": \"low\"}\n{\"id\": 1, \"text\": \"low\"}\n\n");
    Files.writeString(folder.resolve("ids"), "1\n");
    requireNothing(
        "1 file (a.jsonl) with 4 records: blank 1, excluded by id 2, dead letters 1"
            + " (missing-text 1), which are in ",
        "corpus.excludeIds=" + folder.resolve("ids"),
        "corpus.maxDeadLetterRate=1",
        "corpus.deduplicate=exact");
    encode("corpus.maxDeadLetterRate=1").succeeded();
  }

  @Test
  void theDeadLettersOfACountThatKeptNothingStayWhereTheMessageSays() throws IOException {
    write("a.jsonl", "{\"x\": 1}\n");
    String err = CommandLineRun.of("count", job().toString()).endedWith(3).err();
    Matcher command =
        Pattern.compile("all of them: merganser cat (\\S+) --dead-letters").matcher(err);
    assertThat(command.find()).as(err).isTrue();
    Path kept = Path.of(command.group(1));
    assertThat(CommandLineRun.of("cat", kept.toString(), "--dead-letters").succeeded().out())
        .contains("missing-text");
    PathUtils.deleteDirectory(kept);
  }

  @Test
  void documentsForValidationAloneTrainNobody() throws IOException {
    write("a.jsonl", "{\"id\": \"id-0\", \"text\": \"low\"}\n");
    int number = 0;
    while (!new ValidationSplit(0.5).holdsOut("id-" + number)) {
      number++;
    }
    write("a.jsonl", "{\"id\": \"id-" + number + "\", \"text\": \"low\"}\n");
    requireNothing(
        "1 file (a.jsonl) with 1 record: kept for validation 1", "corpus.validation=0.5");
  }

  @Test
  void trainingOnNothingFailsToo() throws IOException {
    write("a.jsonl", "\n");
    assertThat(train().endedWith(3).err())
        .contains("there is no text to train on: a.jsonl holds no document");
    write("a.jsonl", "{\"text\": \"\"}\n");
    assertThat(train().endedWith(3).err())
        .contains("a.jsonl holds 1 document, of which none is learned from");
    write("b.jsonl", "{\"text\": \"low\"}\n");
    train().succeeded();
  }

  private CommandLineRun train() {
    return CommandLineRun.line(
        "train --input %s --vocab-size 300 --pattern qwen2 --output %s",
        folder.resolve("corpus"), folder.resolve("trained"));
  }

  @Test
  void aNightWithoutNewFilesSucceeds() throws IOException {
    write("a.jsonl", "\n");
    requireNothing("1 file (a.jsonl) with 1 record: blank 1", "corpus.append=true");
    write("b.jsonl", "{\"text\": \"low\"}\n");
    encode("corpus.append=true").succeeded();
    encode("corpus.append=true").succeeded();
    write("c.jsonl", "\n");
    encode("corpus.append=true").succeeded();
  }
}

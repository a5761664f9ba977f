package org.merganser.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.cli.CommandLineRun.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;

/** Training from tables of counts, and going on from a vocabulary: {@code train} in-process. */
@Tag("run")
final class GivenCountsTest {
  private static final List<String> FRAME =
      List.of("--pattern", "qwen2", "--normalizer", "nfc", "--special-token", "<|endoftext|>");

  @TempDir static Path folder;
  private static String counted = "";

  @BeforeAll
  static void trainOnText() throws IOException {
    counted = train("counted", 0, FRAME, "--input", "sample-data/corpus", "--keep-counts");
  }

  @Test
  void givesTheVocabularyOfTheTextThatWasCounted() throws IOException {
    String counts = folder.resolve("counted/counts.parquet").toString();
    assertThat(train("parquet", 0, FRAME, "--counts", counts)).isEqualTo(counted);
  }

  @Test
  void dependsOnTheMixtureOfWeightsAndNotOnTheirSize() throws IOException {
    String counts = folder.resolve("counted/counts.parquet").toString();
    String[] weighted = words("--counts %s --count-weight 7 --min-frequency 14", counts);
    assertThat(train("weighted", 0, FRAME, weighted)).isEqualTo(counted);
  }

  @Test
  void readsTsvInByteLevelForm() throws IOException {
    Path tsv = Files.writeString(folder.resolve("counts.tsv"), "Ġab\t5\nĠac\t3\n");
    String json = train("tsv", 0, FRAME, "--counts", tsv.toString(), "--vocab-size", "259");
    assertThat(json.replaceAll("\\s", "")).contains("\"merges\":[[\"Ġ\",\"a\"],[\"Ġa\",\"b\"]]");
  }

  @Test
  void namesTheLineThatIsNotACount() throws IOException {
    Path tsv = Files.writeString(folder.resolve("bad.tsv"), "Ġab\t5\nĠac\tmany\n");
    assertThat(train("bad", 2, FRAME, "--counts", tsv.toString(), "--vocab-size", "259"))
        .contains("bad.tsv: line 2: \"many\" is not a whole number");
  }

  @Test
  void countsThatHfWouldWrapAreExactUpToABoundThatIsNamed() throws IOException {
    Path counts = folder.resolve("large.tsv");
    Files.writeString(counts, "ab\t3000000000\nac\t4294967296\nad\t1\nbcd\t3074457340754947071\n");
    String json = train("large", 0, FRAME, "--counts", counts.toString(), "--vocab-size", "260");
    assertThat(json.replaceAll("\\s", "")).contains("[[\"b\",\"c\"],[\"bc\",\"d\"],[\"a\",\"c\"]]");
    Files.writeString(counts, "bcd\t3074457345618258603\n");
    assertThat(train("too-large", 2, FRAME, "--counts", counts.toString()))
        .contains("more than 2^63 - 1 bytes, each as often as it is counted; divide all counts");
    Files.writeString(counts, "b\t9223372036854775807\nc\t1\n");
    assertThat(train("sum", 2, FRAME, "--counts", counts.toString()))
        .contains("large.tsv: line 2: the weighted counts exceed 2^63 - 1");
  }

  @Test
  void goingOnGivesWhatTrainingAtOnceGives() throws IOException {
    String small = folder.resolve("small/tokenizer.json").toString();
    train("small", 0, FRAME, "--input", "sample-data/corpus", "--vocab-size", "400");
    assertThat(train("larger", 0, List.of(), "--input", "sample-data/corpus", "--continue", small))
        .isEqualTo(counted);
  }

  @Test
  void refusesToGoOnToAVocabularyThatIsNoLarger() throws IOException {
    String from = folder.resolve("counted/tokenizer.json").toString();
    String[] more = words("--input sample-data/corpus --continue %s --vocab-size 600", from);
    assertThat(train("same", 2, List.of(), more))
        .contains("has 600 ids already; tokenizer.train.vocabSize is 600 and must be larger");
  }

  /** Trains 600 ids unless told otherwise; returns tokenizer.json, or what was printed. */
  private static String train(String name, int exitCode, List<String> frame, String... more)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train"));
    arguments.addAll(frame);
    arguments.addAll(List.of(more));
    if (!arguments.contains("--vocab-size")) {
      arguments.addAll(List.of("--vocab-size", "600"));
    }
    Path output = folder.resolve(name);
    arguments.addAll(List.of("--output", output.toString()));
    CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new)).endedWith(exitCode);
    return exitCode == 0 ? Files.readString(output.resolve("tokenizer.json")) : run.err();
  }
}

package org.merganser.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.UnitFiles;

/** The account of what a training left out. */
final class TrainingMemoryTest {
  private static final TrainingBound BOUND = new TrainingBound(1, Long.MAX_VALUE, 1000);

  @TempDir Path folder;

  private static TrainSection train(int minimum) {
    Job job =
        JobReader.of(
            List.of(
                JobReader.texts("corpus.inputs", List.of("x")),
                "tokenizer.train.vocabSize=300",
                "tokenizer.train.pattern=gpt2",
                "tokenizer.train.minPretokenCount=" + minimum,
                JobReader.text("output", "o")),
            "test");
    return Objects.requireNonNull(Objects.requireNonNull(job.tokenizer()).train());
  }

  private JsonNode written(String path) throws IOException {
    return new JsonMapper().readTree(folder.resolve(path).toFile());
  }

  @Test
  void aCutThatTheJobAsksForIsNotForced() {
    assertThat(TrainingMemory.forced(new TrainingBound.Cut(2, 5, 50, 3, 3), train(2))).isFalse();
  }

  @Test
  void aCutAboveTheJobsMinimumIsForced() {
    assertThat(TrainingMemory.forced(new TrainingBound.Cut(3, 5, 50, 3, 6), train(2))).isTrue();
  }

  @Test
  void aHigherMinimumThatLeavesNothingOutIsNotForced() {
    assertThat(TrainingMemory.forced(new TrainingBound.Cut(3, 8, 56, 0, 0), train(2))).isFalse();
  }

  private void report(TrainingBound.Cut cut) throws IOException {
    OutputLayout layout = OutputLayout.of(folder.toString(), false);
    try (UnitFiles files = new UnitFiles(layout)) {
      TrainingMemory.report(cut, BOUND, train(1), layout, files);
      files.publish(OutputLayout.AFTER_ALL_UNITS, "tokenizer", "f");
    }
  }

  @Test
  void aForcedCutLiesBesideTheTokenizer() throws IOException {
    report(new TrainingBound.Cut(3, 5, 94, 3, 6));
    JsonNode cut = written("tokenizer/" + TrainingMemory.CUT);
    assertThat(cut.path("minimumCount").asLong()).isEqualTo(3);
    assertThat(cut.path("distinctLeftOut").asLong()).isEqualTo(3);
    assertThat(cut.path("shareLeftOut").asDouble()).isEqualTo(0.06);
    assertThat(written("run/training.json").path("forcedByMemory").asBoolean()).isTrue();
  }

  @Test
  void aTrainingThatFitsLeavesNothingBesideTheTokenizer() throws IOException {
    report(new TrainingBound.Cut(1, 8, 100, 0, 0));
    assertThat(folder.resolve("tokenizer")).doesNotExist();
    assertThat(written("run/training.json").path("forcedByMemory").asBoolean()).isFalse();
    assertThat(written("run/training.json").path("memoryBytes").asLong()).isEqualTo(1000);
  }
}

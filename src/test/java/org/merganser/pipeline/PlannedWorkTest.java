package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.Compressed;
import org.merganser.job.JobReader;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.RunState;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/** How far a stage is, as progress says it. */
final class PlannedWorkTest {
  @TempDir Path folder;

  @Test
  void aFileOfMuchMoreTextThanItsSizeTellsIsHalfDoneWhenHalfOfItIsRead() throws IOException {
    Path corpus = folder.resolve("corpus.txt.gz");
    Files.write(corpus, Compressed.gzip("the same words again ".repeat(100_000)));
    PreparedRun run =
        RunPreparation.prepare(
            JobReader.of(
                List.of(
                    "corpus={inputs: ['" + corpus + "'], format: text}",
                    "tokenizer={train: {vocabSize: 280, pattern: gpt2}}",
                    "output=" + folder.resolve("out")),
                "test"));
    assertThat(run.units()).extracting(WorkUnit::bytes).containsExactly(Files.size(corpus));
    PlannedWork work = PlannedWork.of(run);
    try (RunState state = RunState.ofDriver(OutputLayout.of("out", false)).begin()) {
      for (Stage stage : List.of(Stage.COUNT, Stage.ENCODE)) {
        StageMeter meter = state.meter(stage);
        StageMeter.Tally tally = meter.tally();
        tally.add(1, 1_050_000, 200_000);
        tally.read(Files.size(corpus) / 2);
        tally.read(Files.size(corpus) / 3); // a reader that is not ahead of what was told
        tally.rangeEnds(Files.size(corpus) / 2);
        assertThat(work.share(stage, meter)).isCloseTo(0.5, within(0.001));
        tally.rangeEnds(Files.size(corpus));
        assertThat(work.share(stage, meter)).as("its file is not written yet").isEqualTo(0.99);
      }
    }
  }
}

package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobReader;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

/** One JVM may run any number of jobs, one after the other or at the same time. */
@Tag("run")
final class TwoRunsTest {
  private static final int FEW = 30;
  private static final int MANY = 170;

  @TempDir Path folder;

  @BeforeEach
  void writeCorpora() throws IOException {
    writeCorpus("few", FEW);
    writeCorpus("many", MANY);
  }

  private void writeCorpus(String name, int documents) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      text.append("{\"id\": \"").append(name).append(i).append("\", \"text\": \"");
      text.append("a text of ").append(name).append(" words and of number ").append(i * 7919L);
      text.append("\"}\n");
    }
    Files.writeString(folder.resolve(name + ".jsonl"), text);
  }

  private MerganserRun prepare(String corpus, Path out) throws IOException {
    return MerganserRun.prepare(
        JobReader.of(
            List.of(
                "corpus={inputs: ['" + folder.resolve(corpus + ".jsonl") + "'], format: jsonl}",
                "tokenizer={train: {vocabSize: 300, pattern: gpt2}}",
                "embeddings={learn: {dim: 4}}",
                "learn={ngrams: 2}",
                "output=" + out),
            "test"),
        List.of("--targetParallelism=2"),
        PreparationOptions.NONE);
  }

  private static RunSummary execute(MerganserRun run) throws IOException {
    return run.execute(new MerganserRun.Options("test", false, warning -> {}, false));
  }

  private static long figure(MerganserRun run, Stage stage, Figure figure) {
    return run.figures().get(stage).get(figure);
  }

  private static void assertFigures(MerganserRun run, Path out, int documents) throws IOException {
    assertThat(figure(run, Stage.COUNT, Figure.DOCUMENTS)).isEqualTo(documents);
    assertThat(figure(run, Stage.ENCODE, Figure.DOCUMENTS)).isEqualTo(documents);
    assertThat(figure(run, Stage.ENCODE, Figure.UNITS_DONE)).isEqualTo(1);
    assertThat(figure(run, Stage.MANIFEST, Figure.UNITS_DONE)).isEqualTo(1);
    assertThat(run.summary().work().unitsEncoded()).isEqualTo(1);
    assertThat(run.upToDate()).isTrue();
  }

  @Test
  void runsOneAfterTheOtherAndAtTheSameTimeGiveTheSameBytesAndEachItsOwnFigures() throws Exception {
    Path few = folder.resolve("few-alone");
    Path many = folder.resolve("many-alone");
    MerganserRun first = prepare("few", few);
    assertThat(execute(first).encoded().documents()).isEqualTo(FEW);
    MerganserRun second = prepare("many", many);
    assertThat(execute(second).encoded().documents()).isEqualTo(MANY);
    assertFigures(first, few, FEW);
    assertFigures(second, many, MANY);

    Path fewBeside = folder.resolve("few-beside");
    Path manyBeside = folder.resolve("many-beside");
    MerganserRun one = prepare("few", fewBeside);
    MerganserRun other = prepare("many", manyBeside);
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<RunSummary> oneDone = threads.submit(after(together, one));
      Future<RunSummary> otherDone = threads.submit(after(together, other));
      assertThat(oneDone.get().encoded().documents()).isEqualTo(FEW);
      assertThat(otherDone.get().encoded().documents()).isEqualTo(MANY);
    } finally {
      threads.shutdownNow();
    }
    assertFigures(one, fewBeside, FEW);
    assertFigures(other, manyBeside, MANY);
    assertThat(OutputTree.sums(fewBeside)).isEqualTo(OutputTree.sums(few)).isNotEmpty();
    assertThat(OutputTree.sums(manyBeside)).isEqualTo(OutputTree.sums(many));
    assertThat(names(fewBeside.resolve("run/units"))).isEqualTo(names(few.resolve("run/units")));
  }

  private static Callable<RunSummary> after(CyclicBarrier together, MerganserRun run) {
    return () -> {
      together.await();
      return execute(run);
    };
  }

  private static List<String> names(Path folder) throws IOException {
    return OutputTree.files(folder).stream().sorted().toList();
  }
}

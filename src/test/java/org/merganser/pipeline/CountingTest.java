package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.corpus.Compression;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.SimulatedCorpus;
import org.merganser.corpus.plan.UnitGroups;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.pipeline.engine.PipelineExecution;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.settings.CountingSpread;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.verify.InterruptedRunSearch;
import org.merganser.pipeline.verify.VerificationReport;

/** However counting is spread, the merged counts and the tokenizer are the same, to the byte. */
@Tag("run")
final class CountingTest {
  private static final int FILES = 14;

  @TempDir Path folder;
  private final long seed = Seeds.next();
  private final Random random = new Random(seed);

  @BeforeEach
  void writeCorpus() throws IOException {
    System.out.println("seed " + seed);
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int file = 1; file <= FILES; file++) {
      writeFile(corpus.resolve(String.format(Locale.ROOT, "%03d.jsonl", file)));
    }
  }

  /** Some words that all files share, and some that only this one has. */
  private void writeFile(Path path) throws IOException {
    StringBuilder text = new StringBuilder();
    int documents = 1 + random.nextInt(40);
    for (int document = 0; document < documents; document++) {
      text.append("{\"text\":\"");
      for (int word = 0; word < 40; word++) {
        long range = random.nextBoolean() ? 200 : 1L << 40;
        text.append(Long.toString(random.nextLong(range), 36)).append(' ');
      }
      text.append("a pretoken of more than fifteen bytes: ").append("=".repeat(20)).append("\"}\n");
    }
    Files.writeString(path, text);
  }

  private List<String> settings(Path out) {
    return List.of(
        "corpus={inputs: ['" + folder.resolve("corpus") + "'], format: jsonl}",
        "tokenizer={train: {vocabSize: 600, pattern: gpt2, keepCounts: true}}",
        "shards={formats: []}",
        "output=" + out);
  }

  /** Runs with a unit a file, counted as {@code plan} says; how many units were counted anew. */
  private long run(Path out, CountingSpread plan) throws IOException {
    Job job = JobReader.of(settings(out), "test");
    PreparedRun prepared = RunPreparation.prepare(job);
    List<WorkUnit> units = units(prepared);
    RunSpec spec = prepared.spec();
    TokenizerSource.FromText text = (TokenizerSource.FromText) spec.tokenizer();
    RunSpec planned =
        new RunSpec(
            spec.job(),
            RunPaths.unstaged(spec.paths().output()),
            new RunKind.Train(
                new TokenizerSource.FromText(
                    text.fingerprint(),
                    spec.paths().at(OutputPaths.plan(Fingerprint.of(units))),
                    plan,
                    text.countFingerprint())),
            null,
            null,
            spec.requestBeforeReading());
    PreparedRun run =
        new PreparedRun(
            prepared.paths(),
            planned,
            List.of(),
            units,
            null,
            prepared.fingerprint(),
            prepared.versions(),
            prepared.skipped(),
            prepared.waiting(),
            List.of(),
            null,
            false);
    run.mark("test");
    run.publish(true);
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(List.of("--targetParallelism=2")));
    MerganserPipeline.build(pipeline, planned);
    RunProgress driver = RunProgress.ofDriver(planned.paths());
    try (RunProgress registered = driver.begin()) {
      PipelineExecution.run(pipeline);
    }
    return driver.figures().get(Stage.COUNT).get(StageFigures.Figure.UNITS_DONE);
  }

  private static List<WorkUnit> units(PreparedRun prepared) {
    List<WorkUnit> units = new ArrayList<>();
    for (WorkUnit unit : prepared.trainingUnits()) {
      for (FileRange range : unit.ranges()) {
        units.add(new WorkUnit(units.size(), List.of(range)));
      }
    }
    return units;
  }

  private static List<Path> countFiles(Path out) throws IOException {
    return OutputTree.files(out).stream()
        .filter(path -> path.matches("run/counts/.*/unit-.*"))
        .sorted()
        .map(out::resolve)
        .toList();
  }

  @Test
  void anyGroupingPartitionsAndMemoryGiveTheSameCountsAndTokenizer() throws IOException {
    Path plain = folder.resolve("plain");
    Path job = Files.writeString(folder.resolve("job.yaml"), "{}");
    CommandLineRun.with(settings(plain), "run", job.toString()).succeeded();
    SortedMap<String, String> expected = OutputTree.sums(plain);
    assertThat(expected).containsKeys("tokenizer.json", "counts.parquet");
    List<CountingSpread> plans = new ArrayList<>();
    plans.add(new CountingSpread(0, 32, 4_000_000));
    plans.add(
        new CountingSpread(Long.MAX_VALUE / 4, 1, 1)); // one unit, spilled after each document
    plans.add(new CountingSpread(Long.MAX_VALUE / 4, 512, 4_000_000));
    for (int i = 0; i < 2; i++) {
      plans.add(
          new CountingSpread(
              random.nextInt(100_000), 1 + random.nextInt(64), 1 + random.nextInt(5_000)));
    }
    for (CountingSpread plan : plans) {
      Path out = folder.resolve("out-" + plans.indexOf(plan));
      assertThat(run(out, plan)).isEqualTo(countFiles(out).size());
      assertThat(OutputTree.sums(out)).as("seed %s: %s", seed, plan).isEqualTo(expected);
    }
    assertThat(countFiles(folder.resolve("out-0"))).hasSize(FILES);
    assertThat(countFiles(folder.resolve("out-1"))).hasSize(1);
  }

  @Test
  void whatACountingUnitLeavesDoesNotDependOnItsMemory() throws IOException {
    StringBuilder large = new StringBuilder(); // a document that is spilled before its end
    for (int word = 0; word < 60_000; word++) {
      large.append(Long.toString(random.nextLong(1L << 20), 36)).append(' ');
    }
    Files.writeString(folder.resolve("corpus/large.jsonl"), "{\"text\":\"" + large + "\"}\n");
    long whole = Long.MAX_VALUE / 4;
    run(folder.resolve("large"), new CountingSpread(whole, 8, 4_000_000));
    run(folder.resolve("small"), new CountingSpread(whole, 8, 100));
    assertThat(countFiles(folder.resolve("small")).get(0))
        .hasSameBinaryContentAs(countFiles(folder.resolve("large")).get(0));
  }

  @Test
  void aCountingUnitWhoseFileIsDamagedIsCountedAgainAndTheOthersNot() throws IOException {
    Path out = folder.resolve("out");
    CountingSpread plan = new CountingSpread(30_000, 16, 1_000);
    run(out, plan);
    SortedMap<String, String> expected = OutputTree.sums(out);
    List<Path> counts = countFiles(out);
    assertThat(counts).as("seed %s", seed).hasSizeBetween(2, FILES);
    Path damaged = counts.get(random.nextInt(counts.size()));
    byte[] whole = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(whole, whole.length / 2));
    Files.delete(out.resolve("tokenizer.json"));
    long again = run(out, plan);
    assertThat(damaged).as("seed %s", seed).hasBinaryContent(whole);
    assertThat(again).as("seed %s", seed).isEqualTo(1);
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  @Test
  void anUnfinishedRunKnowsThatACountingUnitsFileIsThatOfAllItsUnits() throws IOException {
    OutputPaths paths = OutputPaths.of(folder.resolve("out").toString());
    SimulatedCorpus large =
        new SimulatedCorpus(4_000, 40L << 30, InputFormat.JSONL, Compression.NONE);
    List<WorkUnit> units = CorpusPlanner.plan(large.list());
    List<List<WorkUnit>> groups = new ArrayList<>();
    UnitGroups gathering = new UnitGroups(CountingSpread.of(units).targetBytes(), groups::add);
    units.forEach(gathering::add);
    gathering.end();
    List<WorkUnit> counted = groups.stream().filter(g -> g.size() > 1).findFirst().orElseThrow();
    PlanFile.write(paths.at("run/plan/p.jsonl"), units);
    try (UnitFiles files = new UnitFiles(RunPaths.unstaged(paths))) {
      int number = counted.get(0).number();
      files.write(OutputPaths.unitCounts("u", "f", number), new byte[1]);
      files.publish(number, Stage.COUNT.label(), "f");
    }
    RunRecord record =
        new RunRecord(
            "",
            null,
            "run/plan/p.jsonl",
            "t",
            false,
            null,
            "",
            NullNode.getInstance(),
            null,
            List.of());
    List<Integer> missing =
        InterruptedRunSearch.find(RunPaths.unstaged(paths), record, false).missing().stream()
            .map(VerificationReport.MissingUnit::unit)
            .toList();
    assertThat(missing)
        .hasSize(units.size() - counted.size())
        .doesNotContainAnyElementsOf(counted.stream().map(WorkUnit::number).toList());
  }

  @Test
  void aCorpusThatHasGrownIsCountedAsAFreshOne() throws IOException {
    Path out = folder.resolve("out");
    CountingSpread plan = new CountingSpread(30_000, 16, 4_000_000);
    run(out, plan);
    writeFile(folder.resolve("corpus/000.jsonl")); // all other units have another number now
    run(out, plan);
    Path fresh = folder.resolve("fresh");
    assertThat(run(fresh, plan)).isEqualTo(countFiles(fresh).size());
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(fresh));
  }
}

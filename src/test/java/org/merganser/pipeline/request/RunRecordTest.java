package org.merganser.pipeline.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobReader;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.verify.InterruptedRun;
import org.merganser.pipeline.verify.InterruptedRunSearch;
import org.merganser.store.ChecksummedFile;

/** The last run that began, as a later process finds it, and what it says is missing. */
final class RunRecordTest {
  @TempDir Path folder;
  private OutputPaths paths;

  /** Of the last run that began. */
  private RunPaths staged;

  @BeforeEach
  void writeCorpus() throws IOException {
    paths = OutputPaths.of(folder.resolve("out").toString());
    staged = RunPaths.unstaged(paths);
    Files.writeString(folder.resolve("corpus.txt"), "low lower lowest ".repeat(40));
  }

  private List<String> settings(String... settings) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "corpus={inputs: ['" + folder.resolve("corpus.txt") + "'], format: text}",
                "tokenizer={train: {vocabSize: 270, pattern: gpt2}}",
                "output=" + paths.root()));
    all.addAll(List.of(settings));
    return all;
  }

  private PreparedRun begin(String... settings) throws IOException {
    PreparedRun run = RunPreparation.prepare(JobReader.of(settings(settings), "test"));
    run.mark("merganser run job.yaml");
    staged = run.spec().paths();
    return run;
  }

  @Test
  void aRunWhoseRecordIsGoneOrDamagedNamesIt() throws IOException {
    begin();
    Path record = Path.of(staged.at(OutputPaths.RECORD));
    assertThat(RunRecord.ofActiveRun(staged)).isEqualTo(RunRecord.find(staged));
    Files.writeString(record, "{}");
    assertThatThrownBy(() -> RunRecord.ofActiveRun(staged))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(record + ": was deleted or damaged while the run was active");
    Files.delete(record);
    assertThatThrownBy(() -> RunRecord.ofActiveRun(staged)).hasMessageContaining(record.toString());
  }

  @Test
  void isFoundAsItWasPublishedWithPathsBelowTheFolder() throws IOException {
    PreparedRun run = begin();
    RunRecord record = RunRecord.find(staged);
    assertThat(record)
        .hasToString(
            RunRecord.of(run.spec(), run.paths(), List.of(), "merganser run job.yaml").toString());
    assertThat(record.plan()).startsWith("run/plan/").isEqualTo(record.trainingPlan());
    assertThat(paths.at(record.plan())).isEqualTo(((RunKind.Encode) run.spec().kind()).plan());
  }

  @Test
  void hasNoPlanOfWhatIsNotDone() throws IOException {
    begin("shards={formats: []}");
    RunRecord record = RunRecord.find(staged);
    assertThat(record.plan()).isNull();
    assertThat(record.trainingPlan()).isNotNull();
    assertThat(record.tokenizerAtRoot()).isTrue();
  }

  @Test
  void knowsTheVocabularyOfTheLastFinishedRunAlsoAfterAttemptsThatWereCutShort()
      throws IOException {
    begin();
    assertThat(RunRecord.find(staged).vocabularyBefore()).isNull();
    List<String> job = List.of("shards={formats: [parquet]}", "report={enabled: false}");
    MerganserRun run =
        MerganserRun.prepare(
            JobReader.of(settings(job.toArray(String[]::new)), "test"),
            List.of(),
            PreparationOptions.NONE);
    run.execute(new MerganserRun.Options("test", true, warning -> {}, false));
    String first = MerganserRun.manifest(paths.root()).tokenizerSha256();
    for (int attempt = 0; attempt < 2; attempt++) {
      PreparedRun cutShort = begin("tokenizer={train: {vocabSize: 260, pattern: gpt2}}");
      assertThat(RunRecord.find(cutShort.spec().paths()).vocabularyBefore()).isEqualTo(first);
    }
  }

  @Test
  void countsAsAbsentWhereThereIsNoneOrItIsDamaged() throws IOException {
    assertThat(RunRecord.find(staged)).isNull();
    begin();
    Path file = Path.of(staged.at(OutputPaths.RECORD));
    Files.writeString(file, Files.readString(file).substring(0, 40));
    assertThat(RunRecord.find(staged)).isNull();
  }

  @Test
  void keysOfALaterVersionAreIgnored() throws IOException {
    begin();
    RunRecord before = RunRecord.find(staged);
    String file = staged.at(OutputPaths.RECORD);
    String json = new String(ChecksummedFile.find(file), StandardCharsets.UTF_8);
    ChecksummedFile.publish(
        file, json.replaceFirst("\\{", "{\"later\":1,").getBytes(StandardCharsets.UTF_8));
    assertThat(RunRecord.find(staged)).isEqualTo(before);
  }

  @Test
  void aRunThatWasCutBeforeItsFirstUnitMissesAllOfThem() throws IOException {
    PreparedRun run = begin();
    run.publish(true);
    InterruptedRun unfinished = InterruptedRunSearch.find(staged, RunRecord.find(staged), true);
    assertThat(unfinished.done())
        .containsExactly(
            "count: 0 of 1 unit done", "tokenizer: not yet learned", "encode: 0 of 1 unit done");
    assertThat(unfinished.missing())
        .extracting(missing -> missing.stage() + " " + missing.unit() + " " + missing.files())
        .containsExactly("count 0 [corpus.txt]", "encode 0 [corpus.txt]");
    assertThat(unfinished.vouched()).isEmpty();
  }

  @Test
  void aRunThatWasCutBeforeItsPlanSaysSo() throws IOException {
    begin();
    InterruptedRun unfinished = InterruptedRunSearch.find(staged, RunRecord.find(staged), false);
    assertThat(unfinished.missing()).isEmpty();
    assertThat(unfinished.done()).contains("encode: 0 of 0 units done");
  }

  @Test
  void aShardThatIsGoneIsMissingAgainThoughItsReceiptIsThere() throws IOException {
    begin();
    MerganserRun.prepare(
            RunRecord.find(staged).job("the run's own job"), List.of(), PreparationOptions.NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
    staged = RunPaths.unstaged(paths);
    RunRecord record = RunRecord.find(staged);
    InterruptedRun whole = InterruptedRunSearch.find(staged, record, true);
    assertThat(whole.missing()).isEmpty();
    assertThat(whole.vouched()).contains("shards/parquet/part-0000000-000.parquet");
    Files.delete(Path.of(paths.at(OutputPaths.shard(false, "", 0, 0))));
    InterruptedRun damaged = InterruptedRunSearch.find(staged, record, false);
    assertThat(damaged.missing())
        .extracting("stage", "unit")
        .containsExactly(org.assertj.core.groups.Tuple.tuple("encode", 0));
    assertThat(damaged.vouched()).doesNotContain("shards/parquet/part-0000000-000.parquet");
  }
}

package org.merganser.pipeline.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.Job;
import org.merganser.job.JobChange;
import org.merganser.job.JobReader;
import org.merganser.job.JobWriter;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;

class ReplacedResultTest {
  /** A corpus and a run that has finished. */
  @TempDir static Path finished;

  @TempDir Path folder;

  @BeforeAll
  static void runOnce() throws IOException {
    Files.createDirectories(finished.resolve("corpus"));
    Files.writeString(finished.resolve("corpus/a.txt"), "low lower lowest ".repeat(40));
    MerganserRun.prepare(JobReader.of(settings(), "test"), List.of(), PreparationOptions.NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
  }

  private static List<String> settings(String... more) {
    List<String> settings = new ArrayList<>();
    settings.add("corpus={inputs: ['" + finished.resolve("corpus") + "'], format: text}");
    settings.add("tokenizer={train: {vocabSize: 270, pattern: gpt2}}");
    settings.add("output=" + finished.resolve("out"));
    settings.addAll(List.of(more));
    return settings;
  }

  /** What a job would replace in a copy of the finished output. */
  private ReplacedResult ofJob(String... more) throws IOException {
    List<String> all = settings(more);
    all.set(2, "output=" + folder);
    return ReplacedResult.of(RunPreparation.prepare(JobReader.of(all, "test")));
  }

  @Test
  void anOutputWithoutAResultHasNothingToReplace() throws IOException {
    ReplacedResult none = ofJob();
    assertThat(none.changes()).isEmpty();
    assertThat(none.refusal(false)).isNull();
  }

  @Test
  void comparesTheJobOfTheManifestOrElseOfTheRecord() throws IOException {
    OutputTree.copy(finished.resolve("out"), folder);
    assertThat(ofJob().changes()).isEmpty();
    ReplacedResult other = ofJob("shards.maxTokens=9");
    assertThat(other.changes()).extracting(JobChange::path).containsExactly("shards.maxTokens");
    assertThat(other.files()).matches("its \\d+ files \\(1 documents, \\d+ tokens\\)");
    assertThat(other.appends()).isFalse();

    Files.writeString(folder.resolve("manifest.json"), "{");
    assertThat(ofJob().refusal(false)).as("this job wrote it").isNull();
    ReplacedResult damaged = ofJob("shards.maxTokens=9");
    assertThat(damaged.changes()).extracting(JobChange::path).containsExactly("shards.maxTokens");
    assertThat(damaged.refusal(false))
        .contains("its files (manifest.json, which lists them, is damaged or missing)");
    Files.delete(folder.resolve("manifest.json"));
    assertThat(ofJob("shards.maxTokens=9").refusal(false)).contains("is damaged or missing");
  }

  @Test
  void anotherNameOfATokenizerWithTheSameContentIsNoChange() throws IOException {
    Path copy = folder.resolve("copy.json");
    Files.copy(finished.resolve("out/tokenizer/tokenizer.json"), copy);
    List<String> loads = settings();
    loads.set(1, "tokenizer={load: '" + finished.resolve("out") + "'}");
    loads.set(2, "output=" + folder.resolve("loaded"));
    MerganserRun.prepare(JobReader.of(loads, "test"), List.of(), PreparationOptions.NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
    loads.set(1, "tokenizer={load: '" + copy + "'}");
    PreparedRun same = RunPreparation.prepare(JobReader.of(loads, "test"));
    assertThat(ReplacedResult.of(same).changes()).isEmpty();
    Files.writeString(copy, Files.readString(copy) + "\n");
    PreparedRun other = RunPreparation.prepare(JobReader.of(loads, "test"));
    assertThat(ReplacedResult.of(other).changes())
        .extracting(JobChange::path)
        .containsExactly("tokenizer.load");
  }

  @Test
  void shardsAreKeptUnlessAKeyDecidesTheirBytes() {
    assertThat(run(false, FILES).keepsShards()).isTrue();
    for (String key :
        List.of("corpus.inputs=[corpus, more]", "shards.formats=[npy]", "report.enabled=false")) {
      assertThat(run(false, FILES, key).keepsShards()).as(key).isTrue();
    }
    for (String key :
        List.of("shards.maxTokens=9", "tokenizer={load: u.json}", "shards.endOfDocument=end")) {
      assertThat(run(false, FILES, key, "shards.formats=[npy]").keepsShards()).as(key).isFalse();
    }
  }

  private static final String FILES = "its 7 files (2 documents, 9 tokens)";

  private static Job job(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of("corpus={inputs: [corpus]}", "tokenizer={load: t.json}", "output=out"));
    settings.addAll(List.of(more));
    return JobReader.of(settings, "the job");
  }

  private static ReplacedResult run(boolean appends, String files, String... settings) {
    List<JobChange> changes = JobChange.between(JobWriter.portable(job()), "", job(settings));
    return new ReplacedResult("out", appends, changes, files);
  }

  @Test
  void namesEachKeyWhatItDecidesAndBothWaysOn() {
    assertThat(run(false, FILES, "shards.maxTokens=9", "embeddings={table: t}").refusal(false))
        .isEqualTo(
            "out holds the result of another job, which differs in shards.maxTokens: null (now 9),"
                + " which decides shards\n"
                + "  this run would replace or delete those of its 7 files (2 documents, 9 tokens)"
                + " that would differ\n"
                + "  add --replace to do so, or name another output");
  }

  @Test
  void listsSixKeysAndCountsTheOthers() {
    List<String> keys =
        List.of(
            "corpus.validation=0.1",
            "corpus.textField=a",
            "corpus.idField=b",
            "corpus.exclude=[c]",
            "corpus.invalidUtf8=bytes",
            "shards.maxTokens=1",
            "shards.maxBytes=9",
            "shards.keep=[url]");
    assertThat(run(false, FILES, keys.toArray(String[]::new)).refusal(false))
        .contains("shards.maxTokens", "; and 2 more\n")
        .doesNotContain("shards.keep");
    assertThat(run(false, FILES, keys.subList(0, 6).toArray(String[]::new)).refusal(false))
        .contains("shards.maxTokens")
        .doesNotContain("more\n");
  }

  @Test
  void refusesNothingThatReplacesNothingOrWhereReplaceIsSaid() {
    assertThat(run(false, FILES).refusal(false)).isNull();
    assertThat(run(false, FILES, "report.enabled=false").refusal(false)).isNull();
    assertThat(run(false, FILES, "shards.maxTokens=9").refusal(true)).isNull();
    assertThat(run(false, null, "shards.maxTokens=9").refusal(false)).as("no document").isNull();
  }

  @Test
  void aRunThatAddsToAStateMayHaveOtherInputsAndReplacesNoFileOfTheState() {
    assertThat(run(true, FILES, "corpus.inputs=[corpus, more]").refusal(false)).isNull();
    assertThat(run(false, FILES, "corpus.inputs=[corpus, more]").refusal(false))
        .contains("corpus.inputs: ", "which decides documents");
    assertThat(run(true, FILES, "shards.formats=[npy]").refusal(true)).as("added").isNull();
    assertThat(run(true, FILES, "shards.shuffle={seed: 2}").refusal(true))
        .isEqualTo(
            "out has versions of corpus.append, which list files that this run would replace or"
                + " delete: shards.shuffle: null (now {\"seed\":2,\"of\":null}); --replace does not"
                + " replace them: put the key back, or name another output");
    for (String change : List.of("shards.endOfDocument=end", "tokenizer.specialText=parse")) {
      assertThat(run(true, FILES, change).refusal(true))
          .contains(change.substring(0, change.indexOf('=')), "--replace does not replace them");
    }
  }
}

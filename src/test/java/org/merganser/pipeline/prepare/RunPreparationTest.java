package org.merganser.pipeline.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merganser.pipeline.prepare.PreparationOptions.NONE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobException;
import org.merganser.job.JobReader;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.settings.ContinuedVocabulary;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.TokenizerSource;

/** What is decided and refused before a run begins. */
final class RunPreparationTest {
  private static final String TRAIN = "tokenizer={train: {vocabSize: 280, pattern: gpt2}}";

  private static final String FINISHED =
      "tokenizer={train: {vocabSize: 270, pattern: gpt2, keepCounts: true, specialTokens:"
          + " ['<|end|>']}}";

  /** A run that has finished: with a tokenizer, a table of counts and shards. */
  @TempDir static Path finished;

  @TempDir Path folder;
  private Path out;

  @BeforeAll
  static void runOnce() throws IOException {
    Files.writeString(finished.resolve("corpus.txt"), "low lower lowest ".repeat(40));
    MerganserRun.prepare(
            JobReader.of(List.of(corpus(), FINISHED, "output=" + finished.resolve("out")), "test"),
            List.of(),
            NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
  }

  @BeforeEach
  void nameOutput() {
    out = folder.resolve("out");
  }

  private static String corpus() {
    return "corpus={inputs: ['" + finished.resolve("corpus.txt") + "'], format: text}";
  }

  private static String of(String path) {
    return finished.resolve("out").resolve(path).toString();
  }

  private PreparedRun prepare(String... settings) throws IOException {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("output=" + out);
    return RunPreparation.prepare(JobReader.of(all, "test"));
  }

  private void assertRefused(String message, String... settings) {
    assertThatThrownBy(() -> prepare(settings))
        .isInstanceOfAny(RunException.class, JobException.class)
        .hasMessageContaining(message);
    assertThat(Files.exists(folder.resolve("out/run"))).isFalse();
  }

  @Test
  void refusesWhatIsNeitherAFieldPathNorATemplate() {
    assertThatThrownBy(
            () ->
                prepare(
                    corpus(),
                    TRAIN,
                    "corpus.textField='{title} {body'",
                    "corpus.idField='a[x]'",
                    "shards.groupBy='lang}'"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(
            "corpus.textField: \"{title} {body\" is not a template of fields: the { at character 8"
                + " has no }; { itself is written {{")
        .hasMessageContaining("corpus.idField: \"a[x]\" is not the path of a field:")
        .hasMessageContaining("shards.groupBy: \"lang}\" is not a template of fields:");
  }

  @Test
  void aJobThatTrainsAndEncodesReadsOnePlanTwice() throws IOException {
    PreparedRun run = prepare(corpus(), TRAIN);
    RunKind.Encode encode = (RunKind.Encode) run.spec().kind();
    TokenizerSource.FromText text = (TokenizerSource.FromText) run.spec().tokenizer();
    assertThat(text.plan()).isEqualTo(encode.plan());
    assertThat(run.spec().plans()).containsExactly(encode.plan());
    assertThat(run.units()).hasSize(1).isEqualTo(run.trainingUnits());
    assertThat(run.spec().measures()).isTrue();
  }

  @Test
  void otherInputsForTrainingHaveAPlanOfTheirOwn() throws IOException {
    Path other = Files.writeString(folder.resolve("other.txt"), "other words");
    PreparedRun run =
        prepare(
            corpus(),
            "tokenizer={train: {vocabSize: 280, pattern: gpt2, inputs: ['" + other + "']}}");
    assertThat(run.spec().plans()).hasSize(2);
    assertThat(run.trainingUnits()).isNotEqualTo(run.units());
  }

  @Test
  void theOutputFolderOfARunStandsForItsTokenizer() throws IOException {
    String run = finished.resolve("out").toString();
    String file = of("tokenizer/tokenizer.json");
    PreparedRun loading =
        prepare(corpus(), "tokenizer={load: '" + run + "'}", "report={reference: '" + run + "'}");
    assertThat(loading.loaded().json()).isEqualTo(Files.readAllBytes(Path.of(file)));
    assertThat(loading.spec().job().tokenizer().load()).as("as it was written").isEqualTo(run);
    PreparedRun going =
        prepare(corpus(), "tokenizer={train: {vocabSize: 290, continueFrom: '" + run + "'}}");
    assertThat(ContinuedVocabulary.location(going.spec().job())).isEqualTo(file);
  }

  @Test
  void theOutputFolderOfARunStandsForTheTableOfItsJob() throws IOException {
    Path table = folder.resolve("table.parquet");
    Jobs.table(table, 300, 4);
    String run = folder.resolve("with-table").toString();
    MerganserRun.prepare(
            JobReader.of(
                List.of(
                    corpus(),
                    "tokenizer={load: '" + finished.resolve("out") + "'}",
                    "embeddings={table: '" + table + "'}",
                    "output=" + run),
                "test"),
            List.of(),
            NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
    PreparedRun joining =
        prepare("shards={from: '" + run + "'}", "embeddings={table: '" + run + "'}");
    assertThat(joining.spec().table().location()).isEqualTo(table.toString());
  }

  @Test
  void anExplanationCountsShardsThatOtherInputReplaces() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "low lower lowest");
    List<String> settings =
        List.of(
            "corpus={inputs: ['" + text + "'], format: text}",
            "tokenizer={load: '" + finished.resolve("out") + "'}",
            "output=" + out);
    MerganserRun run = MerganserRun.prepare(JobReader.of(settings, "test"), List.of(), NONE);
    run.execute(new MerganserRun.Options("test", false, warning -> {}, false));
    int files = (int) MerganserRun.manifest(out.toString()).outputs().lines();
    assertThat(explanation(settings))
        .contains("0 units to encode; at most " + (files - 1) + " files of " + files);
    Files.writeString(text, "low lower lowest of all");
    assertThat(explanation(settings))
        .contains("1 unit to encode; at most " + files + " files of " + files);
  }

  private static String explanation(List<String> settings) throws IOException {
    return MerganserRun.prepare(JobReader.of(settings, "test"), List.of(), NONE).explanation();
  }

  @Test
  void anOutputThatIsABrokenLinkIsRefusedWithItsTarget() throws IOException {
    Files.createSymbolicLink(out, Path.of("no/such"));
    assertRefused("output: " + out + " is a link to no/such, which is not there", corpus(), TRAIN);
  }

  @Test
  void aFolderWithoutATokenizerIsRefusedWithItsKey() {
    assertRefused(
        "tokenizer.load: " + finished + " is a folder without a tokenizer.json",
        corpus(),
        "tokenizer={load: '" + finished + "'}");
  }

  @Test
  void aJobWithoutShardsOnlyTrains() throws IOException {
    PreparedRun run = prepare(corpus(), TRAIN, "shards={formats: []}");
    assertThat(run.spec().kind()).isInstanceOf(RunKind.Train.class);
    assertThat(run.units()).isEmpty();
    assertThat(run.trainingUnits()).hasSize(1);
    assertThat(run.spec().measures()).isFalse();
  }

  @Test
  void givenCountsAreLearnedFromWithoutAPlan() throws IOException {
    PreparedRun run =
        prepare(
            "tokenizer={train: {vocabSize: 260, pattern: gpt2, counts: ['"
                + of("tokenizer/counts.parquet")
                + "']}}",
            "shards={formats: []}");
    assertThat(run.spec().tokenizer()).isInstanceOf(TokenizerSource.FromCounts.class);
    assertThat(run.spec().plans()).isEmpty();
  }

  @Test
  void aLoadedTokenizerIsPublishedInTheOutput() throws IOException {
    PreparedRun run =
        prepare(corpus(), "tokenizer={load: '" + of("tokenizer/tokenizer.json") + "'}");
    TokenizerSource.Loaded loaded = (TokenizerSource.Loaded) run.spec().tokenizer();
    assertThat(loaded.file().location())
        .startsWith(out + "/.merganser-staged/")
        .endsWith("/tokenizer/tokenizer.json");
    assertThat(run.trainingUnits()).isEmpty();
    assertThat(run.loaded()).isNotNull();
  }

  @Test
  void whatARunLearnedBeforeIsNotLearnedAgainWhenMoreIsAskedFor() throws IOException {
    out = finished.resolve("out");
    PreparedRun run = prepare(corpus(), FINISHED, "shards={formats: [parquet, bin]}");
    assertThat(run.spec().tokenizer()).isInstanceOf(TokenizerSource.LearnedBefore.class);
    assertThat(run.trainingUnits()).isEmpty();
    assertThat(run.units()).hasSize(1);
  }

  @Test
  void shardsOfAnEarlierRunBringItsTokenizer() throws IOException {
    PreparedRun run = prepare("shards={from: '" + finished.resolve("out") + "', formats: [bin]}");
    RunKind.FromShards from = (RunKind.FromShards) run.spec().kind();
    assertThat(from.earlier()).containsExactly(OutputPaths.of(finished.resolve("out").toString()));
    assertThat(from.tokenizer().file().location()).isEqualTo(of("tokenizer/tokenizer.json"));
    assertThat(run.textBytes()).as("not known").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theEarlierRunItselfIsNoOutput() {
    out = finished.resolve("out");
    assertThatThrownBy(() -> prepare("shards={from: '" + out + "', formats: [bin]}"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("are the same folder");
  }

  @Test
  void whatTheJobNamesAndIsNotThereIsRefused() {
    String missing = folder.resolve("missing").toString();
    assertRefused(
        "tokenizer.load: " + missing + ": there is no such file",
        corpus(),
        "tokenizer={load: '" + missing + "'}");
    assertRefused(
        "tokenizer.train.counts: " + missing + ": there is no such file",
        "tokenizer={train: {vocabSize: 260, pattern: gpt2, counts: ['" + missing + "']}}",
        "shards={formats: []}");
    assertRefused(
        "embeddings.table: " + missing + ": there is no such file",
        corpus(),
        TRAIN,
        "embeddings={table: '" + missing + "'}");
    assertRefused(
        "report.reference: " + missing + ": there is no such file",
        corpus(),
        TRAIN,
        "report={reference: '" + missing + "'}");
  }

  @Test
  void anEndOfDocumentThatTheTokenizerDoesNotHaveIsRefused() {
    assertRefused(
        "shards.endOfDocument: \"<|none|>\" is not a token of "
            + of("tokenizer/tokenizer.json")
            + "; its special tokens are [<|end|>]",
        corpus(),
        "tokenizer={load: '" + of("tokenizer/tokenizer.json") + "'}",
        "shards={endOfDocument: '<|none|>'}");
  }

  @Test
  void aFolderOfSomebodyElseIsRefused() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("theirs"), "theirs");
    assertRefused(
        "output: %s is not empty and was not written by merganser (it has no run/merganser.json);"
                .formatted(out)
            + " name another folder, or empty it yourself",
        corpus(),
        TRAIN);
    Files.delete(out.resolve("theirs"));
    assertThat(prepare(corpus(), TRAIN).units()).as("an empty folder is taken").hasSize(1);
  }

  @Test
  void aFileIsNoOutput() throws IOException {
    Files.writeString(out, "a file");
    assertRefused("output: " + out + " is a file; name a folder", corpus(), TRAIN);
    Path file = out;
    out = file.resolve("below/it");
    assertRefused(
        "%s cannot be made: %s is a file and no folder".formatted(out, file), corpus(), TRAIN);
  }

  @Test
  void theFingerprintChangesWithTheJobAndTheInputAndNotWithTheOutput() throws IOException {
    String fingerprint = prepare(corpus(), TRAIN).fingerprint();
    assertThat(prepare(corpus(), TRAIN, "report={enabled: false}").fingerprint())
        .isNotEqualTo(fingerprint);
    out = folder.resolve("other");
    assertThat(prepare(corpus(), TRAIN).fingerprint()).isEqualTo(fingerprint);
  }
}

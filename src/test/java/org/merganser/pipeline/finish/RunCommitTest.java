package org.merganser.pipeline.finish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.JobReader;
import org.merganser.output.Commit;
import org.merganser.output.CommitJournal;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;

/** What a run checks before it publishes, and what its commit replaces and deletes. */
final class RunCommitTest {
  private static final String STAGED = ".merganser-staged/" + "0123456789abcdef".repeat(2) + "/";

  /** A corpus and a run that has finished. */
  @TempDir static Path finished;

  @TempDir Path folder;
  private Path out;
  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void runOnce() throws IOException {
    Files.writeString(finished.resolve("corpus.txt"), "low lower lowest ".repeat(40));
    execute(finished.resolve("out"));
  }

  @BeforeEach
  void copyTheOutput() throws IOException {
    out = folder.resolve("out");
    OutputTree.copy(finished.resolve("out"), out);
  }

  private static Job job(Path out, String... more) {
    List<String> settings = new ArrayList<>();
    settings.add("corpus={inputs: ['" + finished.resolve("corpus.txt") + "'], format: text}");
    settings.add("tokenizer={train: {vocabSize: 270, pattern: gpt2}}");
    settings.add("output=" + out);
    settings.addAll(List.of(more));
    return JobReader.of(settings, "test");
  }

  private static void execute(Path out, String... more) throws IOException {
    MerganserRun.prepare(job(out, more), List.of(), PreparationOptions.NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
  }

  private RunCommit prepared(Path out, String... more) throws IOException {
    PreparedRun run = RunPreparation.prepare(job(out, more));
    return new RunCommit(run);
  }

  private void write(String path, String content) throws IOException {
    Files.createDirectories(out.resolve(path).getParent());
    Files.writeString(out.resolve(path), content);
  }

  @Test
  void aRunBeginsOnlyInTheVersionForWhichItWasPrepared() throws IOException {
    RunCommit run = prepared(out, "shards.maxTokens=100");
    run.begin(notes::add);
    String manifest = Files.readString(out.resolve("manifest.json"));
    write("manifest.json", manifest + "\n");
    assertThatThrownBy(() -> run.begin(notes::add))
        .isInstanceOf(RunException.class)
        .hasMessage(out + ": another run has finished here since this one began; start it again");
    write("manifest.json", manifest);
    write("run/commit.json", "{}");
    assertThatThrownBy(() -> run.begin(notes::add)).hasMessageContaining("start it again");
    assertThat(notes).isEmpty();
  }

  @Test
  void aFileWhereTheRunNeedsAFolderIsRefusedBeforeItsWork() throws IOException {
    Path empty = folder.resolve("empty");
    RunCommit run = prepared(empty);
    assertThatCode(() -> run.begin(notes::add)).doesNotThrowAnyException();
    Files.createDirectories(empty.resolve("shards"));
    assertThatCode(() -> run.begin(notes::add)).doesNotThrowAnyException();
    Files.writeString(empty.resolve("validation"), "of a user");
    assertThatThrownBy(() -> run.begin(notes::add))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(empty + "/validation is a file, where this run needs a folder");
  }

  @Test
  void whatAFirstRunThatWasKilledHasLeftIsUsedAndSaid() throws IOException {
    out = folder.resolve("killed");
    RunCommit run = prepared(out);
    write(STAGED + "dataset.json", "x");
    write(STAGED + "notes.txt", "x");
    run.begin(notes::add);
    assertThat(notes)
        .containsExactly(
            out
                + ": a run that never finished has left files there, and nothing was ever"
                + " published; this run uses those of its 1 files that it would write itself, and"
                + " deletes the others");
    run.begin(notes::add);
    assertThat(notes).as("its own stage is no news").hasSize(1);
  }

  @Test
  void whatAnotherRunHasStagedBesideAVersionIsNoNews() throws IOException {
    write(STAGED + "dataset.json", "x");
    prepared(out, "shards.maxTokens=100").begin(notes::add);
    assertThat(notes).isEmpty();
    assertThat(StagedFiles.paths(paths())).hasSize(1);
  }

  private OutputPaths paths() {
    return OutputPaths.of(out.toString());
  }

  /** A commit of a version with another manifest, cut before a step. */
  private void cutBefore(String cut) throws IOException {
    write(STAGED + "manifest.json", "another manifest");
    SortedMap<String, String> moves =
        new TreeMap<>(Map.of("manifest.json", STAGED + "manifest.json"));
    CommitJournal journal =
        CommitJournal.of(
            Commit.manifestInPlace(out.toString()),
            Commit.moves(out.toString(), moves, new HashMap<>()),
            List.of(),
            List.of(".merganser-staged"));
    assertThatThrownBy(
            () ->
                Commit.carryOut(
                    out.toString(),
                    journal,
                    step -> {
                      if (step.equals(cut)) {
                        throw new IOException(cut);
                      }
                    }))
        .hasMessage(cut);
  }

  private void complete(boolean replace) throws IOException {
    RunCommit.completeCut(paths(), "test", replace, notes::add);
  }

  @Test
  void aCommitThatWasCutIsCompletedOnce() throws IOException {
    complete(false);
    assertThat(notes).isEmpty();
    cutBefore("move manifest.json");
    complete(false);
    assertThat(out.resolve("manifest.json")).hasContent("another manifest");
    complete(false);
    assertThat(notes)
        .containsExactly(out + ": completed the publication of an earlier run, which was cut");
  }

  private void isDroppedWhenTheUserReplaces() throws IOException {
    assertThat(notes).isEmpty();
    assertThat(Commit.state(out.toString())).isNotEqualTo(Commit.State.NONE);
    complete(true);
    assertThat(notes)
        .containsExactly(out + ": dropped the journal of a publication that cannot be completed");
    assertThat(Commit.state(out.toString())).isEqualTo(Commit.State.NONE);
  }

  @Test
  void aCommitBesideTheManifestOfAnotherVersionIsDroppedOnlyWhenTheUserReplaces()
      throws IOException {
    String before = Commit.manifestInPlace(out.toString());
    cutBefore("delete manifest.json");
    write("manifest.json", "of a backup");
    assertThatThrownBy(() -> complete(false))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("replaces the version " + before + " by ")
        .hasMessageContaining("now has the sha256 " + Commit.manifestInPlace(out.toString()));
    isDroppedWhenTheUserReplaces();
    assertThat(out.resolve("manifest.json")).hasContent("of a backup");
  }

  @Test
  void aDamagedJournalIsDroppedOnlyWhenTheUserReplaces() throws IOException {
    write("run/commit.json", "{}");
    assertThatThrownBy(() -> complete(false))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(
            out + "/run/commit.json, the journal of a publication that was cut, is damaged");
    isDroppedWhenTheUserReplaces();
  }

  @Test
  void aCommitDeletesTheFilesThatTheVersionDoesNotHave() throws IOException {
    assertThat(out.resolve("report.html")).exists();
    write("run/damaged", "");
    Files.delete(out.resolve("run/times.json"));
    write("shards/notes.txt", "of a user");
    execute(out, "report.enabled=false", "shards.formats=[npy]");
    assertThat(out.resolve("report.html")).doesNotExist();
    assertThat(out.resolve("run/damaged")).doesNotExist();
    assertThat(out.resolve("shards/notes.txt")).exists();
    assertThat(OutputTree.sums(out, "shards/")).containsKey("shards/npy/part-0000000-000.npy");
    Files.delete(out.resolve("shards/notes.txt"));
    assertThat(ManifestVerification.check(out.toString(), true).findings()).isEmpty();
    assertThat(out.resolve(".merganser-staged")).doesNotExist();
    assertThat(out.resolve("run/times.json")).exists();
    execute(out);
    assertThat(out.resolve("report.html")).exists();
    assertThat(OutputTree.sums(out, "shards/npy/")).isEmpty();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(finished.resolve("out")));
  }

  @Test
  void aCommitDeletesReceiptsWithoutTheirFilesAndWhatLacksAReceipt() throws IOException {
    List<String> units =
        OutputTree.files(out).stream().filter(path -> path.startsWith("run/units/")).toList();
    String f = "fedcba9876543210".repeat(2);
    String shard = OutputPaths.shard(false, "", 7, 0);
    try (UnitFiles files = new UnitFiles(RunPaths.unstaged(paths()))) {
      files.write(shard, new byte[] {1});
      files.publish(7, UnitReceipt.ENCODE, f);
    }
    Files.delete(out.resolve(shard));
    List<String> unused =
        List.of(
            UnitReceipt.path(f, 7),
            UnitReceipt.path(f, 8),
            "run/units/" + f + "/0000009.begun",
            OutputPaths.sample(UnitReceipt.path(f, 9), 0),
            OutputPaths.texts(UnitReceipt.path(f, 9), 0),
            OutputPaths.plan(f));
    for (String path : unused.subList(1, unused.size())) {
      write(path, "{}");
    }
    write("run/units/" + f + "/notes.txt", "of a user");
    execute(out, "shards.formats=[npy]");
    assertThat(unused).noneMatch(path -> Files.exists(out.resolve(path)));
    assertThat(units).isNotEmpty().allMatch(path -> Files.exists(out.resolve(path)));
    assertThat(out.resolve("run/units/" + f + "/notes.txt")).exists();
  }

  @Test
  void aFileOfAUserInThePlaceOfAnOutputIsKeptAndNothingIsPublished() throws IOException {
    write("shards/npy/part-0000000-000.npy", "of a user");
    String manifest = Files.readString(out.resolve("manifest.json"));
    assertThatThrownBy(() -> execute(out, "shards.formats=[npy]"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("shards/npy/part-0000000-000.npy is there, and no run of this");
    assertThat(out.resolve("shards/npy/part-0000000-000.npy")).hasContent("of a user");
    assertThat(out.resolve("manifest.json")).hasContent(manifest);
  }

  @Test
  void aRunThatAppendsKeepsTheVersionInPlaceAndItsOwn() throws IOException {
    out = folder.resolve("grown");
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    String inputs = "corpus={inputs: ['" + corpus + "'], format: text, append: true}";
    Files.writeString(corpus.resolve("a.txt"), "low lower lowest ".repeat(40));
    String loaded = "tokenizer={load: '" + finished.resolve("out") + "'}";
    execute(out, inputs, loaded);
    String first = Commit.manifestInPlace(out.toString());
    Files.writeString(corpus.resolve("b.txt"), "new newer newest ".repeat(40));
    OutputTree.delete(out.resolve("states"));
    execute(out, inputs, loaded);
    assertThat(new OutputVersions(paths()).history())
        .extracting(OutputVersions.Version::sha256)
        .containsExactly(Commit.manifestInPlace(out.toString()), first);
    assertThat(new OutputVersions(paths()).isKept()).isTrue();
    Files.writeString(corpus.resolve("c.txt"), "wide wider widest ".repeat(40));
    execute(out, inputs, loaded);
    assertThat(new OutputVersions(paths()).history()).hasSize(3);
  }
}

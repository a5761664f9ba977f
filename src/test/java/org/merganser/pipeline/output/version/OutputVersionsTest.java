package org.merganser.pipeline.output.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobException;
import org.merganser.job.JobReader;
import org.merganser.output.Commit;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputVersions.Version;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.store.UnusableFileException;

/** What is known of the versions of an output that grew twice, and of damaged ones. */
final class OutputVersionsTest {
  private static final String F = "0123456789abcdef".repeat(2);

  @TempDir static Path finished;

  /** The sha256 of the manifests, oldest first. */
  private static final List<String> VERSIONS = new ArrayList<>();

  @TempDir Path folder;
  private Path out;
  private OutputPaths paths;
  private OutputVersions versions;

  @BeforeAll
  static void growTwice() throws IOException {
    VERSIONS.clear();
    Path corpus = Files.createDirectories(finished.resolve("corpus"));
    Files.writeString(corpus.resolve("a.txt"), "low lower lowest ".repeat(40));
    String inputs = "corpus={inputs: ['" + corpus + "'], format: text, append: %s}";
    run(
        inputs.formatted(false),
        "tokenizer={train: {vocabSize: 270, pattern: gpt2}}",
        "output=" + finished.resolve("trained"));
    for (String file : List.of("a", "b", "c")) {
      Files.writeString(corpus.resolve(file + ".txt"), (file + " new newer newest ").repeat(40));
      run(
          inputs.formatted(true),
          "tokenizer={load: '" + finished.resolve("trained") + "'}",
          "report.enabled=false",
          "output=" + finished.resolve("out"));
      VERSIONS.add(Commit.manifestInPlace(finished.resolve("out").toString()));
    }
  }

  private static void run(String... settings) throws IOException {
    MerganserRun.prepare(
            JobReader.of(List.of(settings), "test"), List.of(), PreparationOptions.NONE)
        .execute(new MerganserRun.Options("test", false, warning -> {}, false));
  }

  @BeforeEach
  void copyTheOutput() throws IOException {
    out = folder.resolve("out");
    OutputTree.copy(finished.resolve("out"), out);
    paths = OutputPaths.of(out.toString());
    versions = new OutputVersions(paths);
  }

  private Path state(int version, String list) {
    return out.resolve("states").resolve(VERSIONS.get(version)).resolve(list);
  }

  private List<String> history() throws IOException {
    return versions.history().stream().map(Version::sha256).toList();
  }

  private static void spoil(Path file) throws IOException {
    Files.writeString(file, Files.readString(file) + " ");
  }

  @Test
  void theHistoryGoesBackToTheFirstVersion() throws IOException {
    assertThat(history()).containsExactly(VERSIONS.get(2), VERSIONS.get(1), VERSIONS.get(0));
    assertThat(versions.history())
        .extracting(Version::folder)
        .containsExactly("", "states/" + VERSIONS.get(1) + "/", "states/" + VERSIONS.get(0) + "/");
    assertThat(versions.newestSha256()).isEqualTo(VERSIONS.get(2));
    assertThat(versions.base()).isEqualTo(versions.history().get(0));
    assertThat(versions.inputs()).extracting(Map::size).containsExactly(1, 2, 3);
    assertThat(versions.inputPaths(null)).isEmpty();
    Set<String> first = versions.inputPaths(VERSIONS.get(0));
    assertThat(first).hasSize(1).isEqualTo(versions.inputs().get(0).keySet());
    assertThat(versions.inputPaths(VERSIONS.get(2))).hasSize(3).containsAll(first);
    assertThat(versions.manifest(VERSIONS.get(1)).parent()).isEqualTo(VERSIONS.get(0));
    assertThat(versions.isKept()).isTrue();
  }

  @Test
  void aVersionThatIsMissingOrChangedEndsTheHistoryAndIsNoBase() throws IOException {
    spoil(state(0, "manifest.json"));
    assertThat(history()).containsExactly(VERSIONS.get(2), VERSIONS.get(1));
    assertThat(versions.isKept()).isFalse();
    assertThatThrownBy(() -> versions.base())
        .isInstanceOf(RunException.class)
        .hasMessageContaining(out + "/states/" + VERSIONS.get(0))
        .hasMessageContaining("is missing or was changed; nothing was written");
    assertThatThrownBy(() -> versions.manifest(VERSIONS.get(0)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("is missing or was changed");
    OutputTree.delete(out.resolve("states").resolve(VERSIONS.get(1)));
    assertThat(history()).containsExactly(VERSIONS.get(2));
  }

  /** The copy of the newest version is made again by the next run, so it is not needed. */
  @Test
  void theNewestVersionIsThatInPlaceOrElseTheOneThatTheLastRunNames() throws IOException {
    OutputTree.delete(out.resolve("states").resolve(VERSIONS.get(2)));
    assertThat(versions.base()).isNotNull();
    assertThat(versions.manifest(VERSIONS.get(2)).parent()).isEqualTo(VERSIONS.get(1));
    OutputTree.copy(finished.resolve("out/states"), folder.resolve("states"));
    Files.move(
        folder.resolve("states").resolve(VERSIONS.get(2)),
        out.resolve("states").resolve(VERSIONS.get(2)));
    spoil(out.resolve("manifest.json"));
    assertThat(versions.newestSha256()).as("of run/finished.json").isEqualTo(VERSIONS.get(2));
    assertThat(versions.base()).isNotNull();
    Files.delete(out.resolve("run/finished.json"));
    Files.delete(out.resolve("manifest.json"));
    assertThat(versions.newestSha256()).as("addsTo of run/run.json").isEqualTo(VERSIONS.get(1));
    Files.delete(out.resolve("run/run.json"));
    assertThatThrownBy(() -> versions.newestSha256())
        .isInstanceOf(RunException.class)
        .hasMessageContaining(out + "/run/run.json: is missing or was changed");
    OutputTree.delete(out.resolve("states"));
    assertThat(versions.newestSha256()).isNull();
    assertThat(versions.base()).isNull();
    assertThat(versions.history()).isEmpty();
    Files.createDirectories(out.resolve("states"));
    Files.writeString(out.resolve("states/.tmp-merganser-1"), "of a first run that was killed");
    assertThat(versions.newestSha256()).isNull();
  }

  @Test
  void aDamagedManifestOfWhichNoCopyIsKeptIsNamed() throws IOException {
    Files.writeString(out.resolve("manifest.json"), "{");
    OutputTree.delete(out.resolve("states").resolve(VERSIONS.get(2)));
    assertThatThrownBy(() -> versions.base())
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(out + "/manifest.json")
        .hasMessageContaining("is damaged");
  }

  @Test
  void aRunThatAddsToAVersionHasItsShards() throws IOException {
    List<WrittenFile> made = FinishedOutput.at(paths).outputs();
    for (String version : VERSIONS) {
      versions.requireShards(version, made);
    }
    String first = versions.shards(VERSIONS.get(0)).keySet().iterator().next();
    assertThat(versions.shards(VERSIONS.get(0))).containsOnlyKeys(first);
    assertThat(versions.shards(VERSIONS.get(2))).hasSize(3).containsKey(first);
    List<WrittenFile> changed = new ArrayList<>();
    for (WrittenFile file : made) {
      String sha256 = file.path().equals(first) ? F + F : file.sha256();
      changed.add(new WrittenFile(file.path(), file.size(), sha256, 0, 0));
    }
    List<WrittenFile> less = made.stream().filter(file -> !file.path().equals(first)).toList();
    for (List<WrittenFile> wrong : List.of(changed, less)) {
      assertThatThrownBy(() -> versions.requireShards(VERSIONS.get(0), wrong))
          .isInstanceOf(RunException.class)
          .hasMessageStartingWith(
              first + ": has other bytes than in the version " + VERSIONS.get(0));
    }
  }

  @Test
  void keepsAVersionByCopiesOfItsListsThatAreNotThereYet() throws IOException {
    RunPaths run = RunPaths.of(paths, F);
    assertThat(OutputVersions.keep(paths, run)).isEqualTo(VERSIONS.get(2));
    assertThat(StagedFiles.paths(paths)).isEmpty();
    spoil(state(2, "inputs.jsonl"));
    Files.delete(state(2, "manifest.json"));
    Files.createDirectory(state(2, "manifest.json"));
    OutputVersions.keep(paths, run);
    String stage = ".merganser-staged/" + F + "/states/" + VERSIONS.get(2) + "/";
    assertThat(StagedFiles.paths(paths))
        .containsExactlyInAnyOrder(stage + "inputs.jsonl", stage + "manifest.json");
    for (String list : List.of("inputs.jsonl", "manifest.json")) {
      assertThat(out.resolve(stage + list)).hasSameBinaryContentAs(out.resolve(list));
    }
  }

  @Test
  void theFilesOfVersionsAreKnownByTheirManifestsTheirChildrenAndTheRecords() throws IOException {
    assertThat(versions.ownFiles()).hasSize(9).allMatch(path -> path.startsWith("states/"));
    spoil(state(0, "manifest.json"));
    assertThat(versions.ownFiles()).as("parent of the second").hasSize(9);
    Files.writeString(state(1, "manifest.json"), "{");
    assertThat(versions.ownFiles())
        .as("the second is the parent of the third; no version names the first now")
        .hasSize(6)
        .noneMatch(path -> path.contains(VERSIONS.get(0)));
    Files.writeString(state(2, "manifest.json"), "{");
    assertThat(versions.ownFiles()).as("the records name the last two").hasSize(6);
    Files.writeString(state(2, "notes.txt"), "of a user");
    assertThat(versions.ownFiles()).noneMatch(path -> path.endsWith("notes.txt"));
    assertThatThrownBy(() -> versions.requireNone())
        .isInstanceOf(JobException.class)
        .hasMessageContaining("has versions of corpus.append, whose shards no run replaces");
    OutputTree.delete(out.resolve("states"));
    assertThatThrownBy(() -> versions.requireNone()).isInstanceOf(JobException.class);
    Files.delete(out.resolve("run/run.json"));
    versions.requireNone();
  }
}

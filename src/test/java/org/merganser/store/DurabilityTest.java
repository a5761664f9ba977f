package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;

/**
 * What a run publishes survives a loss of power. The renames, deletes and forces of runs are
 * recorded in order; the JVM's own event {@code jdk.FileForce} says that each force was one of the
 * operating system.
 */
@Tag("run")
final class DurabilityTest {
  private static final String TEMPORARY = FileStore.TEMPORARY_PREFIX;

  private record Change(String what, Path path, Path from) {}

  private final List<Change> changes = new ArrayList<>();
  private final LocalDisk.Recorder before = LocalDisk.recorder;

  @TempDir Path folder;
  private Path out;

  private void record() {
    LocalDisk.recorder =
        new LocalDisk.Recorder() {
          @Override
          public synchronized void moved(Path from, Path to) {
            changes.add(new Change("move", to, from));
          }

          @Override
          public synchronized void deleted(Path path) {
            changes.add(new Change("delete", path, path));
          }

          @Override
          public synchronized void forced(Path path) {
            changes.add(new Change("force", path, path));
          }
        };
  }

  @AfterEach
  void stop() {
    LocalDisk.recorder = before;
  }

  private CommandLineRun run(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "corpus={inputs: ['" + folder.resolve("corpus") + "'], format: lines}",
                "shards.groupBy=null",
                "shards.formats=[parquet, npy]",
                "embeddings=null",
                "tokenizer.train.vocabSize=300"));
    all.addAll(List.of(more));
    return Jobs.lean(out, all);
  }

  private void writeACorpus() throws IOException {
    out = folder.resolve("out");
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.txt"), "one line\nanother line\n".repeat(20));
  }

  /** Files that are lost or left without harm: the next run deletes drafts and stages. */
  private boolean mustSurvive(Path path) {
    String name = out.toAbsolutePath().relativize(path.toAbsolutePath()).toString();
    return path.toAbsolutePath().startsWith(out.toAbsolutePath())
        && !name.contains(TEMPORARY)
        && !name.contains(".merganser-staged")
        && !Set.of("run/holder.json", "run/waiting.json").contains(name)
        && !name.startsWith("run/workers")
        && !name.startsWith("run/sequences"); // one that comes back is deleted by the next commit
  }

  private List<Change> after(int number) {
    return changes.subList(number + 1, changes.size());
  }

  private boolean isForcedAfter(int number, Path folderOf) {
    return after(number).stream()
        .anyMatch(c -> c.what().equals("force") && c.path().toAbsolutePath().equals(folderOf));
  }

  private void requireDurable() {
    Set<Path> forcedFiles = new TreeSet<>();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      Path path = change.path().toAbsolutePath();
      if (change.what().equals("force")) {
        forcedFiles.add(path);
      } else if (change.what().equals("move")) {
        Path from = change.from().toAbsolutePath();
        boolean isFile = !from.toString().contains(TEMPORARY + "probe");
        if (isFile && Files.notExists(from.resolve("."))) {
          assertThat(forcedFiles)
              .as("content of %s before it is named %s", from, path)
              .contains(from);
          forcedFiles.add(path);
        }
        if (isFile) {
          assertThat(isForcedAfter(i, path.getParent())).as("name of %s", path).isTrue();
        }
      } else if (mustSurvive(path)) {
        assertThat(isForcedAfter(i, path.getParent())).as("deletion of %s", path).isTrue();
      }
    }
  }

  /** The commit: the journal is durable first, and all moves before the new manifest. */
  private void requireOrderOfTheCommit() {
    List<String> order = new ArrayList<>();
    Path root = out.toAbsolutePath();
    for (Change change : changes) {
      Path path = change.path().toAbsolutePath();
      if (path.startsWith(root) && !path.toString().contains(TEMPORARY)) {
        order.add(change.what() + " " + root.relativize(path));
      }
    }
    int journal = order.lastIndexOf("move run/commit.json");
    int manifest = order.lastIndexOf("move manifest.json");
    int last = order.lastIndexOf("delete run/commit.json");
    assertThat(journal).isBetween(0, manifest);
    assertThat(last).isGreaterThan(manifest);
    assertThat(order.subList(journal, manifest)).contains("force run", "delete manifest.json");
    assertThat(order.indexOf("delete manifest.json")).isGreaterThan(journal);
    Map<String, Integer> moved = new TreeMap<>();
    for (int i = journal + 1; i < manifest; i++) {
      if (order.get(i).startsWith("move ")) {
        Path parent = Path.of(order.get(i).substring(5)).getParent();
        moved.put(parent == null ? "" : parent.toString(), i);
      }
    }
    moved.forEach(
        (where, number) ->
            assertThat(order.subList(number, manifest)).as(where).contains("force " + where));
    assertThat(order.subList(manifest, last)).contains("force ", "force run");
    assertThat(order.subList(last, order.size())).contains("force run");
  }

  @Test
  void allThatARunPublishesAndDeletesIsForcedInOrder() throws IOException {
    writeACorpus();
    run().succeeded();
    Path events = folder.resolve("forces.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
      recording.start();
      record();
      run("tokenizer.train.vocabSize=310", "shards.formats=[parquet]", "--replace").succeeded();
      recording.stop();
      recording.dump(events);
    }
    requireDurable();
    requireOrderOfTheCommit();
    long forced = changes.stream().filter(change -> change.what().equals("force")).count();
    long ofTheSystem =
        RecordingFile.readAllEvents(events).stream()
            .filter(event -> event.getEventType().getName().equals("jdk.FileForce"))
            .count();
    assertThat(ofTheSystem).as("forces of the system").isGreaterThanOrEqualTo(forced);
    assertThat(forced).isGreaterThan(20);
  }

  @Test
  void theFirstRunForcesTheNameOfTheOutputFolder() throws IOException {
    writeACorpus();
    record();
    run().succeeded();
    requireDurable();
    assertThat(changes)
        .anyMatch(c -> c.what().equals("force") && c.path().toAbsolutePath().equals(folder));
  }
}

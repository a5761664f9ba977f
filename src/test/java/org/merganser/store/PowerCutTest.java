package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/**
 * The power is cut after each change that a run makes to its disk. The folder is built again as the
 * disk has it then, by two laws: on ext4 and XFS any force makes all earlier names durable, on
 * btrfs only a force of their folder does. Content that was not forced is lost. Then the published
 * version is whole or a journal is there, and the same command ends with the bytes of an
 * undisturbed run.
 */
@Tag("soak")
final class PowerCutTest {
  private enum Law {
    EXT4,
    BTRFS
  }

  /** A change of the disk; {@code content} of a file that is forced, else null. */
  private record Change(String what, String path, String from, byte[] content) {}

  private static final JsonMapper JSON = new JsonMapper();

  private final LocalDisk.Recorder before = LocalDisk.recorder;

  @TempDir Path folder;
  private Path corpus;

  @AfterEach
  void stop() {
    LocalDisk.recorder = before;
  }

  private CommandLineRun run(Path out, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "corpus={inputs: ['" + corpus + "'], format: lines, append: true}",
                "tokenizer={load: '" + folder.resolve("trained") + "'}",
                "shards.groupBy=null",
                "shards.formats=[parquet, npy]",
                "embeddings=null"));
    all.addAll(List.of(more));
    return Jobs.lean(out, all);
  }

  /** The changes below {@code out} that a run makes. */
  private List<Change> record(Path out, String... more) {
    List<Change> changes = new ArrayList<>();
    Path root = out.toAbsolutePath();
    LocalDisk.recorder =
        new LocalDisk.Recorder() {
          private String name(Path path) {
            return root.relativize(path.toAbsolutePath()).toString();
          }

          private synchronized void add(Path path, Change change) {
            if (path.toAbsolutePath().startsWith(root)) {
              changes.add(change);
            }
          }

          @Override
          public void moved(Path from, Path to) {
            add(to, new Change("move", name(to), name(from), null));
          }

          @Override
          public void deleted(Path path) {
            add(path, new Change("delete", name(path), "", null));
          }

          @Override
          public void forced(Path path) {
            try {
              boolean isFile = Files.isRegularFile(path);
              byte[] content = isFile ? Files.readAllBytes(path) : null;
              add(path, new Change(isFile ? "content" : "folder", name(path), "", content));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    run(out, more).succeeded();
    LocalDisk.recorder = before;
    return changes;
  }

  private static String parent(String path) {
    return path.indexOf('/') < 0 ? "" : path.substring(0, path.lastIndexOf('/'));
  }

  /** The files that the disk has after the first changes, by path. */
  private static Map<String, byte[]> disk(
      Map<String, byte[]> start, List<Change> changes, int count, Law law) {
    Map<String, byte[]> names = new HashMap<>(start);
    Map<String, byte[]> durable = new HashMap<>(start);
    Map<String, byte[]> forced = new HashMap<>();
    for (Change change : changes.subList(0, count)) {
      switch (change.what()) {
        case "content" -> forced.put(change.path(), change.content());
        case "move" -> {
          byte[] content = names.remove(change.from());
          byte[] lost = content == null ? new byte[0] : content;
          names.put(change.path(), forced.getOrDefault(change.from(), lost));
        }
        case "delete" -> names.remove(change.path());
        default -> {}
      }
      boolean isForce = change.what().equals("content") || change.what().equals("folder");
      if (isForce && law == Law.EXT4) {
        durable = new HashMap<>(names);
      } else if (change.what().equals("folder")) {
        durable.keySet().removeIf(path -> parent(path).equals(change.path()));
        for (Map.Entry<String, byte[]> name : names.entrySet()) {
          if (parent(name.getKey()).equals(change.path())) {
            durable.put(name.getKey(), name.getValue());
          }
        }
      }
    }
    return durable;
  }

  private static Map<String, byte[]> read(Path out) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    if (Files.isDirectory(out)) {
      for (String path : OutputTree.files(out)) {
        files.put(path, Files.readAllBytes(out.resolve(path)));
      }
    }
    return files;
  }

  private static void write(Map<String, byte[]> files, Path out) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.createDirectories(out.resolve(file.getKey()).getParent());
      Files.write(out.resolve(file.getKey()), file.getValue());
    }
  }

  private static void requireAVersionOrAJournal(Path out, boolean wasPublished) throws IOException {
    boolean hasManifest = Files.exists(out.resolve("manifest.json"));
    if (!hasManifest) {
      assertThat(!wasPublished || Files.exists(out.resolve("run/commit.json"))).isTrue();
      return;
    }
    for (String line : Files.readAllLines(out.resolve("outputs.jsonl"))) {
      JsonNode file = JSON.readTree(line);
      assertThat(Sha256.of(out.resolve(file.get("path").asText())))
          .isEqualTo(file.get("sha256").asText());
    }
  }

  private void survivesEveryCut(Path start, String... settings) throws IOException {
    Path whole = folder.resolve("whole");
    if (Files.exists(start)) {
      OutputTree.copy(start, whole);
    }
    boolean wasPublished = Files.exists(whole.resolve("manifest.json"));
    Map<String, byte[]> files = read(whole);
    List<Change> changes = record(whole, settings);
    SortedMap<String, String> expected = OutputTree.sums(whole);
    int cuts = 0;
    for (Law law : Law.values()) {
      for (int count = 0; count <= changes.size(); count++) {
        Path cut = folder.resolve("cut");
        write(disk(files, changes, count, law), cut);
        requireAVersionOrAJournal(cut, wasPublished);
        run(cut, settings).succeeded();
        assertThat(OutputTree.sums(cut)).as("%s, change %s", law, count).isEqualTo(expected);
        OutputTree.delete(cut);
        cuts++;
      }
    }
    OutputTree.delete(whole);
    System.out.println(cuts + " cuts of " + changes.size() + " changes");
  }

  private void writeACorpus() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.txt"), "one line\nanother line\n".repeat(20));
    Jobs.train(
        folder.resolve("trained"),
        "--input=%s --vocab-size=270 --pattern=gpt2 --special-token=<|endoftext|>",
        corpus.resolve("a.txt"));
  }

  @Test
  void aFirstRunANightAndAReplacementSurviveACutAfterEveryChange() throws IOException {
    writeACorpus();
    Path first = folder.resolve("first");
    survivesEveryCut(first);
    run(first).succeeded();
    Files.writeString(corpus.resolve("b.txt"), "a third line\n".repeat(30));
    survivesEveryCut(first);
    Path alone = folder.resolve("alone");
    run(alone, "corpus.append=false").succeeded();
    survivesEveryCut(alone, "corpus.append=false", "shards.endOfDocument=null", "--replace");
  }

  /** The model itself: what is not forced is lost, whatever the run has seen. */
  @Test
  void whatIsNotForcedIsLost() throws IOException {
    List<Change> changes =
        List.of(
            new Change("content", "d/.tmp", "", new byte[] {1}),
            new Change("move", "d/file", "d/.tmp", null),
            new Change("folder", "other", "", null),
            new Change("folder", "d", "", null));
    assertThat(disk(Map.of(), changes, 2, Law.EXT4)).isEmpty();
    assertThat(disk(Map.of(), changes, 3, Law.EXT4)).containsKey("d/file");
    assertThat(disk(Map.of(), changes, 3, Law.BTRFS)).isEmpty();
    assertThat(disk(Map.of(), changes, 4, Law.BTRFS)).containsKey("d/file");
    try (Stream<Path> none = Files.list(folder)) {
      assertThat(none).isEmpty();
    }
    assertThat(new TreeMap<>(disk(Map.of("a", new byte[0]), List.of(), 0, Law.BTRFS)))
        .containsOnlyKeys("a");
  }
}

package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.verify.FolderVerification;
import org.merganser.pipeline.verify.VerificationReport.State;

/** The versions of {@code corpus.append}: no run replaces a shard that one of them lists. */
@Tag("run")
final class AppendedVersionsTest {
  @TempDir static Path folder;
  private static Path twoStates;
  private Path own;
  private Path out;

  /** A corpus of three files, of which an output with two versions has read two. */
  @BeforeEach
  void writeTwoStates(TestInfo test) throws IOException {
    if (twoStates == null) {
      Jobs.train(
          folder.resolve("tokenizer"),
          "--input=sample-data/corpus --vocab-size=300 --pattern=gpt2");
      own = folder.resolve("first");
      Files.createDirectories(own.resolve("corpus"));
      out = folder.resolve("two-versions");
      add("m", "the first text");
      run().succeeded();
      add("z", "a second text");
      run().succeeded();
      twoStates = out;
    }
    own = folder.resolve(test.getTestMethod().orElseThrow().getName());
    OutputTree.copy(folder.resolve("first"), own);
    out = own.resolve("out");
    OutputTree.copy(twoStates, out);
  }

  private void add(String name, String text) throws IOException {
    Files.writeString(own.resolve("corpus").resolve(name + ".txt"), text);
  }

  private CommandLineRun run(String... more) throws IOException {
    Path job = own.resolve("job.yaml");
    Files.writeString(
        job,
        """
        corpus: {inputs: [corpus], format: text, append: true}
        tokenizer: {load: ../tokenizer}
        report: {enabled: false}
        output: %s
        """
            .formatted(out));
    String[] arguments = new String[more.length + 2];
    arguments[0] = "run";
    arguments[1] = job.toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return CommandLineRun.of(arguments);
  }

  private static String state(Path out, int number) throws IOException {
    return new OutputVersions(OutputPaths.of(out.toString())).history().get(number).sha256();
  }

  /** Nothing is written by a run that is refused. */
  private void requireRefused(String error) throws IOException {
    add("c", "a third text");
    SortedMap<String, String> before = OutputTree.sums(out);
    assertThat(run().endedWith(8).err()).contains(error);
    assertThat(OutputTree.sums(out)).isEqualTo(before);
  }

  private String firstManifest() throws IOException {
    return "states/" + state(out, 1) + "/manifest.json";
  }

  @Test
  void lostStatesAreFoundAndRefused() throws IOException {
    String manifest = firstManifest();
    OutputTree.delete(out.resolve("states"));
    assertThat(CommandLineRun.of("verify", out.toString()).endedWith(1).out())
        .contains("is damaged", "missing  " + manifest);
    assertThat(CommandLineRun.of("log", out.toString()).endedWith(8).err())
        .contains("before these is missing or changed");
    requireRefused(manifest + ": is missing or was changed; nothing was written");
  }

  @Test
  void aRunThatFailsLeavesTheVersionAndLostOnesAreRefusedWithoutAManifestAsWell()
      throws IOException {
    String newest = state(out, 0);
    SortedMap<String, String> before = OutputTree.sums(out);
    run("--set=corpus.format=lines", "--replace").endedWith(8);
    SortedMap<String, String> published = OutputTree.sums(out);
    published.keySet().removeIf(path -> path.startsWith(".merganser-staged/"));
    assertThat(published).isEqualTo(before);
    CommandLineRun.of("verify", out.toString()).succeeded();
    assertThat(state(out, 0)).isEqualTo(newest);
    Files.delete(out.resolve("manifest.json"));
    OutputTree.delete(out.resolve("states").resolve(newest));
    requireRefused(newest + "/manifest.json: is missing or was changed");
    OutputTree.delete(out.resolve("states"));
    requireRefused(newest + "/manifest.json: is missing or was changed");
  }

  @Test
  void aChangedManifestOfAStateIsRefused() throws IOException {
    Path manifest = out.resolve(firstManifest());
    String json = Files.readString(manifest);
    Files.writeString(manifest, json + " ");
    assertThat(CommandLineRun.of("verify", out.toString()).endedWith(1).out())
        .contains("sha256  " + out.relativize(manifest));
    requireRefused(out.relativize(manifest) + ": is missing or was changed");
  }

  @Test
  void aStateThatIsItsOwnParentIsRefused() throws IOException {
    Path manifest = out.resolve(firstManifest());
    String sha256 = manifest.getParent().getFileName().toString();
    String json = Files.readString(manifest).stripTrailing();
    Files.writeString(
        manifest, json.substring(0, json.length() - 1) + ", \"parent\": \"" + sha256 + "\"}");
    requireRefused("manifest.json: is missing or was changed");
  }

  /** Random bits in every file; the run refuses, or writes its own copy of the newest anew. */
  @Test
  void everyChangedBitOfAStateIsFound() throws IOException {
    Random random = new Random(Seeds.next());
    OutputPaths paths = OutputPaths.of(out.toString());
    String newest = state(out, 0);
    for (String path : OutputTree.files(out.resolve("states"))) {
      Path file = out.resolve("states").resolve(path);
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < Seeds.cases(32); i++) {
        OutputTree.flipABit(file, random);
        assertThat(FolderVerification.verify(out.toString(), false, List.of()).state())
            .as(path)
            .isEqualTo(State.DAMAGED);
        if (!path.startsWith(newest)) {
          assertThatThrownBy(() -> new OutputVersions(paths).base())
              .isInstanceOf(RunException.class)
              .hasMessageContaining("is missing or was changed");
        }
        Files.write(file, whole);
      }
    }
  }

  /** The run reads the published list, which is whole, and mends the copy. */
  @Test
  void aDamagedListOfTheKeptCopyOfThePublishedVersionIsMended() throws IOException {
    Path copy = out.resolve("states").resolve(state(out, 0)).resolve("inputs.jsonl");
    byte[] whole = Files.readAllBytes(copy);
    String path = "\"path\":\"";
    int inPath = new String(whole, StandardCharsets.ISO_8859_1).indexOf(path) + path.length();
    for (int at : new int[] {0, inPath, whole.length / 2, whole.length - 2}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(copy, damaged);
      assertThat(run().succeeded().out()).contains("added nothing");
      assertThat(copy).as("byte %d", at).hasBinaryContent(whole);
    }
  }

  /** Damage that the run can mend is mended, with the same bytes and the same versions. */
  @Test
  void aDamagedListOrShardIsMadeAgain() throws IOException {
    SortedMap<String, String> whole = OutputTree.sums(out);
    Random random = new Random(Seeds.next());
    for (String path :
        List.of("manifest.json", "inputs.jsonl", "outputs.jsonl", "run/finished.json")) {
      OutputTree.flipABit(out.resolve(path), random);
      run().succeeded();
      assertThat(OutputTree.sums(out)).as(path).isEqualTo(whole);
    }
    Files.delete(out.resolve("manifest.json"));
    Files.delete(out.resolve("shards/parquet/part-0000000-000.parquet"));
    run().succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(whole);
  }

  @Test
  void aShardOfAStateIsNeverReplacedWithOtherBytes() throws IOException {
    SortedMap<String, String> before = OutputTree.sums(out, "shards/");
    SortedMap<String, String> versions = OutputTree.sums(out, "states/");
    add("m", "THE FIRST TEXT"); // its size stays
    add("c", "a third text");
    assertThat(run().endedWith(8).err()).contains("m.txt (14 bytes when it was encoded, 14 since");
    add("m", "the first text");
    assertThat(run("--set=corpus.format=lines", "--replace").endedWith(8).err())
        .contains("part-0000000-000.parquet: has other bytes than in the version")
        .contains("No shard of the version was replaced");
    assertThat(OutputTree.sums(out, "shards/")).containsAllEntriesOf(before);
    assertThat(OutputTree.sums(out, "states/")).isEqualTo(versions);
    run().succeeded();
    assertThat(OutputTree.sums(out, "shards/")).containsAllEntriesOf(before).hasSize(3);
  }

  @Test
  void anotherTokenizerIsRefusedBeforeAnythingIsWritten() throws IOException {
    Path other = own.resolve("tokenizer.json");
    Path used = folder.resolve("tokenizer/tokenizer.json");
    Files.writeString(other, Files.readString(used) + " ");
    SortedMap<String, String> before = OutputTree.sums(out);
    assertThat(run("--set=tokenizer.load=" + other, "--replace").endedWith(8).err())
        .contains("tokenizer.load: " + other + " (of ", " is another vocabulary than " + out)
        .doesNotContain(Sha256.of(other), Sha256.of(used));
    assertThat(OutputTree.sums(out)).isEqualTo(before);
  }

  @Test
  void aRunWithoutAppendIsRefused() throws IOException {
    SortedMap<String, String> before = OutputTree.sums(out);
    for (String more : List.of("--replace", "--set=report.enabled=false")) {
      assertThat(run("--set=corpus.append=false", more).endedWith(2).err())
          .contains("has versions of corpus.append, whose shards no run replaces");
    }
    assertThat(OutputTree.sums(out)).isEqualTo(before);
  }
}

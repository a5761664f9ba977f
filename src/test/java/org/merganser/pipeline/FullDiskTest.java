package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.prepare.SpaceEstimate;

/** Disks that are too small, that fill up, and that may not be written any more. */
@Tag("run")
class FullDiskTest {
  @TempDir Path folder;

  private static SpaceEstimate estimate(Long free) {
    return new SpaceEstimate("/out", 4000, 1800, 3, free);
  }

  @Test
  void refusesARunThatCannotFitWithTheFigures() {
    assertThatThrownBy(() -> estimate(1799L).requireRoom())
        .isInstanceOf(RunException.class)
        .hasMessageContaining(
            "/out: the run needs about 1,800 bytes more there, and 1,799 are free (it reads"
                + " 4,000 bytes of text; what it writes waits beside the published files")
        .hasMessageContaining("--ignore-space");
    estimate(1800L).requireRoom();
    estimate(null).requireRoom();
  }

  /** What waits replaces nothing before the commit, so a replacement needs its own room. */
  @Test
  void countsOnlyUnitsThatAreWrittenAndSubtractsNothing() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.txt"), "a line of text\n".repeat(1000));
    Path out = folder.resolve("out");
    Jobs.train(
        folder.resolve("trained"), "--input %s --vocab-size 260 --pattern gpt2", corpus + "/a.txt");
    encode(corpus, out).succeeded();
    Job job =
        JobReader.of(
            List.of(
                Setting.of("corpus.inputs", List.of(corpus.toString())),
                Setting.of("tokenizer.load", folder + "/trained/tokenizer.json"),
                Setting.of("output", out.toString())),
            "test");
    PreparedRun again = RunPreparation.prepare(job);
    assertThat(SpaceEstimate.of(again, true).needed()).isZero();
    assertThat(SpaceEstimate.of(again, true).units()).isZero();
    assertThat(SpaceEstimate.of(again, false).needed()).isPositive();
    Files.writeString(corpus.resolve("b.txt"), "another line of text\n".repeat(1000));
    assertThat(SpaceEstimate.of(RunPreparation.prepare(job), true).units()).isPositive();
  }

  @Test
  void countsTwoBytesForEachIdOfASmallVocabularyThatIsLoaded() throws IOException {
    Path text = Files.writeString(folder.resolve("a.txt"), "a line of text\n".repeat(1000));
    Jobs.train(
        folder.resolve("trained"), "--input %s --vocab-size 260 --pattern gpt2", text.toString());
    Job job =
        JobReader.of(
            List.of(
                Setting.of("corpus.inputs", List.of(text.toString())),
                Setting.of("tokenizer.load", folder + "/trained/tokenizer.json"),
                "shards.formats=[npy]",
                Setting.of("output", folder.resolve("out").toString())),
            "test");
    long ids = 15_000 / 4;
    assertThat(SpaceEstimate.of(RunPreparation.prepare(job), false).needed())
        .isEqualTo((long) (ids * (1.8 + 2)));
  }

  @Test
  @Tag("long")
  void aRunThatFillsItsDiskGoesOnWhenThereIsRoom() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    assumeThat(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()))
        .as("this user may mount a small disk")
        .isZero();
    try {
      fillsItsDisk(disk);
    } finally {
      command("umount", "-l", disk.toString()); // the workers' readers may still be open
    }
  }

  /** The published version stays, whatever part of the next one fits. */
  @Test
  @Tag("soak")
  void aReplacementOnADiskOfTwentySizesLeavesOneWholeVersion() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    assumeThat(command("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()))
        .as("this user may mount a small disk")
        .isZero();
    try {
      replacesOnDisksOfTwentySizes(disk);
    } finally {
      command("umount", "-l", disk.toString());
    }
  }

  private void replacesOnDisksOfTwentySizes(Path disk) throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int file = 0; file < 4; file++) {
      Files.writeString(
          corpus.resolve(file + ".txt"), ("a line of text " + file + "\n").repeat(9000));
    }
    Jobs.train(folder.resolve("trained"), "--input %s --vocab-size 256 --pattern gpt2", corpus);
    Path out = disk.resolve("out");
    String[] other = {"--to", "npy", "--replace", "--ignore-space"};
    encode(corpus, out).succeeded();
    Path before = folder.resolve("before");
    OutputTree.copy(out, before);
    SortedMap<String, String> old = OutputTree.sums(out);
    long published = disk.toFile().getTotalSpace() - disk.toFile().getUsableSpace();
    encode(corpus, out, other).succeeded();
    SortedMap<String, String> expected = OutputTree.sums(out);
    long replaced = disk.toFile().getTotalSpace() - disk.toFile().getUsableSpace();
    int full = 0;
    for (int size = 1; size <= 20; size++) {
      OutputTree.delete(out);
      OutputTree.copy(before, out);
      resize(disk, published + (published + replaced) * size / 20);
      CommandLineRun ran = encode(corpus, out, other);
      if (ran.exitCode() != 0) {
        assertThat(ran.endedWith(6).err()).contains(disk + "/").doesNotContain("\tat ");
        full++;
        SortedMap<String, String> left = OutputTree.sums(out);
        left.keySet().removeIf(path -> path.startsWith(".merganser-staged/"));
        assertThat(left).isEqualTo(old);
      }
      resize(disk, 64 << 20);
      CommandLineRun.line("verify %s --full", out).succeeded();
      encode(corpus, out, other).succeeded();
      assertThat(OutputTree.sums(out)).isEqualTo(expected);
    }
    assertThat(full).isBetween(3, 19);
  }

  private static void resize(Path disk, long bytes) throws Exception {
    assertThat(command("mount", "-o", "remount,size=" + bytes, disk.toString())).isZero();
  }

  private void fillsItsDisk(Path disk) throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Random random = new Random(3);
    for (int file = 0; file < 2; file++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 3 << 20) {
        text.append(Long.toString(random.nextLong(), 36))
            .append(random.nextInt(9) == 0 ? '\n' : ' ');
      }
      Files.writeString(corpus.resolve(file + ".txt"), text);
    }
    Jobs.train(
        folder.resolve("trained"),
        "--input %s --vocab-size 256 --pattern gpt2",
        corpus.resolve("0.txt"));
    Path alone = folder.resolve("alone");
    encode(corpus, alone).succeeded();
    SortedMap<String, String> expected = OutputTree.sums(alone);

    Path out = disk.resolve("out");
    assertThat(encode(corpus, out).endedWith(6).err())
        .contains(out + ": the run needs about ")
        .contains(" are free (it reads 6,29");
    CommandLineRun full = encode(corpus, out, "--ignore-space").endedWith(6);
    assertThat(full.err()).contains("No space left on device").contains("Make room");
    assertThat(out.resolve("manifest.json")).doesNotExist();
    assertThat(OutputTree.files(out)).noneMatch(path -> path.contains(".tmp-merganser-"));

    assertThat(command("mount", "-o", "remount,ro", disk.toString())).isZero();
    assertThat(encode(corpus, out, "--ignore-space").endedWith(1).err())
        .contains("Read-only file system");
    assertThat(command("mount", "-o", "remount,rw,size=64m", disk.toString())).isZero();
    encode(corpus, out).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  private static CommandLineRun encode(Path corpus, Path out, String... more) {
    Path tokenizer = corpus.resolveSibling("trained/tokenizer.json");
    // With one thread no other worker is left writing when one fails.
    return CommandLineRun.line(
        "encode --tokenizer %s --input %s --format lines --output %s --targetParallelism=1 %s",
        tokenizer, corpus, out, more);
  }

  private static int command(String... command) throws IOException, InterruptedException {
    try {
      return ChildProcess.start(
              new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD))
          .waitFor();
    } catch (IOException notInstalled) {
      return 127;
    }
  }
}

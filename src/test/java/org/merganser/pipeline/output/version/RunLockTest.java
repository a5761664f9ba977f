package org.merganser.pipeline.output.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;

/** One run at a time in a folder; locks between processes are KillTest's. */
class RunLockTest {
  @TempDir Path out;
  private final List<String> warnings = new ArrayList<>();

  private RunLock acquire() throws IOException {
    return RunLock.acquire(OutputPaths.of(out.toString()), "merganser run a.yaml", warnings::add);
  }

  @Test
  void refusesASecondRunAndSaysWhoHoldsTheFolder() throws IOException {
    RunLock first = acquire();
    assertThatThrownBy(this::acquire)
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(
            "output: "
                + out
                + " is being written by another run (process "
                + ProcessHandle.current().pid()
                + " on ")
        .hasMessageContaining(": merganser run a.yaml); wait until it has ended");
    first.close();
    acquire().close();
    assertThat(warnings).isEmpty();
  }

  @Test
  void takesOverWhatADeadRunLeftAndSaysSo() throws IOException {
    Files.createDirectories(out.resolve("run"));
    Files.createFile(out.resolve("run/lock"));
    new LockHolder(1234567, "gone", "2020-01-02T03:04:05Z", "m")
        .publish(OutputPaths.of(out.toString()));
    acquire().close();
    assertThat(warnings)
        .containsExactly(
            "an earlier run ended without finishing (process 1234567 on gone, since"
                + " 2020-01-02T03:04:05Z: m); its temporary files were deleted; this run"
                + " continues from its finished units");
    assertThat(out.resolve("run/holder.json")).doesNotExist();
    acquire().close();
    assertThat(warnings).hasSize(1);
  }

  @Test
  void aHolderThatCannotBeReadIsNoReasonToFail() throws IOException {
    Files.createDirectories(out.resolve("run"));
    Files.writeString(out.resolve("run/holder.json"), "{\"pid\":");
    acquire().close();
    assertThat(warnings).isEmpty();
  }

  @Test
  void tellsWhetherARunOfThisProcessHoldsTheFolder() throws IOException {
    OutputPaths paths = OutputPaths.of(out.toString());
    assertThat(RunLock.isHeldByAnother(paths)).as("before any run").isFalse();
    try (RunLock lock = acquire()) {
      assertThat(lock.held().folder()).isNotNull();
      assertThat(RunLock.isHeldByAnother(paths)).isTrue();
    }
    assertThat(out.resolve("run/lock")).as("stays").exists();
    assertThat(RunLock.isHeldByAnother(paths)).isFalse();
    Files.delete(out.resolve("run/lock"));
    Files.createDirectory(out.resolve("run/lock"));
    assertThat(RunLock.isHeldByAnother(paths)).as("no file").isFalse();
  }

  @Test
  void aFolderIsFreeAgainAfterALockThatFailed() throws IOException {
    Files.createDirectories(out.resolve("run/lock"));
    assertThatThrownBy(this::acquire).isInstanceOf(IOException.class);
    Files.delete(out.resolve("run/lock"));
    Files.createDirectories(out.resolve("run/holder.json/x")); // its publication fails
    assertThatThrownBy(this::acquire).isInstanceOf(IOException.class);
    Files.delete(out.resolve("run/holder.json/x"));
    Files.delete(out.resolve("run/holder.json"));
    acquire().close();
    acquire().close();
  }

  @Test
  void anObjectStoreHasNoLock() throws IOException {
    OutputPaths remote = OutputPaths.of("mem://bucket/out");
    try (RunLock first = RunLock.acquire(remote, "a", warnings::add);
        RunLock second = RunLock.acquire(remote, "b", warnings::add)) {
      assertThat(first.held()).isNull();
      assertThat(second.held()).isNull();
      assertThat(RunLock.isHeldByAnother(remote)).isFalse();
    }
    assertThat(warnings).isEmpty();
  }

  private RunLock acquireWithoutLocks() throws IOException {
    return RunLock.acquire(
        OutputPaths.of(out.toString()),
        "merganser run a.yaml",
        warnings::add,
        channel -> {
          throw new IOException("Operation not supported");
        });
  }

  @Test
  void withoutLocksARunGoesOnAndTheUserIsWarned() throws IOException {
    try (RunLock lock = acquireWithoutLocks()) {
      assertThat(lock.held().folder()).isEqualTo(out.resolve("run").toRealPath());
      assertThat(out.resolve("run/holder.json")).exists();
    }
    assertThat(warnings)
        .containsExactly(
            out
                + ": its file system has no locks (Operation not supported), so two runs there are"
                + " not kept apart; make sure that no other run writes there");
    assertThat(out.resolve("run/holder.json")).doesNotExist();
  }

  @Test
  void withoutLocksNothingIsSaidAboutTheEndOfARunOfAnotherMachine() throws IOException {
    new LockHolder(1234567, "gone", "2020-01-02T03:04:05Z", "m")
        .publish(OutputPaths.of(out.toString()));
    acquireWithoutLocks().close();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .endsWith(
            "make sure that no other run writes there; run/holder.json names a run that has ended"
                + " or still writes: process 1234567 on gone, since 2020-01-02T03:04:05Z: m")
        .doesNotContain("deleted");
  }

  @Test
  void withoutLocksALivingRunOfThisMachineIsNotDisturbed() throws IOException {
    LockHolder living = holder(ProcessHandle.current().parent().orElseThrow().pid());
    living.publish(OutputPaths.of(out.toString()));
    assertThatThrownBy(this::acquireWithoutLocks)
        .isInstanceOf(RunException.class)
        .hasMessageContaining("is being written by another run (" + living + ")")
        .hasMessageEndingWith(
            "; or, if that process is no run, delete "
                + out.resolve("run/holder.json")
                + ", since this file system has no locks");
    assertThat(warnings).isEmpty();
    assertThat(LockHolder.find(OutputPaths.of(out.toString()))).isEqualTo(living);
  }

  @Test
  void withoutLocksARestartedContainerWithTheSameProcessNumberContinues() throws IOException {
    holder(ProcessHandle.current().pid()).publish(OutputPaths.of(out.toString()));
    acquireWithoutLocks().close();
    assertThat(warnings).hasSize(1);
  }

  private static LockHolder holder(long pid) {
    LockHolder me = LockHolder.thisProcess("merganser run b.yaml");
    return new LockHolder(pid, me.host(), me.since(), me.command());
  }
}

package org.merganser.pipeline.output.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.OutputPaths;

/** Who holds an output folder, for messages. */
final class LockHolderTest {
  @TempDir Path folder;

  private OutputPaths paths() {
    return OutputPaths.of(folder.toString());
  }

  @Test
  void theHolderIsFoundAgainAndLivesHere() throws IOException {
    LockHolder me = LockHolder.thisProcess("run job.yaml");
    me.publish(paths());
    LockHolder found = Objects.requireNonNull(LockHolder.find(paths()));
    assertThat(found).isEqualTo(me);
    assertThat(found.livesHere()).isTrue();
    assertThat(found.toString()).contains("run job.yaml").contains(Long.toString(me.pid()));
  }

  @Test
  void aProcessOfAnotherHostDoesNotLiveHere() {
    LockHolder me = LockHolder.thisProcess("run job.yaml");
    assertThat(new LockHolder(me.pid(), me.host() + "x", me.since(), "").livesHere()).isFalse();
  }

  @Test
  void nobodyHoldsAFolderWithoutTheFileOrWithOneThatCannotBeRead() throws IOException {
    assertThat(LockHolder.find(paths())).isNull();
    Path file = folder.resolve(OutputPaths.HOLDER);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "{\"pid\": 1");
    assertThat(LockHolder.find(paths())).isNull();
  }
}

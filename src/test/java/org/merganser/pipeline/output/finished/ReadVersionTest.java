package org.merganser.pipeline.output.finished;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.output.RunException;

/** A command that reads an output says so when another version takes its place meanwhile. */
final class ReadVersionTest {
  @TempDir Path out;
  private ReadVersion version;

  @BeforeEach
  void publishAVersion() throws IOException {
    publish("one version");
    version = ReadVersion.of(out.toString());
  }

  private void publish(String manifest) throws IOException {
    Files.writeString(out.resolve("manifest.json"), manifest);
  }

  @Test
  void anErrorIsItselfWhileTheVersionStays() {
    assertThatCode(() -> version.during(() -> {})).doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                version.during(
                    () -> {
                      throw new NoSuchFileException("shard");
                    }))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void anErrorBesideAnotherVersionIsReportedAsThat() {
    assertThatThrownBy(
            () ->
                version.during(
                    () -> {
                      publish("another version");
                      throw new NoSuchFileException("shard");
                    }))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("another version was published while this command read the folder")
        .hasSuppressedException(new NoSuchFileException("shard"));
  }

  @Test
  void successBesideAnotherVersionIsNone() {
    assertThatThrownBy(() -> version.during(() -> publish("another version")))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("run the command again");
    assertThatThrownBy(() -> version.during(() -> Files.delete(out.resolve("manifest.json"))))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("now none");
  }
}

package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
  @ParameterizedTest
  @CsvSource({
    "jobs/a.yaml,jobs",
    "/data/a.yaml,/data",
    "/dev/shm/x/a.yaml,/dev/shm/x",
    "a.yaml,''"
  })
  void pathsOfAJobFileAreThoseOfItsFolder(Path file, String folder) {
    assertThat(Locations.folderOf(file)).isEqualTo(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/stdin", "/dev/fd/63", "/proc/self/fd/0"})
  void pathsOfAJobFromAPipeAreThoseOfTheCurrentFolder(Path pipe) {
    assertThat(Locations.folderOf(pipe)).isEmpty();
  }

  @Test
  void aHomeFolderIsExpandedAtTheBeginningAlone() {
    assertThat(Locations.expanded("~/a~", "/home/me")).isEqualTo("/home/me/a~");
    assertThat(Locations.expanded("a/~", "/home/me")).isEqualTo("a/~");
  }
}

package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenFilesTest {
  private final List<String> closed = new ArrayList<>();

  private Closeable failing(String name) {
    return () -> {
      closed.add(name);
      throw new IOException(name);
    };
  }

  @Test
  void closesAllAndReportsTheFirstFailureWithTheOthers() throws IOException {
    OpenFiles files = new OpenFiles();
    files.add(() -> closed.add("a"));
    files.add(failing("b"));
    files.add(failing("c"));
    files.add(() -> closed.add("d"));
    assertThatThrownBy(files::close)
        .hasMessage("b")
        .satisfies(e -> assertThat(e.getSuppressed()).extracting("message").containsExactly("c"));
    assertThat(closed).containsExactly("a", "b", "c", "d");
  }

  @Test
  void closesNothingWithoutFiles() throws IOException {
    new OpenFiles().close();
    assertThat(closed).isEmpty();
  }
}

package org.merganser;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where the conformance data is: real tokenizers, a corpus, vectors. */
public final class SharedData {
  private SharedData() {}

  /**
   * The directory of {@code -Dmerganser.shared}, else {@code ../shared}; aborts the test when there
   * is none.
   */
  public static Path dir() {
    Path dir = Path.of(System.getProperty("merganser.shared", "../shared"));
    if (!Files.isDirectory(dir)) {
      Assumptions.abort("NO CONFORMANCE DATA: " + dir.toAbsolutePath() + " is no directory");
    }
    return dir;
  }
}

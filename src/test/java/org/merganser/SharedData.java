package org.merganser;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where the conformance data is: {@code -Dmerganser.shared} or {@code ../shared}. */
public final class SharedData {
  private SharedData() {}

  /** The folder; without it the test is aborted, loudly. */
  public static Path dir() {
    Path dir = Path.of(System.getProperty("merganser.shared", "../shared"));
    if (!Files.isDirectory(dir)) {
      Assumptions.abort("NO CONFORMANCE DATA: " + dir.toAbsolutePath() + " is not a folder");
    }
    return dir;
  }
}

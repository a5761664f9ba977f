package org.merganser;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Where the conformance data is: {@code -Dmerganser.shared=DIR}, or beside the checkout. */
public final class SharedData {
  private SharedData() {}

  /** The directory; aborts the test where there is none. */
  public static Path dir() {
    String given = System.getProperty("merganser.shared");
    Path dir = Path.of(given == null ? "../shared" : given);
    if (!Files.isDirectory(dir)) {
      Assumptions.abort(
          "NO CONFORMANCE DATA: "
              + dir.toAbsolutePath()
              + " is no directory; set -Dmerganser.shared");
    }
    return dir;
  }
}

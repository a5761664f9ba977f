package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.merganser.ChildProcess;

/** Runs Python programs with numpy, the reader of npy files and memory maps. */
public final class NumPy {
  private NumPy() {}

  /** A Python that has numpy; aborts the test, loudly, where there is none. */
  private static String python() throws IOException, InterruptedException {
    for (String python : List.of("/usr/bin/python3", "python3")) {
      try {
        if (ChildProcess.start(
                    new ProcessBuilder(python, "-c", "import numpy")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD))
                .waitFor()
            == 0) {
          return python;
        }
      } catch (IOException e) {
        System.out.println("no " + python + ": " + e.getMessage());
      }
    }
    return Assumptions.abort("NO NUMPY: install Debian's python3-numpy to run this test");
  }

  /** The lines that a program of {@code src/test/python} printed; fails as it fails. */
  public static List<String> run(String program, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python(), "src/test/python/" + program));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return ChildProcess.output(new ProcessBuilder(command)).lines().toList();
  }

  /** The lines that a piece of code printed when run in {@code folder}; fails as it fails. */
  public static List<String> runIn(Path folder, String code)
      throws IOException, InterruptedException {
    return ChildProcess.output(new ProcessBuilder(python(), "-c", code).directory(folder.toFile()))
        .lines()
        .toList();
  }
}

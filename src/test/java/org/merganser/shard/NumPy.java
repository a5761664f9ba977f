package org.merganser.shard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.merganser.ChildProcess;

/** Runs Python scripts with numpy, the reader of npy files and memory maps. */
public final class NumPy {
  private NumPy() {}

  /** A Python that has numpy; aborts the test, loudly, where there is none. */
  public static String python() throws IOException, InterruptedException {
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

  /** The lines that a script printed; fails with its output when it fails. */
  public static List<String> run(String python, String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python, "-c", script));
    command.addAll(List.of(arguments));
    Process process = ChildProcess.start(new ProcessBuilder(command).redirectErrorStream(true));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output.lines().toList();
  }
}

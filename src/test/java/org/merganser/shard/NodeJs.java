package org.merganser.shard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.merganser.ChildProcess;

/** Runs scripts in Node.js with the packages of {@code src/test/node/package.json}. */
public final class NodeJs {
  private static final Path FOLDER = Path.of("target/node").toAbsolutePath();

  private NodeJs() {}

  /**
   * Installs the packages once, also when several JVMs run tests at the same time; aborts the test,
   * loudly, where Node.js or npm is not there.
   */
  private static synchronized void install() throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    try (FileChannel lock =
            FileChannel.open(
                FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = lock.lock()) {
      installPackages();
    }
  }

  private static void installPackages() throws IOException, InterruptedException {
    Path wanted = Path.of("src/test/node/package.json");
    Path installed = FOLDER.resolve("package.json");
    // npm writes .package-lock.json last.
    if (Files.exists(FOLDER.resolve("node_modules/.package-lock.json"))
        && Files.exists(installed)
        && Files.mismatch(wanted, installed) < 0) {
      return;
    }
    Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
    try {
      Process npm =
          ChildProcess.start(
              new ProcessBuilder("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
                  .directory(FOLDER.toFile())
                  .redirectErrorStream(true));
      String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (npm.waitFor() != 0) {
        Files.delete(installed);
        Assumptions.abort("NO NODE PACKAGES: npm install failed: " + said);
      }
    } catch (IOException e) {
      Files.delete(installed);
      Assumptions.abort("NO NODE: install nodejs and npm to run this test: " + e.getMessage());
    }
  }

  /** What a program of {@code src/test/node} printed when run in {@code folder}, in lines. */
  public static List<String> run(String program, Path folder)
      throws IOException, InterruptedException {
    return node(folder, Path.of("src/test/node", program).toAbsolutePath().toString());
  }

  /** What a piece of code printed when run in {@code folder}, in lines. */
  public static List<String> runIn(Path folder, String code)
      throws IOException, InterruptedException {
    return node(folder, "-e", code);
  }

  /** Fails with the output of a program that fails. */
  private static List<String> node(Path folder, String... arguments)
      throws IOException, InterruptedException {
    install();
    List<String> command = new ArrayList<>(List.of("node"));
    command.addAll(List.of(arguments));
    ProcessBuilder node = new ProcessBuilder(command).directory(folder.toFile());
    node.environment().put("NODE_PATH", FOLDER.resolve("node_modules").toString());
    return ChildProcess.output(node).lines().toList();
  }
}

package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * Trains by HF's library in Node.js, on one thread, with HF's defaults, which are the only settings
 * of its binding. A mixin of the commands that compare with it.
 */
final class HfTraining {
  private static final Path SCRIPT = Path.of("src/jmh/node/train.js");

  @Option(names = "--node-modules", description = "Where tokenizers is (${DEFAULT-VALUE}).")
  private Path nodeModules = Path.of("target/node/node_modules");

  /** The CPU seconds of the training alone, and the maximum memory of the process. */
  record Cost(double cpuSeconds, long residentBytes) {}

  /**
   * Trains on a text file.
   *
   * @param saved the tokenizer.json to write
   * @throws IllegalStateException if Node.js fails, most likely without npm's tokenizers
   */
  Cost run(Path text, Path saved) throws IOException, InterruptedException {
    ProcessBuilder node =
        new ProcessBuilder("node", SCRIPT.toString(), text.toString(), saved.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    node.environment().put("NODE_PATH", nodeModules.toAbsolutePath().toString());
    node.environment().put("RAYON_NUM_THREADS", "1");
    Process process = node.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "node failed; is tokenizers installed in " + nodeModules + "?\n" + output);
    }
    return new ObjectMapper().readValue(output.substring(output.lastIndexOf('{')), Cost.class);
  }
}

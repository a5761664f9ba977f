package org.merganser.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.CommandLineRun;

/** The sample job with a small vocabulary, and variations of it. */
final class Jobs {
  static final String VOCABULARY = "tokenizer.train.vocabSize=1024";

  private Jobs() {}

  /** Runs the sample job into {@code output}; what begins with {@code --} is a flag of Beam's. */
  static CommandLineRun sample(Object output, String... settingsAndFlags) {
    return run("pipelines/sample.yaml", output, settingsAndFlags);
  }

  static CommandLineRun run(String job, Object output, String... settingsAndFlags) {
    List<String> args = new ArrayList<>(List.of("run", job));
    args.addAll(List.of("--set", VOCABULARY, "--set", "output=" + output));
    for (String arg : settingsAndFlags) {
      if (!arg.startsWith("--")) {
        args.add("--set");
      }
      args.add(arg);
    }
    return CommandLineRun.of(args.toArray(String[]::new));
  }
}

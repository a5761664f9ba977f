package org.merganser.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.merganser.cli.CommandLineRun;

/** The sample job with a small vocabulary, and variations of it. */
public final class Jobs {
  public static final String VOCABULARY = "tokenizer.train.vocabSize=1024";

  private Jobs() {}

  /**
   * Trains a tokenizer into a folder, with options as they are typed and values for the {@code %s}
   * in them.
   */
  public static void train(Object output, String options, Object... values) {
    List<Object> all = new ArrayList<>(List.of(values));
    all.add(output);
    CommandLineRun.line("train " + options + " --output %s", all.toArray()).succeeded();
  }

  /** Makes an embedding table with random vectors. */
  public static void table(Object file, int rows, int dim) {
    CommandLineRun.line("embeddings init --rows=%s --dim=%s --seed=3 --output=%s", rows, dim, file)
        .succeeded();
  }

  /** Runs the sample job into {@code output}; what begins with {@code --} is a flag of Beam's. */
  public static CommandLineRun sample(Object output, String... settingsAndFlags) {
    List<String> args = new ArrayList<>(List.of("run", "pipelines/sample.yaml"));
    args.addAll(List.of("--set", VOCABULARY, "--set", "output=" + output));
    for (String arg : settingsAndFlags) {
      if (!arg.startsWith("--")) {
        args.add("--set");
      }
      args.add(arg);
    }
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  /**
   * Without n-grams and a report, which take half of its time, unless the settings ask for them.
   */
  public static CommandLineRun lean(Object output, String... settingsAndFlags) {
    return sample(output, List.of("learn=null", "report.enabled=false"), settingsAndFlags);
  }

  /** As {@link #lean(Object, String...)}; the later of two settings of one key counts. */
  public static CommandLineRun lean(Object output, List<String> settings, String... more) {
    return lean(output, joined(settings, more));
  }

  /** As {@link #sample(Object, String...)}; the later of two settings of one key counts. */
  public static CommandLineRun sample(Object output, List<String> settings, String... more) {
    return sample(output, joined(settings, more));
  }

  private static String[] joined(List<String> settings, String... more) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}

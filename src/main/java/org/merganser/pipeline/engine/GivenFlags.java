package org.merganser.pipeline.engine;

import java.util.List;

/**
 * The flags that a user gave, each as {@code --name=value}.
 *
 * @param flags in their order; the last one of a name counts
 */
record GivenFlags(List<String> flags) {
  /** The flag with the name of the runner. */
  static final String RUNNER = "--runner";

  /** The flag with the number of threads of the direct runner. */
  static final String PARALLELISM = "--targetParallelism";

  /** Whether the user gave a flag. */
  boolean has(String name) {
    return flags.stream().anyMatch(flag -> flag.startsWith(name + "="));
  }

  /** The value of a flag; {@code byDefault} if it is not given. */
  String value(String name, String byDefault) {
    String value = byDefault;
    for (String flag : flags) {
      if (flag.startsWith(name + "=")) {
        value = flag.substring(name.length() + 1);
      }
    }
    return value;
  }

  /** The name of the class of the runner, with or without the package. */
  String runner() {
    return value(RUNNER, EngineBuild.DIRECT_RUNNER);
  }

  /** Whether they choose the direct runner, so that this JVM does all work. */
  boolean runHere() {
    return runner().endsWith(EngineBuild.DIRECT_RUNNER);
  }
}

package org.merganser.pipeline.engine;

import java.beans.Introspector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobException;
import org.merganser.message.Phrase;
import org.merganser.store.BeamFileSystems;
import org.merganser.store.FileStore;

/**
 * The flags of Beam and its runners, with our defaults for each runner. {@link DirectRunnerOptions}
 * has the options of a run without any flags.
 */
public final class RunnerFlags {
  /**
   * Up to this many bytes of text, a second thread of the direct runner costs more than it saves,
   * because idle threads poll for work.
   */
  public static final long ONE_THREAD_BYTES = 4 << 20;

  private static final String RUNNER = "--runner";
  private static final String DIRECT_RUNNER = EngineBuild.DIRECT_RUNNER;

  /** The flag with the number of threads of the direct runner. */
  private static final String PARALLELISM = "--targetParallelism";

  /** The property of Spark by which executors load classes of our jar before their own. */
  private static final String SPARK_ORDER = "spark.executor.userClassPathFirst";

  private RunnerFlags() {}

  /**
   * Checks the flags and hands them to Beam's file systems, which need some of them (an endpoint, a
   * region, the address of HDFS) when a run is planned.
   *
   * @throws JobException for a flag that Beam does not know or a runner that is not in this build
   */
  public static void use(List<String> flags) {
    if (flags.isEmpty()) {
      BeamFileSystems.useLater(() -> options(flags)); // they need no check
    } else {
      PipelineOptions options = options(flags);
      BeamFileSystems.useLater(() -> options);
    }
  }

  /**
   * Does the same as {@link #use}, unless the output is local and there are no flags: Beam is slow
   * to start.
   */
  public static void useFor(String output, List<String> flags) {
    if (!FileStore.isLocal(output) || !flags.isEmpty()) {
      use(flags);
    }
  }

  /**
   * The options of a pipeline with these flags and the defaults for their runner.
   *
   * @throws JobException for a flag that Beam does not know or a runner that is not in this build
   */
  public static PipelineOptions options(List<String> flags) {
    return options(flags, EngineBuild.current());
  }

  /** The same for any build; tests have those of other engines. */
  static PipelineOptions options(List<String> flags, EngineBuild build) {
    if (runsHere(flags) && !value(flags, PARALLELISM, "1").matches("0*[1-9][0-9]{0,3}")) {
      throw wrong(PARALLELISM + ": is a number of threads from 1 to 9999");
    }
    if (flags.stream().allMatch(flag -> flag.startsWith(PARALLELISM + "="))) {
      String threads = value(flags, PARALLELISM, String.valueOf(cores()));
      return DirectRunnerOptions.of(Integer.parseInt(threads));
    }
    registerAll();
    try {
      return PipelineOptionsFactory.fromArgs(withDefaults(flags, build).toArray(String[]::new))
          .withValidation()
          .create();
    } catch (IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).startsWith("Unknown 'runner'")) {
        throw wrong(build.missingRunner(value(flags, RUNNER, DIRECT_RUNNER)));
      }
      throw wrong("Beam refuses %s (%s)", String.join(" ", flags), e.getMessage());
    }
  }

  /** The names of all flags of Beam and the runners of this build, with their dashes. */
  public static Set<String> names() {
    registerAll();
    return PipelineOptionsFactory.getRegisteredOptions().stream()
        .flatMap(options -> Stream.of(options.getMethods()))
        .filter(method -> method.getName().startsWith("set") && method.getParameterCount() == 1)
        .map(method -> "--" + Introspector.decapitalize(method.getName().substring(3)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The arguments that are not flags of Beam; a flag of a runner outside this build may be one. */
  public static List<String> unknown(List<String> arguments) {
    if (arguments.isEmpty()) {
      return arguments;
    }
    Set<String> names = names();
    boolean isHere = EngineBuild.current().hasRunner(value(arguments, RUNNER, DIRECT_RUNNER));
    return arguments.stream()
        .filter(argument -> !names.contains(argument.replaceFirst("=.*", "")))
        .filter(argument -> isHere || !argument.startsWith("--"))
        .toList();
  }

  /**
   * A phrase about the runner to which a flag belongs, with a semicolon before it; "" unless the
   * flag begins with the name of an engine.
   *
   * @param name of the flag, with its dashes
   */
  public static String runnerAdvice(String name) {
    return EngineBuild.ENGINES.stream()
        .filter(engine -> name.startsWith("--" + engine.toLowerCase(Locale.ROOT)))
        .map(engine -> "; %s goes with --runner=%s".formatted(name, EngineBuild.runner(engine)))
        .findFirst()
        .orElse("");
  }

  /**
   * The flags, with a suitable number of threads for a run in this process unless the user gave
   * one. There are no more threads than units, since a thread costs memory.
   *
   * @param textBytes an estimate of the text that the run reads
   * @param units the number of units that it reads; 0 if it reads shards
   */
  public static List<String> forText(List<String> flags, long textBytes, int units) {
    if (!runsHere(flags)) {
      return flags;
    }
    List<String> all = new ArrayList<>(flags);
    int mostThreads = units == 0 ? cores() : Math.min(units, cores());
    addUnlessGiven(all, PARALLELISM, textBytes <= ONE_THREAD_BYTES ? 1 : mostThreads);
    return all;
  }

  /** Whether the flags choose the direct runner, so that this JVM does all work. */
  public static boolean runsHere(List<String> flags) {
    return value(flags, RUNNER, DIRECT_RUNNER).endsWith(DIRECT_RUNNER);
  }

  /** Whether the options are those of the direct runner, so that this JVM does all work. */
  static boolean runsHere(PipelineOptions options) {
    return options.getRunner().getSimpleName().equals(DIRECT_RUNNER);
  }

  /** Makes all flags known to Beam's factory, from which {@link DirectRunnerOptions} hides them. */
  private static void registerAll() {
    ServiceLoader.load(PipelineOptionsRegistrar.class)
        .forEach(
            registrar -> registrar.getPipelineOptions().forEach(PipelineOptionsFactory::register));
  }

  /**
   * The flags with the defaults of their runner. The direct runner's checks of immutability and
   * encodability cost six times the work itself (the tests have them on), and more threads than
   * cores only cost memory.
   */
  private static List<String> withDefaults(List<String> flags, EngineBuild build) {
    if (!runsHere(flags)) {
      return withEngineDefaults(flags, build);
    }
    List<String> all = new ArrayList<>(flags);
    addUnlessGiven(all, PARALLELISM, cores());
    addUnlessGiven(all, "--enforceImmutability", false);
    addUnlessGiven(all, "--enforceEncodability", false);
    return all;
  }

  /** The flags with the defaults of their engine. Only our own jar is staged. */
  private static List<String> withEngineDefaults(List<String> flags, EngineBuild build) {
    List<String> all = new ArrayList<>(flags);
    if (build.engine() != null && build.jar() != null) {
      addUnlessGiven(all, "--filesToStage", build.jar());
    }
    String runner = value(flags, RUNNER, "");
    if (isFor(EngineBuild.FLINK, runner, build)) {
      addFlinkDefaults(all);
    }
    if (isFor(EngineBuild.SPARK, runner, build)) {
      addSparkDefaults(all);
    }
    return all;
  }

  /** Whether a runner is that of an engine, and the build has it. */
  private static boolean isFor(String engine, String runner, EngineBuild build) {
    return runner.endsWith(EngineBuild.runner(engine)) && build.isFor(engine);
  }

  /** Keeps the slots of one TaskManager of a cluster in reserve. */
  private static void addFlinkDefaults(List<String> flags) {
    String master = value(flags, "--flinkMaster", "[auto]");
    boolean isCluster = !master.startsWith("["); // not [auto], [local] or [collection]
    if (isCluster && !isGiven(flags, "--parallelism")) {
      flags.add("--parallelism=" + FlinkCluster.parallelism(master));
    }
  }

  /**
   * Lets our zstd precede Spark's own, by a setting that Spark reads from the JVM's properties. A
   * local master has its executors in this JVM, where it would load our classes twice.
   *
   * <p>At Beam's default storage level, {@code MEMORY_ONLY}, an executor of Spark keeps
   * intermediate results as Java objects that cannot be serialized, so no other executor can fetch
   * them. Spark still counts them as present: when an executor is lost, Spark does not repeat the
   * stages before them, and a task on another executor fails until the run fails. At every other
   * level Beam keeps the encoded elements.
   */
  private static void addSparkDefaults(List<String> flags) {
    boolean isLocal = value(flags, "--sparkMaster", "local").startsWith("local");
    if (!isLocal && System.getProperty(SPARK_ORDER) == null) {
      System.setProperty(SPARK_ORDER, "true");
    }
    addUnlessGiven(flags, "--storageLevel", "MEMORY_AND_DISK");
  }

  /** Adds a flag, unless the user gave it. */
  private static void addUnlessGiven(List<String> flags, String name, Object value) {
    if (!isGiven(flags, name)) {
      flags.add(name + "=" + value);
    }
  }

  private static boolean isGiven(List<String> flags, String name) {
    return flags.stream().anyMatch(flag -> flag.startsWith(name + "="));
  }

  /** The last value of a flag; {@code byDefault} if it is not given. */
  private static String value(List<String> flags, String name, String byDefault) {
    String value = byDefault;
    for (String flag : flags) {
      if (flag.startsWith(name + "=")) {
        value = flag.substring(name.length() + 1);
      }
    }
    return value;
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The error for a wrong flag; the message is a {@link Phrase}. */
  private static JobException wrong(String format, @Nullable Object... values) {
    return new JobException("flags", List.of(Phrase.of(format, values)));
  }
}

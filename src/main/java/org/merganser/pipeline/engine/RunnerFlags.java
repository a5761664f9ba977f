package org.merganser.pipeline.engine;

import java.beans.Introspector;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
 * The flags of Beam and its runners, and the options of a pipeline that has them. {@link
 * RunnerDefaults} decides about flags that the user did not give.
 */
public final class RunnerFlags {
  /** A number of threads, from 1 to 9999. */
  private static final Pattern THREADS = Pattern.compile("0*[1-9][0-9]{0,3}");

  private RunnerFlags() {}

  /**
   * Checks the flags and passes them to Beam's file systems, which need some of them (an endpoint,
   * a region, the address of HDFS) when a run is planned.
   *
   * @throws JobException for a flag that Beam does not know or a runner that is not in this build
   */
  public static void use(List<String> flags) {
    if (flags.isEmpty()) {
      BeamFileSystems.useLater(() -> options(flags)); // no flags to check: load Beam when needed
    } else {
      PipelineOptions options = options(flags);
      BeamFileSystems.useLater(() -> options);
    }
  }

  /**
   * Does the same as {@link #use}, unless the output is local and there are no flags: then nothing
   * needs Beam, which is slow to start.
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

  /** The same for any build; tests use those of other engines. */
  static PipelineOptions options(List<String> flags, EngineBuild build) {
    GivenFlags given = new GivenFlags(flags);
    if (given.runHere() && !THREADS.matcher(given.value(GivenFlags.PARALLELISM, "1")).matches()) {
      throw wrong(GivenFlags.PARALLELISM + ": is a number of threads from 1 to 9999");
    }
    boolean onlyThreads =
        flags.stream().allMatch(flag -> flag.startsWith(GivenFlags.PARALLELISM + "="));
    if (onlyThreads) {
      String byDefault = String.valueOf(RunnerDefaults.threads());
      String threads = given.value(GivenFlags.PARALLELISM, byDefault);
      return DirectRunnerOptions.of(Integer.parseInt(threads));
    }
    registerAll();
    try {
      String[] all = RunnerDefaults.complete(given, build).toArray(String[]::new);
      return PipelineOptionsFactory.fromArgs(all).withValidation().create();
    } catch (IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).startsWith("Unknown 'runner'")) {
        throw wrong(build.missingRunner(given.runner()));
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

  /**
   * The arguments that are not flags of Beam. If this build lacks the runner that they name, any
   * argument that begins with dashes may be a flag of that runner.
   */
  public static List<String> unknown(List<String> arguments) {
    if (arguments.isEmpty()) {
      return arguments;
    }
    Set<String> names = names();
    boolean isHere = EngineBuild.current().hasRunner(new GivenFlags(arguments).runner());
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
        .map(engine -> "; %s goes with --runner=%s".formatted(name, EngineBuild.runnerOf(engine)))
        .findFirst()
        .orElse("");
  }

  /** Whether the flags choose the direct runner, so that this JVM does all work. */
  public static boolean runsHere(List<String> flags) {
    return new GivenFlags(flags).runHere();
  }

  /** Whether the options are those of the direct runner, so that this JVM does all work. */
  static boolean runsHere(PipelineOptions options) {
    return options.getRunner().getSimpleName().equals(EngineBuild.DIRECT_RUNNER);
  }

  /** Makes all flags known to Beam's factory, from which {@link DirectRunnerOptions} hides them. */
  private static void registerAll() {
    ServiceLoader.load(PipelineOptionsRegistrar.class)
        .forEach(
            registrar -> registrar.getPipelineOptions().forEach(PipelineOptionsFactory::register));
  }

  /** The error for a wrong flag; the message is a {@link Phrase}. */
  private static JobException wrong(String format, @Nullable Object... values) {
    return new JobException("flags", List.of(Phrase.of(format, values)));
  }
}

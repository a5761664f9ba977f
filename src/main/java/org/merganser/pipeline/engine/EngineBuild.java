package org.merganser.pipeline.engine;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * A build of this program and its engine, read from the manifest of its jar. The plain build, and
 * classes in a folder, have no engine.
 *
 * @param jar the jar; null if the classes are in a folder
 * @param engine one of {@link #ENGINES}; null for the plain build
 */
record EngineBuild(@Nullable Path jar, @Nullable String engine) {
  /** The runner of every build. */
  static final String DIRECT_RUNNER = "DirectRunner";

  static final String FLINK = "Flink";
  static final String SPARK = "Spark";

  /** The engines that have a build. */
  static final List<String> ENGINES = List.of(FLINK, SPARK, "Dataflow");

  /** The attribute in the manifest of a jar that names the engine. */
  private static final String ENGINE_ATTRIBUTE = "Merganser-Engine";

  private static final EngineBuild PLAIN = new EngineBuild(null, null);

  /** The build that this class is from. */
  static EngineBuild current() {
    CodeSource source = EngineBuild.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return PLAIN;
    }
    try {
      Path path = Path.of(source.getLocation().toURI());
      return Files.isRegularFile(path) ? of(path) : PLAIN;
    } catch (URISyntaxException | IllegalArgumentException | IOException e) {
      return PLAIN; // loaded from a place that is no readable jar, so the engine is unknown
    }
  }

  /** The build in a jar. */
  private static EngineBuild of(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      if (jar.getManifest() == null) {
        return PLAIN;
      }
      String engine = jar.getManifest().getMainAttributes().getValue(ENGINE_ATTRIBUTE);
      return new EngineBuild(path, engine);
    }
  }

  /** Whether the build has this engine. */
  boolean isFor(String wanted) {
    return wanted.equals(engine);
  }

  /** The name of the class of an engine's runner, without the package. */
  static String runnerOf(String engine) {
    return engine + "Runner";
  }

  /**
   * Whether the build has a runner.
   *
   * @param runner the name of its class, with or without the package
   */
  boolean hasRunner(String runner) {
    return runner.endsWith(DIRECT_RUNNER) || (engine != null && runner.endsWith(runnerOf(engine)));
  }

  /** The message that the build lacks a runner, with the build that has it. */
  String missingRunner(String runner) {
    String here =
        "this build%s has no %s, only the %s%s"
            .formatted(
                jar == null ? "" : " (" + jar + ")",
                runner,
                DIRECT_RUNNER,
                engine == null ? "" : " and the " + runnerOf(engine));
    return ENGINES.stream()
        .filter(known -> runner.endsWith(runnerOf(known)))
        .findFirst()
        .map(known -> here + otherBuild(known))
        .orElse(
            here + "; there are builds for " + String.join(", ", ENGINES) + " (docs/clusters.md)");
  }

  /** A phrase, after a semicolon, about where the build for an engine is. */
  private static String otherBuild(String engine) {
    return ("; it is in the build for %1$s: in a checkout ./merganser makes that when it sees"
            + " --runner=%3$s, as does mvn -f src/clusters -pl %2$s -am"
            + " -Dmaven.test.skip=true package, as target/%2$s/merganser-%2$s.jar; a"
            + " release has the archive merganser-%2$s; docs/clusters.md says how its jar"
            + " is started")
        .formatted(engine, engine.toLowerCase(Locale.ROOT), runnerOf(engine));
  }
}

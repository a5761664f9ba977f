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
  /** The engines that have a build; each has a runner of the same name. */
  static final List<String> ENGINES = List.of("Flink", "Spark", "Dataflow");

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
      return PLAIN; // loaded from a place that is not a file, so the engine is unknown
    }
  }

  private static EngineBuild of(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      if (jar.getManifest() == null) {
        return PLAIN;
      }
      return new EngineBuild(
          path, jar.getManifest().getMainAttributes().getValue("Merganser-Engine"));
    }
  }

  /** Whether the build has this engine. */
  boolean isFor(String wanted) {
    return wanted.equals(engine);
  }

  /** Whether the build has a runner. */
  boolean has(String runner) {
    return runner.endsWith("DirectRunner")
        || (engine != null && runner.endsWith(engine + "Runner"));
  }

  /** The error that the build lacks a runner, with the build that has it. */
  String missing(String runner) {
    String here =
        "this build%s has no %s, only the DirectRunner%s"
            .formatted(
                jar == null ? "" : " (" + jar + ")",
                runner,
                engine == null ? "" : " and the " + engine + "Runner");
    for (String known : ENGINES) {
      if (runner.endsWith(known + "Runner")) {
        return ("%s; it is in the build for %s: in a checkout ./merganser makes that when it sees"
                + " --runner=%2$sRunner, as does mvn -f src/clusters -pl %3$s -am"
                + " -Dmaven.test.skip=true package, as target/%3$s/merganser-%3$s.jar; a"
                + " release has the archive merganser-%3$s; docs/clusters.md says how its jar"
                + " is started")
            .formatted(here, known, known.toLowerCase(Locale.ROOT));
      }
    }
    return here + "; there are builds for " + String.join(", ", ENGINES) + " (docs/clusters.md)";
  }
}

package org.merganser.store;

import java.io.IOException;
import java.util.Map;

/** The file systems of this project's builds, for errors that name the build to make. */
final class FileSystemSupport {
  /** The build command for each scheme whose file system the plain build lacks. */
  private static final Map<String, String> BUILDS =
      Map.of(
          "s3",
          "mvn -Ps3 -Dmaven.test.skip=true package, or, for an engine, mvn -f src/clusters -Ps3 -pl"
              + " flink -am -Dmaven.test.skip=true package",
          "gs",
          "mvn -f src/clusters -pl dataflow -am -Dmaven.test.skip=true package, or, for another"
              + " engine, -Pgcs -pl flink");

  private FileSystemSupport() {}

  /**
   * Explains Beam's exception about a location.
   *
   * @return an error that names the build to make, if there is no file system for the location
   * @throws IllegalArgumentException Beam's own exception in all other cases
   */
  static IOException explained(String location, IllegalArgumentException beamError) {
    if (!String.valueOf(beamError.getMessage()).startsWith("No filesystem found")) {
      throw beamError;
    }
    int colon = location.indexOf(':');
    String scheme = colon < 0 ? location : location.substring(0, colon);
    String build = BUILDS.get(scheme);
    return new IOException(
        "%s: this build has no file system for \"%s\"; %s (docs/clusters.md)"
            .formatted(
                location,
                scheme,
                build == null
                    ? "there are builds for s3 and gs, and each reads local paths and hdfs"
                    : "make one that has: " + build),
        beamError);
  }
}

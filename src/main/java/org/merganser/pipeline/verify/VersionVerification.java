package org.merganser.pipeline.verify;

import java.io.IOException;
import java.util.List;
import org.merganser.message.ProgramCommand;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.version.OutputVersions;

/**
 * Compares an output folder with one of its earlier versions; {@link FolderVerification} verifies
 * the version that is published there.
 */
public final class VersionVerification {
  private VersionVerification() {}

  /**
   * Compares a folder with a version, by the sha256 of the files of the tokenizer and of the
   * shards.
   *
   * @param version the sha256 of its manifest, or the beginning of the sha256
   * @param beamFlags flags for Beam's file systems, such as {@code --awsRegion=eu-central-1}
   * @throws RunException if there is no such version, or if several versions begin with it
   */
  public static VerificationReport verify(String output, String version, List<String> beamFlags)
      throws IOException {
    RunnerFlags.useFor(output, beamFlags);
    OutputPaths paths = OutputPaths.of(output);
    OutputVersions.Version meant = versionThatBegins(version, paths, output);
    ManifestVerification.Result result =
        ManifestVerification.checkVersion(paths.root(), meant.folder(), meant.manifest());
    List<String> notes = List.of();
    String nextCommand = null;
    return VerificationReport.checked(paths.root(), result, notes, nextCommand);
  }

  /** The one version whose sha256 begins with a prefix. */
  private static OutputVersions.Version versionThatBegins(
      String prefix, OutputPaths paths, String output) throws IOException {
    List<OutputVersions.Version> versions = new OutputVersions(paths).history();
    List<OutputVersions.Version> meant =
        versions.stream()
            .filter(version -> !prefix.isEmpty() && version.sha256().startsWith(prefix))
            .toList();
    if (meant.size() != 1) {
      throw RunException.of(
          "%s: %s begins with %s; %s lists them",
          output,
          meant.isEmpty() ? "no version" : "more than one version",
          prefix.isEmpty() ? "\"\"" : prefix,
          ProgramCommand.line("log", output));
    }
    return meant.get(0);
  }
}

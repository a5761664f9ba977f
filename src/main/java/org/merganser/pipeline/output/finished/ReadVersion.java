package org.merganser.pipeline.output.finished;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.commons.io.function.IORunnable;
import org.jspecify.annotations.Nullable;
import org.merganser.output.Commit;
import org.merganser.pipeline.output.RunException;

/**
 * The version of an output that a command reads. A commit may replace it meanwhile, so the command
 * checks at its end that the version is still the same.
 *
 * @param root the output folder
 * @param manifest the sha256 of the manifest when reading began; null for none
 */
public record ReadVersion(String root, @Nullable String manifest) {
  /** The version that is published now. */
  public static ReadVersion of(String root) throws IOException {
    return new ReadVersion(root, Commit.manifestInPlace(root));
  }

  /** Requires that several versions are still published, as {@link #requireSame()}. */
  public static void requireSame(List<ReadVersion> versions) throws IOException {
    for (ReadVersion version : versions) {
      version.requireSame();
    }
  }

  /**
   * Requires the same versions after a failure, which the caller throws then; if a version has
   * changed, the failure is a suppressed exception of the error.
   */
  public static void requireSameAfter(List<ReadVersion> versions, Exception failure)
      throws IOException {
    try {
      requireSame(versions);
    } catch (IOException | RuntimeException e) {
      e.addSuppressed(failure);
      throw e;
    }
  }

  /**
   * Requires that the version is still published.
   *
   * @throws RunException naming both manifests if another version was published since
   */
  public void requireSame() throws IOException {
    String now = Commit.manifestInPlace(root);
    if (!Objects.equals(manifest, now)) {
      throw RunException.changed(
          "%s: another version was published while this command read the folder (its manifest had"
              + " the sha256 %s, now %s); run the command again",
          root, shown(manifest), shown(now));
    }
  }

  /**
   * Runs code that reads the output, and requires the same version at the end. An error is replaced
   * if another version was published meanwhile, since a file may be gone for that reason.
   *
   * @throws RunException as {@link #requireSame()}
   */
  public void during(IORunnable reading) throws IOException {
    try {
      reading.run();
    } catch (IOException | RuntimeException e) {
      requireSameAfter(List.of(this), e);
      throw e;
    }
    requireSame();
  }

  /** The sha256 of a manifest in a message. */
  private static String shown(@Nullable String sha256) {
    return sha256 == null ? "none" : sha256;
  }
}

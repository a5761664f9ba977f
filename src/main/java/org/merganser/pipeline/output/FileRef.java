package org.merganser.pipeline.output;

import java.io.IOException;
import java.io.Serializable;
import org.merganser.checksum.Sha256;
import org.merganser.store.FileStore;

/**
 * A reference to a published file, which stages pass to each other.
 *
 * @param location a local path or a URI
 * @param sha256 lower-case hex
 */
public record FileRef(String location, String sha256) implements Serializable {
  /**
   * The bytes of the file.
   *
   * @throws RunException if they differ from those that were published
   */
  public byte[] read() throws IOException {
    byte[] content = FileStore.of(location).readAll(location);
    String found = Sha256.of(content);
    if (!found.equals(sha256)) {
      throw RunException.of(
          "%s: has sha256 %s, but the run expects %s; was it changed while the run was active?"
              + " Start the run again",
          location, found, sha256);
    }
    return content;
  }
}

package org.merganser.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file written in this machine's temporary folder and then sent to a store that is elsewhere. */
final class ScratchDraft implements FileStore.Draft {
  private final FileStore target;
  private final String location;
  private final Path scratch;

  ScratchDraft(FileStore target, String location) throws IOException {
    this.target = target;
    this.location = location;
    this.scratch = Files.createTempDirectory(FileStore.TEMPORARY_PREFIX).resolve("content");
  }

  @Override
  public Path file() {
    return scratch;
  }

  @Override
  public void publish() throws IOException {
    target.publish(location, out -> Files.copy(scratch, out));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(scratch);
    Files.deleteIfExists(scratch.getParent());
  }
}

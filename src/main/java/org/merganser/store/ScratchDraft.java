package org.merganser.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is written in this process's scratch folder and then sent to a remote store. */
final class ScratchDraft implements FileStore.Draft {
  private final FileStore target;
  private final String location;
  private final Path scratch;

  ScratchDraft(FileStore target, String location) throws IOException {
    this.target = target;
    this.location = location;
    this.scratch = Files.createTempFile(Scratch.ofThisProcess(), "draft-", "");
    Files.delete(scratch); // writers want a place without a file
    OpenDrafts.add(scratch);
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
    OpenDrafts.remove(scratch);
  }
}

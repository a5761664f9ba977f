package org.merganser.pipeline.step;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/** Files as local paths, for readers that need one (Parquet): others are copied to this worker. */
public final class LocalFiles {
  private LocalFiles() {}

  /**
   * The file itself where it is local; else a copy in the worker's scratch folder, kept under a
   * name made of the location, the size and the modification time.
   */
  public static Path of(String location) throws IOException {
    if (FileStore.isLocal(location)) {
      return FileStore.localPath(location);
    }
    FileStore store = FileStore.of(location);
    FileStore.Entry entry = store.stat(location);
    Path copy =
        scratch().resolve(Fingerprint.of(location, entry.size(), entry.modified()) + ".copy");
    if (!Files.exists(copy)) {
      Files.createDirectories(scratch());
      Path temporary = Files.createTempFile(Scratch.ofThisProcess(), "copy-", ".tmp");
      try (InputStream in = store.open(location, 0)) {
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    return copy;
  }

  /** Where this worker keeps copies for later runs: {@link Scratch#root()}. */
  public static Path scratch() {
    return Scratch.root();
  }
}

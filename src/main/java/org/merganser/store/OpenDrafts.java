package org.merganser.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The files of this process that are being written and not published yet. */
final class OpenDrafts {
  private static final Set<Path> FILES = ConcurrentHashMap.newKeySet();

  private OpenDrafts() {}

  static void add(Path file) {
    FILES.add(file);
  }

  static void remove(Path file) {
    FILES.remove(file);
  }

  /** Deletes the files below a folder that can be deleted; the next run sweeps the rest. */
  static void abandon(Path folder) {
    FILES.stream().filter(file -> file.startsWith(folder)).forEach(OpenDrafts::delete);
  }

  /** Deletes the files that can be deleted; the next run sweeps the rest. */
  static void abandon() {
    FILES.forEach(OpenDrafts::delete);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException sweptByTheNextRun) {
      // The run is ending; whoever writes there next sweeps temporary names.
    }
  }
}

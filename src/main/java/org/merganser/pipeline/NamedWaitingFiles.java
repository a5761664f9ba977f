package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;

/** The files that wait in an output folder and that the user names with {@code --accept}. */
final class NamedWaitingFiles {
  private NamedWaitingFiles() {}

  /**
   * The sha256 of waiting files as they are now, by name.
   *
   * @param names as the list of waiting files has them
   * @throws RunException for a name that is not that of a waiting file
   */
  static SortedMap<String, String> sha256s(List<String> names, OutputPaths paths)
      throws IOException {
    SortedMap<String, String> sha256s = new TreeMap<>();
    if (names.isEmpty()) {
      return sha256s;
    }
    SortedMap<String, String> locations = readLocations(paths);
    for (String name : names) {
      String location = locations.get(name);
      if (location == null) {
        throw RunException.wrong(
            "--accept %s: this is no file that waits in %s; %s",
            name,
            paths.root(),
            locations.isEmpty()
                ? "none does"
                : "there are " + String.join(", ", locations.keySet()));
      }
      sha256s.put(name, FileStore.sha256(location));
    }
    return sha256s;
  }

  /** Reads the location of each file that waits in the output, by name. */
  private static SortedMap<String, String> readLocations(OutputPaths paths) throws IOException {
    SortedMap<String, String> locations = new TreeMap<>();
    for (SkippedInputs.Line line : SkippedInputs.read(paths.at(OutputPaths.SKIPPED))) {
      if (line.file() != null && line.path() != null) {
        locations.put(line.file(), line.path());
      }
    }
    return locations;
  }
}

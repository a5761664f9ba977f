package org.merganser.pipeline.output.finished;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;

/** Finds the tokenizer.json that a key or an argument names by its folder. */
public final class TokenizerLocation {
  private TokenizerLocation() {}

  /**
   * The location of the tokenizer.json of a folder; empty if there is none. For the output of a
   * run, it is in the output or in the run that provided its shards; for any other folder, it is in
   * the folder.
   */
  public static Optional<String> find(String folder) throws IOException {
    FileStore store = FileStore.of(folder);
    for (boolean atRoot : new boolean[] {false, true}) {
      OutputPaths paths = OutputPaths.of(folder, atRoot);
      String location = paths.at(paths.tokenizerJson());
      if (store.exists(location)) {
        return Optional.of(location);
      }
    }
    OutputPaths paths = OutputPaths.of(folder);
    if (!store.exists(paths.at(Manifest.FILE))) {
      return Optional.empty();
    }
    // The tokenizer of the first run is that of all.
    String firstRun = FinishedOutput.at(paths).runOfShards(0);
    return firstRun == null ? Optional.empty() : find(firstRun);
  }

  /**
   * The location of a tokenizer.json.
   *
   * @param location the location of the file, or of a folder with it
   * @param key the setting or argument that has the location, for errors
   * @throws RunException for a folder without a tokenizer.json
   */
  public static String of(String location, String key) throws IOException {
    if (!FileStore.of(location).isFolder(location)) {
      return location;
    }
    return find(location)
        .orElseThrow(
            () ->
                RunException.wrong(
                        "%s: %s is a folder without a tokenizer.json; name a tokenizer.json, or the"
                            + " output folder of a run",
                        key, location)
                    .causedBy(new NoSuchFileException(location)));
  }
}

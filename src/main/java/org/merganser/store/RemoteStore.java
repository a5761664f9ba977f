package org.merganser.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A store that is not on this machine: locations are URIs, and there are no links. */
abstract class RemoteStore implements FileStore {
  @Override
  public final String absolute(String location) {
    return location;
  }

  @Override
  public final String pathWithin(String folder, String location) {
    String prefix = withSlash(folder);
    if (!location.startsWith(prefix)) {
      throw new IllegalArgumentException(location + " is not below " + folder);
    }
    return location.substring(prefix.length());
  }

  /** The location of a folder with a slash at its end. */
  static String withSlash(String folder) {
    return folder.endsWith("/") ? folder : folder + "/";
  }

  /** Begins a file in this process's scratch folder; publishing copies it to the store. */
  @Override
  public final Draft draft(String location) throws IOException {
    Path scratch = Files.createTempFile(Scratch.processFolder(), "draft-", "");
    Files.delete(scratch); // writers want a place at which there is no file yet
    OpenDrafts.add(scratch);
    return new Draft(scratch, () -> publish(location, out -> Files.copy(scratch, out)));
  }
}

package org.merganser.store;

import java.io.IOException;

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

  static String withSlash(String folder) {
    return folder.endsWith("/") ? folder : folder + "/";
  }

  @Override
  public final Draft draft(String location) throws IOException {
    return new ScratchDraft(this, location);
  }
}

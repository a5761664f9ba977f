package org.merganser.corpus;

/** Files of a plan for tests. */
public final class InputFiles {
  private InputFiles() {}

  /** A file for training without settings of its own, whose version is its modification time. */
  public static InputFile of(
      String path,
      String location,
      long size,
      long modified,
      InputFormat format,
      Compression compression) {
    return new InputFile(
        path,
        location,
        size,
        modified,
        0,
        modified,
        format,
        compression,
        SourceSettings.NONE,
        false,
        0);
  }
}

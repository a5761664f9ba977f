package org.merganser.corpus;

import java.io.Serializable;

/**
 * A file of the corpus as the plan found it.
 *
 * @param path relative to the root its input names, with {@code /}: what outputs call it
 * @param location where it is opened: a local path or a URI
 * @param size in bytes, compressed
 * @param modified last modification in milliseconds of the epoch: the plan's alone, never in an
 *     output's bytes
 * @param version tells the file's content from what it was or will be, under the same name: the
 *     modification time, where nobody knows better
 * @param source what the input that named it says about it
 */
public record InputFile(
    String path,
    String location,
    long size,
    long modified,
    long version,
    InputFormat format,
    Compression compression,
    SourceSettings source)
    implements Serializable {
  public InputFile {
    // One object for all files of which an input says nothing: a plan may have ten million.
    source = source == null || source.equals(SourceSettings.NONE) ? SourceSettings.NONE : source;
  }

  /** A file of which no more is known than a listing shows. */
  public InputFile(
      String path,
      String location,
      long size,
      long modified,
      InputFormat format,
      Compression compression) {
    this(path, location, size, modified, modified, format, compression, SourceSettings.NONE);
  }

  public InputFile withVersion(long other) {
    return new InputFile(path, location, size, modified, other, format, compression, source);
  }

  public InputFile withSource(SourceSettings other) {
    return new InputFile(path, location, size, modified, version, format, compression, other);
  }
}

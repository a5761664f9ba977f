package org.merganser.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The few file operations the project needs, over local files (java.nio, forced to disk, published
 * by atomic rename) and over whatever Beam's FileSystems knows (one PUT, an aborted write is
 * abandoned and not closed). {@link #of} chooses by location.
 */
public interface FileStore {

  /** The store of a location: a local path or a URI such as {@code s3://bucket/key}. */
  static FileStore of(String location) {
    throw new UnsupportedOperationException("interface only");
  }

  /** What a listing knows of a file. */
  record Entry(String location, long size, long modified) {}

  /** Everything a publication needs; not closed by {@link #publish}'s callers. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  boolean exists(String location) throws IOException;

  /** The entry of one file. */
  Entry stat(String location) throws IOException;

  /** The files below a folder, at any depth, sorted by UTF-8 bytes of their location. */
  List<Entry> listFolder(String location) throws IOException;

  /** Opens a file for reading at {@code position}. */
  InputStream open(String location, long position) throws IOException;

  /**
   * Makes a file appear whole or not at all: a temporary name, force to disk, rename; or one PUT.
   * An existing file is replaced.
   */
  void publish(String location, Content content) throws IOException;

  /** What {@link #publishFile} runs: writes a local file, from nothing. */
  @FunctionalInterface
  interface LocalContent {
    void writeTo(java.nio.file.Path file) throws IOException;
  }

  /**
   * As {@link #publish}, for writers that need a local file (Parquet): a temporary one beside the
   * final place and a rename where the store is local, a scratch file and one PUT elsewhere.
   */
  void publishFile(String location, LocalContent content) throws IOException;

  void delete(String location) throws IOException;

  byte[] readAll(String location) throws IOException;
}

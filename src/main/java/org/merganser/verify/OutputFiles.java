package org.merganser.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of an output folder for whoever verifies it, wherever they are. Paths are relative to
 * the folder, with {@code /}.
 */
public interface OutputFiles {
  /** The size of a file in bytes; -1 where there is none. */
  long size(String path) throws IOException;

  /** Whether this user may read a file that is there. */
  boolean isReadable(String path);

  /** Opens a file; not buffered. */
  InputStream open(String path) throws IOException;

  /**
   * The files below a folder of the output, or of all of it for "", sorted; none where there is no
   * such folder.
   *
   * @throws java.nio.file.FileSystemException naming what cannot be listed
   */
  List<String> list(String folder) throws IOException;

  /** A file as a local one. It may be a copy, and then it is gone when another is asked for. */
  Path local(String path) throws IOException;

  /** Whether {@link #local} copies, so that the footer of a file costs all of it. */
  boolean copies();
}

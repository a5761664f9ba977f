package org.merganser.store;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.function.IORunnable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;

/**
 * The file operations that the project needs: {@link LocalStore} and {@link HdfsStore} force files
 * to disk and publish them by an atomic rename; {@link BeamStore} has all other stores and
 * publishes a file by one PUT. {@link #of} chooses by location.
 */
public interface FileStore {
  /**
   * The prefix of the names of unfinished publications: after a crash, files with this prefix may
   * be deleted when no writer is alive.
   */
  String TEMPORARY_PREFIX = ".tmp-merganser-";

  /** The size of the buffers through which files are read and written. */
  int BUFFER_BYTES = 1 << 16;

  /** The store of a location. */
  static FileStore of(String location) {
    if (isLocal(location)) {
      return LocalStore.INSTANCE;
    }
    return HdfsStore.isHdfs(location) ? new HdfsStore() : new BeamStore();
  }

  /** Whether a location is a local path or a {@code file:} URI. */
  static boolean isLocal(String location) {
    return LocalStore.isFileUri(location) || !LocalStore.REMOTE.matcher(location).lookingAt();
  }

  /**
   * The path of a local location.
   *
   * @throws java.nio.file.FileSystemException if the location is not a path
   */
  static Path localPath(String location) throws IOException {
    return LocalStore.path(location);
  }

  /** Whether the name of a file has {@link #TEMPORARY_PREFIX}. */
  static boolean isTemporary(String location) {
    return location.startsWith(TEMPORARY_PREFIX, location.lastIndexOf('/') + 1);
  }

  /** The location; a relative local path becomes absolute, so that it can be used elsewhere. */
  static String withAbsolutePath(String location) {
    return isLocal(location) && !location.startsWith("file:")
        ? Path.of(location).toAbsolutePath().toString()
        : location;
  }

  /** The error of reading or writing a file; in place of one without the name, one that has it. */
  static IOException withName(String location, IOException e) {
    if (e instanceof FileSystemException) {
      return e;
    }
    FileSystemException named =
        new FileSystemException(location, null, String.valueOf(e.getMessage()));
    named.initCause(e);
    return named;
  }

  /** Publishes a file with this content in the store of its location. */
  static void publish(String location, byte[] content) throws IOException {
    of(location).publish(location, out -> out.write(content));
  }

  /** The sha256 of a file, which is read; lower-case hex. */
  static String sha256(String location) throws IOException {
    try (InputStream in = of(location).open(location, 0)) {
      return Sha256.of(in);
    }
  }

  /**
   * The bytes of a file that a user names, which may be a local pipe, unlike in {@link #readAll}.
   */
  static byte[] readNamed(String location) throws IOException {
    return isLocal(location) ? WholeFile.read(localPath(location)) : of(location).readAll(location);
  }

  /** Opens a file to read its lines, in UTF-8. */
  static BufferedReader lines(String location) throws IOException {
    return lines(of(location).open(location, 0));
  }

  /** Reads a stream by lines, in UTF-8; closing the reader closes the stream. */
  static BufferedReader lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Whether there is a file or, in stores with folders, a folder. */
  boolean exists(String location) throws IOException;

  /** Whether the location is a folder; in stores without folders, whether a file is below it. */
  boolean isFolder(String location) throws IOException;

  /**
   * The entry of a file, as a listing of its folder would have it.
   *
   * @throws java.nio.file.NoSuchFileException if there is no file
   */
  Entry stat(String location) throws IOException;

  /**
   * The files below a folder, at any depth, sorted by UTF-8 bytes of their path. Links are followed
   * unless the filter forbids it.
   *
   * @throws java.nio.file.FileSystemException naming a path, the same in each listing, that is
   *     neither a file nor a folder (a FIFO, a device), dangles, cannot be read, or is a link to
   *     one of the folders above it; others are suppressed exceptions of this one
   */
  default List<Entry> listFolder(String location) throws IOException {
    return listFolder(location, path -> true);
  }

  /**
   * Lists like {@link #listFolder(String)}, but only the files that the filter takes; the
   * attributes of others are not read.
   */
  List<Entry> listFolder(String location, Filter filter) throws IOException;

  /**
   * The unique spelling of a location: absolute, and without {@code .} and {@code ..} if possible.
   */
  String absolute(String location) throws IOException;

  /**
   * The absolute location with every link replaced by its target, as far as it exists; stores
   * without links return {@link #absolute}.
   */
  default String resolved(String location) throws IOException {
    return absolute(location);
  }

  /**
   * The path of a file below a folder for people and outputs, with {@code /} between the names on
   * every platform and locale; bytes of a name that are not UTF-8 are written {@code %XX}.
   */
  String pathWithin(String folder, String location);

  /**
   * Opens a file for unbuffered reading at {@code position}.
   *
   * @throws java.nio.file.FileSystemException for a folder, a FIFO or a device
   */
  InputStream open(String location, long position) throws IOException;

  /** The bytes of a file, which must be a regular one. */
  default byte[] readAll(String location) throws IOException {
    try (InputStream in = open(location, 0)) {
      return in.readAllBytes();
    }
  }

  /**
   * Publishes a complete file or none; an existing file is replaced.
   *
   * @param content writes the file; must not close the stream
   */
  void publish(String location, IOConsumer<OutputStream> content) throws IOException;

  /**
   * Begins a file for writers that need a local one (Parquet): in a local store a temporary file
   * next to the final place, which is renamed; else a scratch file, which is copied to the store.
   */
  Draft draft(String location) throws IOException;

  /**
   * Publishes a file that needs a local writer, as {@link #draft} describes.
   *
   * @param content creates the file at the path that it receives
   */
  default void publishFile(String location, IOConsumer<Path> content) throws IOException {
    try (Draft draft = draft(location)) {
      content.accept(draft.file());
      draft.publish();
    }
  }

  /** Deletes a file, if there is one. */
  void delete(String location) throws IOException;

  /**
   * The entry of a file in a listing.
   *
   * @param location the argument of {@link #open}
   * @param size the size in bytes
   * @param modified last modification in milliseconds of the epoch; 0 if the store has none
   * @param state further signs of change, from {@link #state(int, int)}: of a local file the inode
   *     and time of change, else the checksum that the store lists; 0 if there are none
   */
  record Entry(String location, long size, long modified, long state) {

    /**
     * A state: the machine that saw the file in the upper half, the hash of its signs of change in
     * the lower half. The result is never 0.
     *
     * @param machine a hash of the machine; 0 if all machines see the same
     */
    static long state(int machine, int hash) {
      return ((long) machine << 32) | Integer.toUnsignedLong(hash == 0 ? 1 : hash);
    }

    /** Whether the file has changed since it had an earlier state, as seen by the same machine. */
    public boolean differsFrom(long earlier) {
      return state != earlier && state >>> 32 == earlier >>> 32 && state != 0 && earlier != 0;
    }
  }

  /** Which links of a local folder a listing follows. */
  enum Links {
    /** All links are followed. */
    FOLLOWED,

    /** Links to folders are followed; everything else is listed as it is, whatever it is. */
    TO_FOLDERS,

    /** A link is listed like a file, and so is everything that is not a folder. */
    NOT_FOLLOWED
  }

  /** Selects the files of a folder to list; paths are those of {@link #pathWithin}. */
  @FunctionalInterface
  interface Filter {
    /** Whether a file is listed. */
    boolean takes(String path);

    /** Whether a folder is searched; false if it cannot contain a file that is listed. */
    default boolean enters(String folder) {
      return true;
    }

    /**
     * Whether a dangling link is skipped, of which the filter may take note; else it is an error.
     */
    default boolean skipsDanglingLink(String path) {
      return false;
    }

    /** The links that the listing follows. */
    default Links links() {
      return Links.FOLLOWED;
    }

    /** Takes note of a further path to a folder, whose files are listed under another path only. */
    default void noteOtherPath(String folder) {}
  }

  /**
   * A file that is written under a local name. Closing it before {@link #publish} deletes it.
   *
   * @param file the local path to write to, at which there is no file yet
   * @param publication publishes the finished file
   */
  record Draft(Path file, IORunnable publication) implements Closeable {
    /** Publishes the file, which its writer has closed. */
    public void publish() throws IOException {
      publication.run();
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
      OpenDrafts.remove(file);
    }
  }
}

package org.merganser.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.io.function.IOConsumer;

/**
 * Local files through java.nio, because Beam's local file system neither forces to disk nor renames
 * atomically.
 *
 * <p>A location is a path, or a {@code file:} URI, the only String form of a name that is not UTF-8
 * or that the locale's encoding cannot express.
 */
final class LocalStore implements FileStore {
  static final LocalStore INSTANCE = new LocalStore();

  /** The beginning of a {@code file:} URI; the scheme ignores case. */
  private static final String FILE_SCHEME = "file:";

  /** The beginning of a location in another store. */
  static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

  private LocalStore() {}

  /** Whether a location is a {@code file:} URI. */
  static boolean isFileUri(String location) {
    boolean ignoreCase = true;
    return location.regionMatches(ignoreCase, 0, FILE_SCHEME, 0, FILE_SCHEME.length());
  }

  /**
   * The path of a location.
   *
   * @throws FileSystemException if the location is not a path
   */
  static Path path(String location) throws FileSystemException {
    try {
      if (!isFileUri(location)) {
        return Path.of(location);
      }
      // file:/a, file:///a and file://localhost/a are equal; Path accepts only an empty authority.
      String rest =
          location.substring(FILE_SCHEME.length()).replaceFirst("^//(localhost)?(?=/)", "");
      return Path.of(URI.create("file://" + rest));
    } catch (InvalidPathException e) {
      throw new FileSystemException(
          location,
          null,
          "this name has U+0000, or cannot be written in the encoding of the locale ("
              + System.getProperty("sun.jnu.encoding")
              + "); run in a UTF-8 locale, such as LC_ALL=C.UTF-8");
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(
          location, null, "not a usable file: URI (" + e.getMessage() + "); use a plain path");
    }
  }

  /** The location of a path: its string if that names the same path, else its URI. */
  static String location(Path path) {
    String plain = path.toString();
    try {
      boolean same = plain.chars().allMatch(c -> c < 0x80) || Path.of(plain).equals(path);
      return same ? plain : path.toUri().toString();
    } catch (InvalidPathException e) {
      return path.toUri().toString();
    }
  }

  @Override
  public boolean exists(String location) throws IOException {
    return PathAttributes.exists(path(location));
  }

  @Override
  public boolean isFolder(String location) throws IOException {
    return PathAttributes.isFolder(path(location));
  }

  @Override
  public Entry stat(String location) throws IOException {
    Path path = regularFile(location);
    return entry(path, location, Files.readAttributes(path, BasicFileAttributes.class));
  }

  /** The path of a regular file; opening a FIFO could block forever. */
  private static Path regularFile(String location) throws IOException {
    Path path = path(location);
    PathAttributes.requireFile(path, Files.readAttributes(path, BasicFileAttributes.class));
    return path;
  }

  /** The entry of a path with these attributes; that of a link has no state. */
  static Entry entry(Path path, String location, BasicFileAttributes attributes)
      throws IOException {
    long state = 0;
    boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    if (unix && !attributes.isSymbolicLink()) {
      state =
          Entry.state(OpenDrafts.MACHINE, Files.readAttributes(path, "unix:ino,ctime").hashCode());
    }
    return new Entry(location, attributes.size(), attributes.lastModifiedTime().toMillis(), state);
  }

  @Override
  public List<Entry> listFolder(String location, Filter filter) throws IOException {
    return LocalTree.list(path(location), filter);
  }

  @Override
  public String absolute(String location) throws IOException {
    Path absolute = path(location).toAbsolutePath();
    Path normal = absolute.normalize();
    // The ".." after a link means the folder above the link's target, not above the link.
    return location(Files.exists(normal) && Files.isSameFile(absolute, normal) ? normal : absolute);
  }

  @Override
  public String resolved(String location) throws IOException {
    Path absolute = path(location).toAbsolutePath();
    Path existing = absolute;
    // Only files and folders count: a pipe among the descriptors of a process has no real path.
    while (!Files.isRegularFile(existing) && !Files.isDirectory(existing)) {
      existing = existing.getParent();
      if (existing == null) {
        return absolute(location);
      }
    }
    Path rest = existing.relativize(absolute);
    return location(existing.toRealPath().resolve(rest).normalize());
  }

  @Override
  public String pathWithin(String folder, String location) {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    if (!location.startsWith("file:") && location.startsWith(prefix)) {
      return location.substring(prefix.length());
    }
    try {
      Path relative =
          path(folder).toAbsolutePath().normalize().relativize(path(location).toAbsolutePath());
      return PrintablePath.of(relative);
    } catch (FileSystemException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public InputStream open(String location, long position) throws IOException {
    SeekableByteChannel channel =
        Files.newByteChannel(regularFile(location), StandardOpenOption.READ);
    try {
      return new NamedInputStream(location, Channels.newInputStream(channel.position(position)));
    } catch (IOException | RuntimeException e) {
      Closing.after(e, channel);
      throw e;
    }
  }

  @Override
  public void publish(String location, IOConsumer<OutputStream> content) throws IOException {
    publishFile(
        location,
        file -> {
          OutputStream unbuffered =
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          try (OutputStream out =
              new NamedOutputStream(location, new BufferedOutputStream(unbuffered, BUFFER_BYTES))) {
            content.accept(out);
          }
        });
  }

  @Override
  public Draft draft(String location) throws IOException {
    Path target = path(location).toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new FileSystemException(location, null, "cannot be written: it is the root folder");
    }
    LocalDisk.createFolders(folder);
    Path file = OpenDrafts.begin(folder);
    return new Draft(file, () -> putInPlace(file, target, folder));
  }

  /**
   * Renames a finished file to its target, and forces the file to disk before, and the folder after
   * it. Without the first force, a loss of power could leave the name without the content. Without
   * the second, it could leave a receipt, published later in another folder, without the files that
   * it lists.
   */
  private static void putInPlace(Path file, Path target, Path folder) throws IOException {
    LocalDisk.forceFile(file);
    LocalDisk.move(file, target);
    LocalDisk.forceFolder(folder);
  }

  @Override
  public void delete(String location) throws IOException {
    LocalDisk.delete(path(location));
  }

  @Override
  public byte[] readAll(String location) throws IOException {
    try {
      return Files.readAllBytes(regularFile(location));
    } catch (IOException e) {
      throw FileStore.withName(location, e);
    }
  }
}

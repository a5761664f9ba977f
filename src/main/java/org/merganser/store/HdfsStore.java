package org.merganser.store;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.io.function.IOConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * HDFS through Hadoop's own client. Beam's HDFS treats names as globs and URIs (a file with a space
 * or a bracket in its name is lost), lists a folder without its own files, and replaces a file by a
 * deletion and a rename. Here a file is written under a temporary name, forced to disk and put in
 * place by one rename, as on a local disk.
 *
 * <p>Settings come from {@code core-site.xml} and {@code hdfs-site.xml} in {@code HADOOP_CONF_DIR};
 * {@code hdfs://host:port/path} needs none.
 */
final class HdfsStore extends RemoteStore {
  private static final Set<String> SCHEMES = Set.of("hdfs", "webhdfs", "swebhdfs", "viewfs");

  /** Hadoop deletes a file, or an empty folder, and not all in a folder. */
  private static final boolean NOT_RECURSIVE = false;

  private final Configuration settings = Settings.INSTANCE;

  /** The settings, read once, and only if HDFS is used, since reading is slow. */
  private static final class Settings {
    static final Configuration INSTANCE = read();

    private static Configuration read() {
      Configuration settings = new Configuration();
      String folder = System.getenv("HADOOP_CONF_DIR");
      if (folder != null) {
        for (String name : List.of("core-site.xml", "hdfs-site.xml")) {
          java.nio.file.Path file = java.nio.file.Path.of(folder, name);
          if (java.nio.file.Files.isReadable(file)) {
            settings.addResource(new Path(file.toUri()));
          }
        }
      }
      return settings;
    }
  }

  /** Whether a location is a URI of HDFS; the scheme ignores case. */
  static boolean isHdfs(String location) {
    int colon = location.indexOf(':');
    return colon > 0 && SCHEMES.contains(location.substring(0, colon).toLowerCase(Locale.ROOT));
  }

  /** Hadoop's client of the file system of a location, which it caches. */
  private FileSystem fileSystem(String location) throws IOException {
    return new Path(location).getFileSystem(settings);
  }

  @Override
  public boolean exists(String location) throws IOException {
    return fileSystem(location).exists(new Path(location));
  }

  @Override
  public boolean isFolder(String location) throws IOException {
    try {
      return status(location).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public Entry stat(String location) throws IOException {
    return entry(location, status(location));
  }

  private FileStatus status(String location) throws IOException {
    try {
      return fileSystem(location).getFileStatus(new Path(location));
    } catch (FileNotFoundException e) {
      throw missing(location, e);
    }
  }

  /** Java's error of a file that does not exist, in place of Hadoop's. */
  private static NoSuchFileException missing(String location, FileNotFoundException cause) {
    NoSuchFileException missing = new NoSuchFileException(location);
    missing.initCause(cause);
    return missing;
  }

  private static Entry entry(String location, FileStatus status) {
    return new Entry(location, status.getLen(), Math.max(0, status.getModificationTime()), 0);
  }

  @Override
  public List<Entry> listFolder(String location, Filter filter) throws IOException {
    String folder = withSlash(location);
    List<Entry> entries = new ArrayList<>();
    if (isFolder(location)) {
      list(fileSystem(location), folder, "", filter, entries);
    }
    entries.sort(Comparator.comparing(Entry::location, CodePointOrder.INSTANCE));
    return entries;
  }

  /**
   * Adds the files below a folder of {@code root}.
   *
   * @param folder the folder's path below the root, with a slash at the end; "" for the root
   */
  private static void list(
      FileSystem files, String root, String folder, Filter filter, List<Entry> entries)
      throws IOException {
    for (FileStatus status : files.listStatus(new Path(root + folder))) {
      String path = folder + status.getPath().getName();
      if (status.isDirectory()) {
        if (filter.enters(path)) {
          list(files, root, path + "/", filter, entries);
        }
      } else if (filter.takes(path)) {
        entries.add(entry(root + path, status));
      }
    }
  }

  @Override
  public InputStream open(String location, long position) throws IOException {
    FSDataInputStream in;
    try {
      in = fileSystem(location).open(new Path(location));
    } catch (FileNotFoundException e) {
      throw missing(location, e);
    }
    try {
      in.seek(position);
      return in;
    } catch (IOException | RuntimeException e) {
      Closing.after(e, in);
      throw e;
    }
  }

  @Override
  public void publish(String location, IOConsumer<OutputStream> content) throws IOException {
    Path target = new Path(location);
    FileSystem files = fileSystem(location);
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path temporary =
        new Path(target.getParent(), TEMPORARY_PREFIX + random + "-" + target.getName());
    try {
      boolean overwrite = true;
      write(files.create(temporary, overwrite), content);
      FileContext.getFileContext(files.getUri(), settings)
          .rename(temporary, target, Options.Rename.OVERWRITE);
    } catch (IOException | RuntimeException e) {
      try {
        files.delete(temporary, NOT_RECURSIVE);
      } catch (IOException notDeleted) {
        e.addSuppressed(notDeleted);
      }
      throw e;
    }
  }

  /**
   * Writes a file, forces it to disk and closes it. A try-with-resources block would add the
   * exception of writing to itself, since closing throws it again.
   */
  private static void write(FSDataOutputStream file, IOConsumer<OutputStream> content)
      throws IOException {
    try {
      OutputStream out = new BufferedOutputStream(file, BUFFER_BYTES);
      content.accept(out);
      out.flush();
      file.hsync();
    } catch (IOException | RuntimeException e) {
      Closing.after(e, file);
      throw e;
    }
    file.close();
  }

  @Override
  public void delete(String location) throws IOException {
    boolean deleted = fileSystem(location).delete(new Path(location), NOT_RECURSIVE);
    if (!deleted && exists(location)) {
      throw new IOException(location + " could not be deleted");
    }
  }
}

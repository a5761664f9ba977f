package org.merganser.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.WrittenFile;
import org.merganser.store.FileStore;

/**
 * The files in folders of an output that a run may delete. A link below the output is listed and
 * never followed: its target does not belong to the run.
 */
public final class OwnFiles {
  private OwnFiles() {}

  /** Paths, relative to the output {@code root}, of all files below one of its folders. */
  public static List<String> list(String root, String folder) throws IOException {
    return paths(root, below(root, folder));
  }

  /** All files below one of the folders of the output; a link counts as a file. */
  public static List<FileStore.Entry> below(String root, String folder) throws IOException {
    if (!FileStore.isLocal(
        root)) { // remote stores have no links, and a listing of the root may be long
      FileStore store = FileStore.of(root);
      String location = root + "/" + folder;
      return store.isFolder(location) ? store.listFolder(location) : List.of();
    }
    return entries(
        root,
        new NoLinks(
            path -> path.startsWith(folder + "/"),
            path -> (path + "/").startsWith(folder + "/") || folder.startsWith(path + "/")));
  }

  /** All files of the output; a link counts as a file. */
  public static List<FileStore.Entry> all(String root) throws IOException {
    return entries(root, new NoLinks(path -> true));
  }

  /** Temporary files of killed writers, anywhere below the output. */
  public static List<String> temporary(String root) throws IOException {
    return paths(root, entries(root, new NoLinks(FileStore::isTemporary)));
  }

  public static boolean hasAny(String root, Predicate<String> takes) throws IOException {
    return !entries(root, new NoLinks(takes)).isEmpty();
  }

  /** Files in {@link Manifest#FOLDERS} that the list of a finished run's outputs does not name. */
  public static List<String> unlisted(String root, List<WrittenFile> outputs) throws IOException {
    Set<String> listed = new HashSet<>();
    for (WrittenFile file : outputs) {
      // A folder in the path of a listed file may be a link to another disk.
      String path = file.path();
      for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
        if (!listed.add(path.substring(0, end))) {
          break;
        }
      }
    }
    List<String> unlisted = new ArrayList<>();
    for (String folder : Manifest.FOLDERS) {
      for (String path : list(root, folder)) {
        if (!listed.contains(path)) {
          unlisted.add(path);
        }
      }
    }
    return unlisted;
  }

  private record NoLinks(Predicate<String> files, Predicate<String> folders)
      implements FileStore.Filter {
    NoLinks(Predicate<String> files) {
      this(files, folder -> true);
    }

    @Override
    public boolean takes(String path) {
      return files.test(path);
    }

    @Override
    public boolean enters(String folder) {
      return folders.test(folder);
    }

    @Override
    public boolean followsLinks() {
      return false;
    }
  }

  private static List<String> paths(String root, List<FileStore.Entry> entries) {
    FileStore store = FileStore.of(root);
    return entries.stream().map(entry -> store.pathWithin(root, entry.location())).toList();
  }

  private static List<FileStore.Entry> entries(String root, FileStore.Filter filter)
      throws IOException {
    FileStore store = FileStore.of(root);
    return store.isFolder(root) ? store.listFolder(root, filter) : List.of();
  }
}

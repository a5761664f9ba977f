package org.merganser.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.merganser.store.FileStore;

/**
 * The files in the folders of an output in which runs write. A link to a folder there is followed,
 * since a folder may lie on another disk; if the folder was listed already, the link itself is
 * listed. A link to a file is listed and not followed. Elsewhere in the output no link is followed.
 */
public final class OutputListing {
  /** The folders in which only runs write, without slashes at their ends. */
  public static final Set<String> FOLDERS = folders();

  private static final FileStore.Links NOT_FOLLOWED = FileStore.Links.NOT_FOLLOWED;

  /** Selects files by their paths, and the folders that are looked into. */
  private record Selection(
      Predicate<String> files, Predicate<String> folders, FileStore.Links links)
      implements FileStore.Filter {

    /** Selects files in all folders, without following links. */
    Selection(Predicate<String> files) {
      this(files, folder -> true, NOT_FOLLOWED);
    }

    @Override
    public boolean takes(String path) {
      return files.test(path);
    }

    @Override
    public boolean enters(String folder) {
      return folders.test(folder);
    }
  }

  private OutputListing() {}

  private static Set<String> folders() {
    Set<String> folders = new TreeSet<>(OutputFile.listedFolders());
    folders.addAll(List.of("run", OutputFile.VERSIONS, OutputFile.STAGE));
    return Collections.unmodifiableSet(folders);
  }

  /**
   * The paths, relative to the output {@code root}, of all files below a folder.
   *
   * @param folder one of {@link #FOLDERS}, or a folder in one; without a slash at its end
   */
  public static List<String> list(String root, String folder) throws IOException {
    return paths(root, listEntries(root, folder));
  }

  /** The entries of the files that {@link #list} lists. */
  public static List<FileStore.Entry> listEntries(String root, String folder) throws IOException {
    if (!FileStore.isLocal(root)) {
      // Remote stores have no links, and a listing of the root may be long.
      FileStore store = FileStore.of(root);
      String location = root + "/" + folder;
      return store.isFolder(location) ? store.listFolder(location) : List.of();
    }
    return entries(
        root,
        new Selection(
            path -> path.startsWith(folder + "/"),
            path -> (path + "/").startsWith(folder + "/") || folder.startsWith(path + "/"),
            FileStore.Links.TO_FOLDERS));
  }

  /**
   * The entries of all files of the output, also outside the folders of runs. No link is followed.
   */
  public static List<FileStore.Entry> listAllEntries(String root) throws IOException {
    return entries(root, new Selection(path -> true));
  }

  /** The drafts of writers, in the output folder itself and in the folders of runs. */
  public static List<String> drafts(String root) throws IOException {
    Selection inRoot = new Selection(FileStore::isTemporary, folder -> false, NOT_FOLLOWED);
    List<String> found = new ArrayList<>(paths(root, entries(root, inRoot)));
    for (String folder : FOLDERS) {
      list(root, folder).stream().filter(FileStore::isTemporary).forEach(found::add);
    }
    return found;
  }

  /** Whether the output has any file whose path the predicate takes. */
  public static boolean hasAny(String root, Predicate<String> takes) throws IOException {
    return !entries(root, new Selection(takes)).isEmpty();
  }

  /**
   * The files in {@link OutputFile#listedFolders} that are neither outputs of the finished run nor
   * in a stage.
   *
   * @param outputs the outputs of the finished run
   */
  public static List<String> unlisted(String root, List<WrittenFile> outputs) throws IOException {
    Set<String> listed = new HashSet<>();
    outputs.forEach(file -> addWithFolders(file.path(), listed));
    List<String> unlisted = new ArrayList<>();
    for (String folder : OutputFile.listedFolders()) {
      for (String path : list(root, folder)) {
        if (!listed.contains(path) && !isStaged(path)) {
          unlisted.add(path);
        }
      }
    }
    return unlisted;
  }

  /** Adds a path and the folders that contain it: a link to a folder may itself be listed. */
  private static void addWithFolders(String path, Set<String> to) {
    int end = path.length();
    while (end > 0 && to.add(path.substring(0, end))) {
      end = path.lastIndexOf('/', end - 1);
    }
  }

  /** Whether a file waits in a stage. */
  public static boolean isStaged(String path) {
    return path.startsWith(OutputFile.STAGE + "/") || path.contains("/" + OutputFile.STAGE + "/");
  }

  /** The paths of entries, relative to the output. */
  private static List<String> paths(String root, List<FileStore.Entry> entries) {
    FileStore store = FileStore.of(root);
    return entries.stream().map(entry -> store.pathWithin(root, entry.location())).toList();
  }

  /** The files of the output that a filter takes; none if there is no output folder. */
  private static List<FileStore.Entry> entries(String root, FileStore.Filter filter)
      throws IOException {
    FileStore store = FileStore.of(root);
    return store.isFolder(root) ? store.listFolder(root, filter) : List.of();
  }
}

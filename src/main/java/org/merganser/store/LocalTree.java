package org.merganser.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.function.IORunnable;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files below a local folder, following links if the filter does, and refuses entries
 * that the filter takes and that cannot be read as files. Each folder's names are sorted first, so
 * that the first problem is the same on every machine.
 *
 * <p>A folder is walked once, whatever links lead to it: by its own path if it is in the tree, else
 * by the first link. So links to folders are followed after the folders themselves, and the cost is
 * that of the folders and links, not of the paths that they form.
 */
final class LocalTree {
  /** With this many problems, which are enough for a message, nothing further is looked at. */
  private static final int MOST_PROBLEMS = 1000;

  private final Path root;
  private final FileStore.Filter filter;

  /** How to find out whether an entry is a folder: whether a link to a folder counts as one. */
  private final LinkOption[] folderLinks;

  /** How to read the attributes of a listed entry: whether a link has those of its target. */
  private final LinkOption[] fileLinks;

  /** The files found so far. */
  private final List<Named> files = new ArrayList<>();

  /** The keys of the folder that is being walked and of the folders above it. */
  private final Deque<Object> above = new ArrayDeque<>();

  /** The links to folders, which are followed after all folders. */
  private final Deque<Link> waitingLinks = new ArrayDeque<>();

  /** The keys of the folders that were walked. */
  private final Set<Object> walked = new HashSet<>();

  /** The entries that cannot be read as files, so far. */
  private final List<FileSystemException> problems = new ArrayList<>();

  /** A listed file and its path below the root. */
  private record Named(String path, FileStore.Entry entry) {}

  /** A link to a folder, to be followed later; {@code above} are the keys of its parent folders. */
  private record Link(Path child, String path, List<Object> above) {}

  private LocalTree(Path root, FileStore.Filter filter) {
    this.root = root;
    this.filter = filter;
    this.folderLinks = linkOptions(filter.links() != FileStore.Links.NOT_FOLLOWED);
    this.fileLinks = linkOptions(filter.links() == FileStore.Links.FOLLOWED);
  }

  private static LinkOption[] linkOptions(boolean areFollowed) {
    return areFollowed ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  /** The files below {@code folder}, sorted by UTF-8 bytes of their path. */
  static List<FileStore.Entry> list(Path folder, FileStore.Filter filter) throws IOException {
    LocalTree tree = new LocalTree(folder, filter);
    tree.walk(folder, "");
    while (!tree.waitingLinks.isEmpty()) {
      tree.follow(tree.waitingLinks.remove());
    }
    tree.requireNoProblem();
    tree.files.sort(Comparator.comparing(Named::path, CodePointOrder.INSTANCE));
    return tree.files.stream().map(Named::entry).toList();
  }

  /**
   * Walks a folder, unless it was walked under another path.
   *
   * @param path its path below the root, with a slash at the end; "" for the root, which is walked
   *     only once, since it is above each link in it
   */
  private void walk(Path folder, String path) throws IOException {
    Object key = key(folder);
    if (above.contains(key)) {
      throw new FileSystemLoopException(
          "%s: a link leads back to %s, one of the folders above it"
              .formatted(folder, folder.toRealPath()));
    }
    if (!walked.add(key)) {
      filter.noteOtherPath(path.substring(0, path.length() - 1));
      return;
    }
    above.push(key);
    try {
      walkChildren(folder, path);
    } finally {
      above.pop();
    }
  }

  /** What identifies a folder, whatever path leads to it. */
  private static Object key(Path folder) throws IOException {
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return key != null ? key : folder.toRealPath();
  }

  /**
   * Walks the folders in a folder, adds the files that the filter takes, and keeps links to folders
   * for later.
   *
   * @param prefix the path of the folder below the root, with a slash at the end; "" for the root
   */
  private void walkChildren(Path folder, String prefix) throws IOException {
    for (Path child : LocalDisk.children(folder)) {
      String path = prefix + PrintablePath.ofName(LocalDisk.fileName(child));
      attempt(
          () -> {
            boolean isFolder = PathAttributes.isFolder(child, folderLinks);
            if (isFolder && PathAttributes.isLink(child)) {
              waitingLinks.add(new Link(child, path, List.copyOf(above)));
            } else if (isFolder && filter.enters(path)) {
              walk(child, path + "/");
            } else if (!isFolder && filter.takes(path)) {
              add(child, path);
            }
          });
    }
  }

  /**
   * Walks the target of a link. With {@link FileStore.Links#TO_FOLDERS}, a link to a folder that
   * was walked already is listed itself.
   */
  private void follow(Link link) throws IOException {
    if (!filter.enters(link.path)) {
      return;
    }
    above.clear();
    above.addAll(link.above);
    if (filter.links() == FileStore.Links.TO_FOLDERS && isWalked(link.child)) {
      attempt(() -> listAsFile(link));
    } else {
      attempt(() -> walk(link.child, link.path + "/"));
    }
  }

  /** Whether a folder was walked under another path, or contains the root. */
  private boolean isWalked(Path folder) throws IOException {
    return root.toRealPath().startsWith(folder.toRealPath()) || walked.contains(key(folder));
  }

  /** Lists a link to a folder like a file, if the filter takes it. */
  private void listAsFile(Link link) throws IOException {
    if (filter.takes(link.path)) {
      add(link.child, link.path);
    }
  }

  /** Carries out a step, and records its problem, so that one walk finds all problems. */
  private void attempt(IORunnable step) throws IOException {
    if (problems.size() == MOST_PROBLEMS) {
      return;
    }
    try {
      step.run();
    } catch (FileSystemException e) {
      problems.add(e);
    }
  }

  /** Throws the first problem, of which the others are suppressed exceptions. */
  private void requireNoProblem() throws FileSystemException {
    if (!problems.isEmpty()) {
      FileSystemException first = problems.get(0);
      problems.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Adds a file that the filter takes; one that cannot be read as a file is an error. */
  private void add(Path child, String path) throws IOException {
    BasicFileAttributes attributes = attributesUnlessSkipped(child, path);
    if (attributes == null) {
      return;
    }
    if (filter.links() == FileStore.Links.FOLLOWED) {
      PathAttributes.requireFile(child, attributes);
    }
    files.add(new Named(path, LocalStore.entry(child, LocalStore.location(child), attributes)));
  }

  /** The attributes of a listed file; null for a dangling link that is skipped and a lost draft. */
  private @Nullable BasicFileAttributes attributesUnlessSkipped(Path child, String path)
      throws IOException {
    try {
      return attributes(child, fileLinks);
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(child)) {
        if (filter.skipsDanglingLink(path)) {
          return null;
        }
        throw new FileSystemException(
            child.toString(),
            null,
            "a link to " + Files.readSymbolicLink(child) + ", which does not exist");
      }
      if (FileStore.isTemporary(path)) {
        return null; // its writer, perhaps of a killed driver, has published or deleted it
      }
      throw e;
    }
  }

  /** The attributes of a path; links that lead to each other are an error with a clear message. */
  private static BasicFileAttributes attributes(Path path, LinkOption[] links) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, links);
    } catch (FileSystemException e) {
      if (PathAttributes.isLoop(e) && Files.isSymbolicLink(path)) {
        throw new FileSystemLoopException(
            path + ": a link to " + Files.readSymbolicLink(path) + " that never ends at a file");
      }
      throw e;
    }
  }
}

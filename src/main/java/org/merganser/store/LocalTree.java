package org.merganser.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
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
import java.util.Locale;
import java.util.Set;
import org.apache.commons.io.function.IORunnable;

/**
 * Walks a local folder, following links if the filter does, and refuses entries that the filter
 * takes and that cannot be read as files. Each folder's names are sorted first, so that the first
 * problem is the same on every machine.
 *
 * <p>A folder is walked once, whatever links lead to it: by its own path if it is in the tree, else
 * by the first link. So links to folders are followed after the folders themselves, and the cost is
 * that of the folders and links, not of the paths that they form.
 */
final class LocalTree {
  /** The walk ends with this many problems, which are enough for a message. */
  private static final int MOST_PROBLEMS = 1000;

  private final Path root;
  private final FileStore.Filter filter;

  /** How a child is tested for being a folder. */
  private final LinkOption[] folderLinks;

  /** How the attributes of a listed file are read. */
  private final LinkOption[] fileLinks;

  private final List<Named> files = new ArrayList<>();

  /** The keys of the folder that is being walked and of the folders above it. */
  private final Deque<Object> above = new ArrayDeque<>();

  /** The links to folders, which are followed after all folders. */
  private final Deque<Link> waitingLinks = new ArrayDeque<>();

  /** The keys of the folders that were walked. */
  private final Set<Object> walked = new HashSet<>();

  private final List<FileSystemException> problems = new ArrayList<>();

  /** A listed file and its path below the root. */
  private record Named(String path, FileStore.Entry entry) {}

  /** A link to a folder, to be followed later; {@code above} are the keys of its parent folders. */
  private record Link(Path child, String path, List<Object> above) {}

  private LocalTree(Path root, FileStore.Filter filter) {
    this.root = root;
    this.filter = filter;
    this.folderLinks = followed(filter.links() != FileStore.Links.NOT_FOLLOWED);
    this.fileLinks = followed(filter.links() == FileStore.Links.FOLLOWED);
  }

  private static LinkOption[] followed(boolean followed) {
    return followed ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
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
   * @param path its path below the root, with a slash at the end; "" for the root
   */
  private void walk(Path folder, String path) throws IOException {
    Object key = key(folder);
    if (above.contains(key)) {
      throw new FileSystemLoopException(
          "%s: a link leads back to %s, one of the folders above it"
              .formatted(folder, folder.toRealPath()));
    }
    if (!walked.add(key)) {
      filter.isWalked(path.substring(0, path.length() - 1));
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

  private void walkChildren(Path folder, String prefix) throws IOException {
    for (Path child : LocalDisk.children(folder)) {
      String path = prefix + printableName(fileName(child));
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

  private void follow(Link link) throws IOException {
    if (!filter.enters(link.path)) {
      return;
    }
    above.clear();
    above.addAll(link.above);
    if (filter.links() == FileStore.Links.TO_FOLDERS && isWalked(link.child)) {
      attempt(() -> listWalked(link));
    } else {
      attempt(() -> walk(link.child, link.path + "/"));
    }
  }

  /** Whether the files of a folder have other paths already, or the folder has the root in it. */
  private boolean isWalked(Path folder) throws IOException {
    return root.toRealPath().startsWith(folder.toRealPath()) || walked.contains(key(folder));
  }

  /** Lists, as one entry, a link to a folder of which {@link #isWalked} is true. */
  private void listWalked(Link link) throws IOException {
    if (filter.takes(link.path)) {
      add(link.child, link.path);
    }
  }

  /** Records a problem, so that one walk finds all problems. */
  private void attempt(IORunnable step) throws IOException {
    try {
      step.run();
    } catch (FileSystemException e) {
      problems.add(e);
      if (problems.size() == MOST_PROBLEMS) {
        requireNoProblem();
      }
    }
  }

  private void requireNoProblem() throws FileSystemException {
    if (!problems.isEmpty()) {
      FileSystemException first = problems.get(0);
      problems.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Adds a file that the filter takes; one that cannot be read as a file is an error. */
  private void add(Path child, String path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = attributes(child, fileLinks);
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(child)) {
        if (filter.passesOver(path)) {
          return;
        }
        throw new FileSystemException(
            child.toString(),
            null,
            "a link to " + Files.readSymbolicLink(child) + ", which does not exist");
      }
      if (FileStore.isTemporary(path)) {
        return; // its writer, perhaps of a killed driver, has published or deleted it
      }
      throw e;
    }
    if (filter.links() == FileStore.Links.FOLLOWED) {
      requireFile(child, attributes);
    }
    files.add(new Named(path, LocalStore.entry(child, LocalStore.location(child), attributes)));
  }

  /** The last name of a path; a root, which has no name, is returned as it is. */
  static Path fileName(Path child) {
    Path name = child.getFileName();
    return name == null ? child : name;
  }

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

  /**
   * @throws IrregularFileException if the attributes of a path are not those of a regular file
   */
  static void requireFile(Path path, BasicFileAttributes attributes) throws FileSystemException {
    if (!attributes.isRegularFile()) {
      throw new IrregularFileException(
          path.toString(),
          attributes.isDirectory()
              ? "a folder, not a file"
              : "neither a file nor a folder (a FIFO, a socket or a device)");
    }
  }

  /** A relative path with {@code /}, in UTF-8 in any locale. */
  static String printable(Path relative) {
    StringBuilder out = new StringBuilder();
    for (Path name : relative) {
      out.append(out.isEmpty() ? "" : "/").append(printableName(name));
    }
    return out.toString();
  }

  /** The bytes of a name come from its URI, since its string depends on the locale. */
  private static String printableName(Path name) {
    String plain = name.toString();
    if (plain.chars().allMatch(c -> c < 0x80)) {
      return plain;
    }
    String uri = Path.of("/").resolve(name).toUri().getRawPath();
    byte[] raw = new byte[uri.length()];
    int length = 0;
    for (int i = 1; i < uri.length(); i++) {
      if (uri.charAt(i) == '%') {
        raw[length++] = (byte) Integer.parseInt(uri, i + 1, i + 3, 16);
        i += 2;
      } else {
        raw[length++] = (byte) uri.charAt(i);
      }
    }
    return printable(ByteBuffer.wrap(raw, 0, length));
  }

  /** The text of bytes in UTF-8; ill-formed bytes are written {@code %XX}. */
  private static String printable(ByteBuffer name) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(3 * name.remaining());
    CoderResult result = decoder.decode(name, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put(String.format(Locale.ROOT, "%%%02X", name.get() & 0xFF));
      }
      result = decoder.decode(name, out, true);
    }
    return out.flip().toString();
  }
}

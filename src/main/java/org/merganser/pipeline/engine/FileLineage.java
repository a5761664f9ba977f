package org.merganser.pipeline.engine;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.beam.sdk.metrics.Lineage;
import org.merganser.store.FileStore;

/**
 * Files and folders for Beam's {@link Lineage}, from which a runner can report to a data catalog
 * what a pipeline reads and writes. The names are those of Beam's own file systems; local files and
 * those on HDFS, for which Beam has none, have similar names.
 *
 * <p>Beam sends the names to workers and keeps them in memory, so there are at most {@value
 * #LIMIT}. More files are replaced with folders of the same depth, the deepest that are few enough.
 */
public final class FileLineage {
  /** Above this number of files, Beam's own readers report folders, too. */
  static final int LIMIT = 100;

  private Set<String> locations = new HashSet<>();

  private int depth = Integer.MAX_VALUE;

  /**
   * @param location of a file, or of a folder, which may end with {@code /}
   */
  public void add(String location) {
    locations.add(cut(location, depth));
    while (locations.size() > LIMIT) {
      depth = locations.stream().mapToInt(FileLineage::depth).max().orElseThrow() - 1;
      locations = locations.stream().map(at -> cut(at, depth)).collect(Collectors.toSet());
    }
  }

  private static int depth(String location) {
    int depth = 0;
    for (int end = path(location); end < location.length(); depth++) {
      end = nameEnd(location, end);
    }
    return depth;
  }

  private static String cut(String location, int depth) {
    int end = path(location);
    for (int names = 0; names < depth && end < location.length(); names++) {
      end = nameEnd(location, end);
    }
    return location.substring(0, end);
  }

  private static int path(String location) {
    int scheme = location.indexOf("://");
    return scheme < 0 ? 0 : scheme + 3;
  }

  private static int nameEnd(String location, int start) {
    int slash = location.indexOf('/', start);
    return slash < 0 ? location.length() : slash + 1;
  }

  /** Call it from a running step: elsewhere Beam ignores it. */
  public void report(Lineage lineage) throws IOException {
    for (String location : locations) {
      if (FileStore.isLocal(location)) {
        String path = FileStore.localPath(location).toString();
        boolean isFolder = location.endsWith("/") && !path.endsWith("/");
        lineage.add("file", List.of(isFolder ? path + "/" : path), "/");
      } else {
        int path = path(location);
        int key = nameEnd(location, path);
        String scheme = location.substring(0, path - 3);
        lineage.add(
            scheme.equals("gs") ? "gcs" : scheme,
            key == location.length()
                ? List.of(location.substring(path).replace("/", ""))
                : List.of(location.substring(path, key - 1), location.substring(key)),
            "/");
      }
    }
  }
}

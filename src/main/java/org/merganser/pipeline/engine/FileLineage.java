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
 * #LIMIT}. If there are more files, their folders of one depth are reported instead: the largest
 * depth at which they are few enough.
 */
public final class FileLineage {
  /** The maximum number of files, above which Beam's own readers report folders as well. */
  static final int LIMIT = 100;

  private static final String SCHEME_END = "://";

  /** The locations that are reported, cut to {@link #maxDepth}. */
  private Set<String> locations = new HashSet<>();

  /** The maximum number of names in the path of a location. */
  private int maxDepth = Integer.MAX_VALUE;

  /**
   * Adds a file or a folder.
   *
   * @param location the location of a file, or of a folder, which may end with {@code /}
   */
  public void add(String location) {
    locations.add(cut(location, maxDepth));
    while (locations.size() > LIMIT) {
      maxDepth = locations.stream().mapToInt(FileLineage::depth).max().orElseThrow() - 1;
      locations = locations.stream().map(any -> cut(any, maxDepth)).collect(Collectors.toSet());
    }
  }

  /** Reports what was added. To be called in a running step: elsewhere Beam ignores it. */
  public void report(Lineage lineage) throws IOException {
    for (String location : locations) {
      if (FileStore.isLocal(location)) {
        String path = FileStore.localPath(location).toString();
        boolean isFolder = location.endsWith("/") && !path.endsWith("/");
        lineage.add("file", List.of(isFolder ? path + "/" : path), "/");
      } else {
        reportRemote(location, lineage);
      }
    }
  }

  /** Reports a location with a scheme: its bucket or host, and the rest of the path. */
  private static void reportRemote(String location, Lineage lineage) {
    int bucketStart = pathStart(location);
    int keyStart = nameEnd(location, bucketStart);
    String scheme = location.substring(0, bucketStart - SCHEME_END.length());
    List<String> names =
        keyStart == location.length()
            ? List.of(location.substring(bucketStart).replace("/", ""))
            : List.of(location.substring(bucketStart, keyStart - 1), location.substring(keyStart));
    lineage.add(scheme.equals("gs") ? "gcs" : scheme, names, "/");
  }

  /** The number of names in the path of a location. */
  private static int depth(String location) {
    int depth = 0;
    int end = pathStart(location);
    while (end < location.length()) {
      end = nameEnd(location, end);
      depth++;
    }
    return depth;
  }

  /** A location with at most {@code maxNames} names of its path, and a slash if one was cut off. */
  private static String cut(String location, int maxNames) {
    int end = pathStart(location);
    for (int names = 0; names < maxNames && end < location.length(); names++) {
      end = nameEnd(location, end);
    }
    return location.substring(0, end);
  }

  /** The index after the scheme of a URI; 0 for a path. */
  private static int pathStart(String location) {
    int scheme = location.indexOf(SCHEME_END);
    return scheme < 0 ? 0 : scheme + SCHEME_END.length();
  }

  /** The index after the slash that ends the name at {@code start}; the length if no slash does. */
  private static int nameEnd(String location, int start) {
    int slash = location.indexOf('/', start);
    return slash < 0 ? location.length() : slash + 1;
  }
}

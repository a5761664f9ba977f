package org.merganser.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.merganser.checksum.Sha256;

/** What lies below an output folder, for comparing whole runs. */
public final class OutputTree {
  private OutputTree() {}

  /**
   * The sha256 of every file by its path, but for {@code run/} and report.html, which alone may
   * differ between runs of one job over the same input.
   */
  public static SortedMap<String, String> sums(Path out) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    for (String path : files(out)) {
      if (!path.startsWith("run/") && !path.equals("report.html")) {
        sums.put(path, Sha256.of(out.resolve(path)));
      }
    }
    return sums;
  }

  /** The sums below one folder. */
  public static SortedMap<String, String> sums(Path out, String folder) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>(sums(out));
    sums.keySet().removeIf(path -> !path.startsWith(folder));
    return sums;
  }

  /** When every file below {@code out} that begins like this was written. */
  public static SortedMap<String, FileTime> times(Path out, String beginning) throws IOException {
    SortedMap<String, FileTime> times = new TreeMap<>();
    for (String path : files(out)) {
      if (path.startsWith(beginning)) {
        times.put(path, Files.getLastModifiedTime(out.resolve(path)));
      }
    }
    return times;
  }

  /** All files, sorted, with {@code /}. */
  public static List<String> files(Path out) throws IOException {
    return paths(out).stream()
        .map(file -> out.relativize(file).toString().replace('\\', '/'))
        .sorted()
        .toList();
  }

  /** All files below a folder, sorted. */
  public static List<Path> paths(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Changes one bit of a file; one that is empty stays so. */
  public static void flipABit(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
    }
  }

  /** Copies all files with their times into a folder that has none of them. */
  public static void copy(Path from, Path to) throws IOException {
    for (String path : files(from)) {
      Files.createDirectories(to.resolve(path).getParent());
      Files.copy(from.resolve(path), to.resolve(path), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  public static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

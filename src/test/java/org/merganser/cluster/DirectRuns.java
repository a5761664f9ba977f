package org.merganser.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What one machine makes of the jobs, once for the tests of all clusters in this JVM. */
final class DirectRuns {
  private static final Path ROOT = Path.of("target", "cluster-runs").toAbsolutePath();
  private static final long SEED = 7;
  private static final Map<Path, Map<String, String>> SUMS = new HashMap<>();

  private DirectRuns() {}

  /** The sha256 of every file that the direct runner writes, by path. */
  static Map<String, String> sums(Path job, List<String> flags)
      throws IOException, InterruptedException {
    Map<String, String> known = SUMS.get(job);
    if (known == null) {
      Path folder = emptied("direct-" + SUMS.size());
      known = LauncherRun.sums(job, folder.resolve("output"), flags);
      SUMS.put(job, known);
    }
    return known;
  }

  /** Some 20 MB of made-up text in 12 units. */
  static Path madeUpJob() throws IOException {
    Path folder = ROOT.resolve("made-up");
    Path job = folder.resolve("job.yaml");
    return SUMS.containsKey(job) ? job : GeneratedCorpus.job(emptied("made-up"), 12, 2 << 20, SEED);
  }

  /** A folder for a test's runs, without what an earlier one left there. */
  static Path emptied(String name) throws IOException {
    Path folder = ROOT.resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }
}

package org.merganser.corpus.plan;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.FileStore;

/**
 * Measures heap and time of listing and planning very many files, whose names and sizes are made up
 * ({@link SimulatedCorpus}): the entries of a store's listing, the files that are kept of it, and
 * their work units. No file is opened. The figure to trust is the smallest {@code -Xmx} with which
 * the program ends; bytes are those in use after a collection.
 *
 * <p>{@code java -Xmx4g -cp target/test-classes:target/classes
 * org.merganser.corpus.plan.ListingScale 10000000}
 */
final class ListingScale {
  private ListingScale() {}

  public static void main(String[] args) {
    int files = Integer.parseInt(args[0]);
    SimulatedCorpus corpus =
        new SimulatedCorpus(files, files * 10_000_000L, InputFormat.JSONL, Compression.NONE);
    long before = used();
    double start = seconds();
    List<FileStore.Entry> entries = new ArrayList<>();
    for (Iterator<InputFile> all = corpus.iterator(); all.hasNext(); ) {
      InputFile file = all.next();
      entries.add(new FileStore.Entry(file.location(), file.size(), file.modified(), 0));
    }
    report("listed", files, before, start);
    List<InputFile> all = new ArrayList<>();
    Set<String> locations = new HashSet<>();
    Map<String, InputFile> byPath = new HashMap<>();
    String root = "s3://corpus/";
    for (FileStore.Entry entry : entries) {
      String path = entry.location().substring(root.length());
      InputFile file =
          InputFiles.of(
              path,
              entry.location(),
              entry.size(),
              entry.modified(),
              InputFormat.JSONL,
              Compression.NONE);
      all.add(file);
      locations.add(file.location());
      byPath.put(path, file);
    }
    report("files, with the listing", files, before, start);
    entries = List.of();
    locations.clear();
    byPath.clear();
    List<WorkUnit> units = CorpusPlanner.plan(all);
    report(units.size() + " units, with the files", files, before, start);
    all = List.of();
    report(units.size() + " units alone", files, before, start);
    if (!entries.isEmpty() || !all.isEmpty() || units.isEmpty()) {
      throw new AssertionError("what was let go is still there");
    }
  }

  private static void report(String what, int files, long before, double start) {
    long bytes = used() - before;
    System.out.printf(
        Locale.ROOT,
        "%s: %,d bytes, %.0f a file; %.1f CPU seconds so far%n",
        what,
        bytes,
        (double) bytes / files,
        seconds() - start);
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double seconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}

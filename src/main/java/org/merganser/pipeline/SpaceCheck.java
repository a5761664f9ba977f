package org.merganser.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;
import org.merganser.verify.OwnFiles;

/**
 * Compares what a run will take with what is free, before it begins.
 *
 * @param guesses whether a guess about compression is in the estimate
 * @param there bytes of the output that an earlier attempt made already
 * @param freeOutput where the output lies; null: not known, as on object stores
 * @param sameDisk whether the scratch folder takes its space from the output's disk
 */
record SpaceCheck(
    SpaceEstimate estimate,
    String root,
    boolean guesses,
    long there,
    @Nullable Long freeOutput,
    @Nullable Long freeScratch,
    boolean sameDisk) {
  static SpaceCheck of(PreparedRun run) throws IOException {
    String root = run.layout().root();
    SpaceEstimate estimate = SpaceEstimate.of(run);
    boolean guesses =
        SpaceEstimate.guessesCompression(run.units())
            || SpaceEstimate.guessesCompression(run.trainingUnits());
    Path scratch = existing(Scratch.root());
    Long freeScratch = SpaceEstimate.free(scratch);
    if (!FileStore.isLocal(root)) {
      return new SpaceCheck(estimate, root, guesses, 0, null, freeScratch, false);
    }
    Path output = existing(FileStore.localPath(root));
    boolean same = onOneDisk(output, scratch);
    Long free = SpaceEstimate.free(output);
    return new SpaceCheck(
        estimate, root, guesses, there(run.spec().layout()), free, freeScratch, same);
  }

  /** By the numbers of the devices, since a chroot may have no table of mounts to look in. */
  private static boolean onOneDisk(Path one, Path other) throws IOException {
    if (!one.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return Files.getFileStore(one).equals(Files.getFileStore(other));
    }
    return Files.getAttribute(one, "unix:dev").equals(Files.getAttribute(other, "unix:dev"));
  }

  private static Path existing(Path path) {
    Path there = path.toAbsolutePath();
    while (!Files.exists(there)) {
      Path parent = there.getParent();
      if (parent == null) {
        return there;
      }
      there = parent;
    }
    return there;
  }

  private static long there(OutputLayout layout) throws IOException {
    return OwnFiles.all(layout.root()).stream()
        .filter(entry -> !FileStore.isTemporary(entry.location()))
        .mapToLong(FileStore.Entry::size)
        .sum();
  }

  /** Bytes that the output will still grow by. */
  private long needed() {
    return Math.max(0, estimate.outputBytes() - there);
  }

  /**
   * @throws NoSpaceException with the figures, when the run can't fit
   */
  void require() {
    long needed = needed() + (sameDisk ? estimate.scratch() : 0);
    if (freeOutput != null && needed > freeOutput) {
      throw refused(root, needed, freeOutput);
    }
    if (!sameDisk && freeScratch != null && estimate.scratch() > freeScratch) {
      throw refused(Scratch.root() + " (-Dmerganser.scratch)", estimate.scratch(), freeScratch);
    }
  }

  private NoSpaceException refused(String where, long needed, long free) {
    return new NoSpaceException(
        String.format(
            Locale.ROOT,
            "%s: the run needs about %,d bytes more there, and %,d are free (%s). Make room, take"
                + " another disk or fewer outputs, or begin all the same with --ignore-space",
            where,
            needed,
            free,
            figures()));
  }

  private String figures() {
    return String.format(Locale.ROOT, "text %,d%s", estimate.text(), guesses ? " by guess" : "")
        + estimate.output().entrySet().stream()
            .map(part -> String.format(Locale.ROOT, ", %s %,d", part.getKey(), part.getValue()))
            .collect(Collectors.joining())
        + (estimate.scratch() > 0
            ? String.format(Locale.ROOT, ", scratch %,d", estimate.scratch())
            : "")
        + (there > 0 ? String.format(Locale.ROOT, "; %,d are there already", there) : "");
  }

  /** Lines for {@code --explain}. */
  String explanation() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "text read: about %,d bytes", estimate.text()));
    text.append(guesses ? " (compressed input: a guess)\n" : "\n");
    for (Map.Entry<String, Long> part : estimate.output().entrySet()) {
      text.append(
          String.format(Locale.ROOT, "%s: about %,d bytes\n", part.getKey(), part.getValue()));
    }
    for (String line :
        List.of(
            line("output", needed(), freeOutput),
            line("scratch", estimate.scratch(), freeScratch))) {
      text.append(line);
    }
    return text.toString();
  }

  private static String line(String what, long needed, @Nullable Long free) {
    String there = free == null ? "not known" : String.format(Locale.ROOT, "%,d bytes", free);
    return String.format(
        Locale.ROOT, "%s: about %,d bytes to be written, free: %s\n", what, needed, there);
  }
}

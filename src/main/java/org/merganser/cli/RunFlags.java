package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** The flags of every command that runs a job: how it is watched and started, not what it does. */
final class RunFlags {
  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Appends JSON lines about the run to FILE, a FIFO or - (standard output).")
  private @Nullable String events;

  @Option(
      names = "--ignore-space",
      description = "Begin though the output may not fit on the disk.")
  private boolean ignoreSpace;

  /** Everything that is not ours is Beam's, which refuses what it doesn't know either. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Nullable String events() {
    return events;
  }

  boolean ignoreSpace() {
    return ignoreSpace;
  }

  List<String> beamFlags() {
    return beamFlags;
  }
}

package org.merganser.store;

import java.util.function.Supplier;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of Beam's file systems (an endpoint, a region). Creating them takes a third of a
 * second, so the first location that needs them does it: most runs have only local files.
 */
public final class BeamFileSystems {
  private static @Nullable Supplier<PipelineOptions> waiting;

  private BeamFileSystems() {}

  public static synchronized void useLater(Supplier<PipelineOptions> options) {
    waiting = options;
  }

  /** Sets the options of Beam's file systems, once. */
  static synchronized void require() {
    Supplier<PipelineOptions> options = waiting;
    if (options != null) {
      waiting = null;
      FileSystems.setDefaultPipelineOptions(options.get());
    }
  }
}

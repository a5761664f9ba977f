package org.merganser.store;

import java.util.function.Supplier;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of Beam's file systems (an endpoint, a region). Creating them takes a third of a
 * second, so they are created when the first location needs them: most runs have only local files.
 */
public final class BeamFileSystems {
  /** Creates the options that {@link #require} has to set; null if they are set, or none. */
  private static @Nullable Supplier<PipelineOptions> pending;

  private BeamFileSystems() {}

  /** Keeps the options until the first location needs them. */
  public static synchronized void useLater(Supplier<PipelineOptions> options) {
    pending = options;
  }

  /** Sets the options that {@link #useLater} kept, if they are not set yet. */
  static synchronized void require() {
    Supplier<PipelineOptions> options = pending;
    if (options != null) {
      FileSystems.setDefaultPipelineOptions(options.get());
      pending = null; // only now, so that no store is used without them after a failure
    }
  }
}

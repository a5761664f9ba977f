package org.merganser.store;

import java.util.function.Supplier;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of Beam's file systems (an endpoint, a region). Making them takes a third of a
 * second, so they are made for the first location that needs them: most runs have only local files.
 */
public final class BeamFileSystems {
  private static @Nullable Supplier<PipelineOptions> waiting;

  private BeamFileSystems() {}

  /**
   * Sets the options of Beam's file systems for later use.
   *
   * @param options called once, when they are needed
   */
  public static synchronized void useLater(Supplier<PipelineOptions> options) {
    waiting = options;
  }

  /** Gives Beam's file systems their options, unless this was done before. */
  static synchronized void require() {
    Supplier<PipelineOptions> options = waiting;
    if (options != null) {
      waiting = null;
      FileSystems.setDefaultPipelineOptions(options.get());
    }
  }
}

package org.merganser.store;

import java.util.function.Supplier;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of Beam's file systems (an endpoint, a region). Making them takes a third of a
 * second, so they are made when a location is first theirs: most runs have local files alone.
 */
public final class BeamFileSystems {
  private static @Nullable Supplier<PipelineOptions> waiting;

  private BeamFileSystems() {}

  /**
   * From now on Beam's file systems have these options.
   *
   * @param options asked for once, when they are needed
   */
  public static synchronized void useLater(Supplier<PipelineOptions> options) {
    waiting = options;
  }

  /** Gives Beam's file systems their options, unless they have them. */
  static synchronized void require() {
    Supplier<PipelineOptions> options = waiting;
    if (options != null) {
      waiting = null;
      FileSystems.setDefaultPipelineOptions(options.get());
    }
  }
}

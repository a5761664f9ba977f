package org.merganser.pipeline.prepare;

/**
 * The options of the command line that decide how a run is prepared.
 *
 * @param rehash whether every input file is read to find out which files have changed since the
 *     last finished run; otherwise size and modification time decide
 * @param replace whether the run may replace what other inputs or another job wrote: the shards of
 *     a growing output of which files changed, and the result of another job
 */
public record PreparationOptions(boolean rehash, boolean replace) {
  /** Sizes and times decide, and the run may replace nothing. */
  public static final PreparationOptions NONE = new PreparationOptions(false, false);
}

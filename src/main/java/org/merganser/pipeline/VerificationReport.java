package org.merganser.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.verify.OutputVerification.Finding;

/**
 * What {@link RunVerification} found.
 *
 * @param output the folder
 * @param findings what is wrong; empty unless damaged
 * @param missing units whose work is not there yet; empty unless unfinished
 * @param done units whose work is there, by stage, as phrases
 * @param leftovers temporary and unvouched files, which the next run sweeps
 * @param notes what else the user should know
 * @param goOn the command that goes on or mends; null where nobody remembers it
 * @param files looked at
 * @param bytes of them
 * @param rows of shards that were read
 * @param documentsCompared with what encoding their source again gives
 */
public record VerificationReport(
    State state,
    String output,
    List<Finding> findings,
    List<MissingUnit> missing,
    List<String> done,
    List<String> leftovers,
    List<String> notes,
    @Nullable String goOn,
    long files,
    long bytes,
    long rows,
    long documentsCompared) {

  /** What an output folder is. */
  public enum State {
    /** As its run left it. */
    WHOLE,
    /** Something of it was changed or lost since its run finished. */
    DAMAGED,
    /** Its run has not finished; nothing visible is incomplete. */
    UNFINISHED
  }

  /**
   * A unit that the next run does.
   *
   * @param stage {@code count} or {@code encode}
   * @param unit its number in the plan
   * @param files that it reads, with the range where it isn't the whole file
   */
  public record MissingUnit(String stage, int unit, List<String> files) {}
}

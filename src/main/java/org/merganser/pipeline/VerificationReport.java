package org.merganser.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.verify.OutputVerification.Finding;

/**
 * What {@link RunVerification} found.
 *
 * @param findings what is wrong; empty unless damaged
 * @param missing units whose work is not there yet; empty unless unfinished
 * @param done units whose work is there, by stage, as phrases
 * @param leftovers temporary files and files that no receipt lists; the next run sweeps them
 * @param notes what else the user should know
 * @param goOn the command that continues or repairs the run; null where it is not recorded
 * @param files that were checked, of so many bytes
 * @param rows of shards that were read
 * @param documentsCompared that were encoded again from their source
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

  public enum State {
    /** The folder is as its run left it. */
    WHOLE,
    /** A file was changed or lost after the run finished. */
    DAMAGED,
    /** The run has not finished; published files are complete. */
    UNFINISHED
  }

  /**
   * A unit that the next run processes.
   *
   * @param stage {@code count}, {@code encode} or {@code count tokens}
   * @param files that it reads, with the range where only part of a file is read
   */
  public record MissingUnit(String stage, int unit, List<String> files) {}
}

package org.merganser.pipeline.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.output.verify.ManifestVerification.Marked;

/**
 * The findings of {@link FolderVerification}.
 *
 * @param findings the problems; empty unless damaged
 * @param missing units whose work is missing; empty unless unfinished
 * @param done units whose work exists, by stage, as phrases
 * @param leftovers temporary files and files that no receipt lists; the next run deletes them
 * @param notes what else the user should know
 * @param goOn the command that continues or repairs the run; null if it is not recorded
 * @param files the number of checked files, and their {@code bytes}
 * @param rows of shards that were read
 * @param marks how many documents begin and end as they should; null, and not written, if they were
 *     not counted
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
    @Nullable InterruptedRun unfinishedRun,
    long files,
    long bytes,
    long rows,
    long documentsCompared,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Marked marks) {

  public enum State {
    /** The folder is unchanged since its run. */
    WHOLE,
    /** A file was changed or lost after the run finished. */
    DAMAGED,
    /** Nothing is published, or a publication was cut. */
    UNFINISHED,
    /** A process is publishing a version at this moment. */
    PUBLISHING
  }

  /**
   * A run that has not published its files, beside a published version.
   *
   * @param command null if its record cannot be read
   * @param done phrases about stages, in order
   * @param files that wait
   */
  public record InterruptedRun(
      @Nullable String command, List<String> done, long files, long bytes) {}

  /**
   * A unit that the next run processes.
   *
   * @param stage {@code count}, {@code encode} or {@code count tokens}
   * @param files that it reads, with the range if only part of a file is read
   */
  public record MissingUnit(String stage, int unit, List<String> files) {}
}

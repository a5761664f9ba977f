package org.merganser.pipeline.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.output.verify.ManifestVerification.MarkedDocuments;

/**
 * The state of an output folder, as {@code verify --json} prints it.
 *
 * @param state what the check found
 * @param output the location of the folder
 * @param findings the problems; empty unless damaged
 * @param missing units whose work is missing; empty if a run has finished
 * @param done phrases about the finished work of each stage; empty if a run has finished
 * @param leftovers temporary files and files that no receipt lists; the next run deletes them
 * @param notes what else the user should know
 * @param nextCommand the command that continues or repairs the run, in JSON {@code goOn}; null if
 *     it is not recorded
 * @param unfinishedRun a run that has not published its files, beside a published version; null if
 *     there is none
 * @param files the number of files that were checked, or found in an output in which no run has
 *     finished
 * @param bytes of these files
 * @param rows of shards that were read
 * @param documentsCompared documents that were encoded again and compared
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
    @JsonProperty("goOn") @Nullable String nextCommand,
    @Nullable UnpublishedRun unfinishedRun,
    long files,
    long bytes,
    long rows,
    long documentsCompared,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MarkedDocuments marks) {

  /** What the check of a folder found. */
  public enum State {
    /** The folder is unchanged since its run. */
    WHOLE,
    /** There is a finding: mostly, a file was changed, lost or added after the run finished. */
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
   * @param files the number of files that wait, with their {@code bytes}
   */
  public record UnpublishedRun(
      @Nullable String command, List<String> done, long files, long bytes) {}

  /**
   * A unit that the next run processes.
   *
   * @param stage {@code count}, {@code encode} or {@code count tokens}
   * @param unit the number of the unit in the plan
   * @param files that it reads, with the range if only part of a file is read
   */
  public record MissingUnit(String stage, int unit, List<String> files) {}

  /** A report on a folder of which no file was checked. */
  static VerificationReport unchecked(
      State state, String output, List<String> notes, @Nullable String nextCommand) {
    return new VerificationReport(
        state,
        output,
        /* findings= */ List.of(),
        /* missing= */ List.of(),
        /* done= */ List.of(),
        /* leftovers= */ List.of(),
        notes,
        nextCommand,
        /* unfinishedRun= */ null,
        /* files= */ 0,
        /* bytes= */ 0,
        /* rows= */ 0,
        /* documentsCompared= */ 0,
        /* marks= */ null);
  }

  /** A report on a version whose files were checked: it is whole if there are no findings. */
  static VerificationReport checked(
      String output,
      List<Finding> findings,
      ManifestVerification.Result checked,
      @Nullable UnpublishedRun unfinishedRun,
      List<String> notes,
      @Nullable String nextCommand,
      long documentsCompared) {
    return new VerificationReport(
        findings.isEmpty() ? State.WHOLE : State.DAMAGED,
        output,
        findings,
        /* missing= */ List.of(),
        /* done= */ List.of(),
        /* leftovers= */ List.of(),
        notes,
        nextCommand,
        unfinishedRun,
        checked.files(),
        checked.bytes(),
        checked.rows(),
        documentsCompared,
        checked.marks());
  }

  /** A report on a version of which nothing but its files was checked. */
  static VerificationReport checked(
      String output,
      ManifestVerification.Result checked,
      List<String> notes,
      @Nullable String nextCommand) {
    UnpublishedRun unfinishedRun = null;
    long documentsCompared = 0;
    return checked(
        output, checked.findings(), checked, unfinishedRun, notes, nextCommand, documentsCompared);
  }

  /** A report on a folder in which no run has finished. */
  static VerificationReport unfinished(
      String output,
      List<MissingUnit> missing,
      List<String> done,
      UnfinishedOutput found,
      List<String> notes,
      @Nullable String nextCommand) {
    return new VerificationReport(
        State.UNFINISHED,
        output,
        /* findings= */ List.of(),
        missing,
        done,
        found.leftovers(),
        notes,
        nextCommand,
        /* unfinishedRun= */ null,
        found.files(),
        found.bytes(),
        /* rows= */ 0,
        /* documentsCompared= */ 0,
        /* marks= */ null);
  }
}

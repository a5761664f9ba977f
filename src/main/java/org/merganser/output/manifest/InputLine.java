package org.merganser.output.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;
import org.merganser.store.UnusableFileException;

/**
 * A line of {@code inputs.jsonl}: the counts of a file, summed over its ranges.
 *
 * @param path the path of the file, relative to its root, with {@code /}
 * @param size the size in bytes, as stored
 * @param sha256 the sha256 of a file that was read in several ranges; null, and not written, for
 *     any other file
 * @param ranges checksums of the ranges that were read; one range for a file that was read at once
 * @param validationInput true for a file that the job names for validation; else null, and not
 *     written
 * @param input the place in {@code corpus.inputs}, or in {@code corpus.validationInputs}, from 0,
 *     of the input that named the file; null, and not written, if no text was read
 * @param accepted true if a person has accepted the dead letters of this file ({@code run
 *     --accept}); else null, and not written
 * @param sums the sums over the records of the file
 */
public record InputLine(
    String path,
    long size,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sha256,
    List<Range> ranges,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean validationInput,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer input,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean accepted,
    @JsonUnwrapped RecordSums sums) {

  /** The sha256 of the file; null if only those of its ranges are known. */
  public @Nullable String fileSha256() {
    return ranges.size() == 1 ? ranges.get(0).sha256() : sha256;
  }

  /** The same line for a file whose dead letters a person has accepted. */
  InputLine withDeadLettersAccepted() {
    return new InputLine(path, size, sha256, ranges, validationInput, input, true, sums);
  }

  /** Whether a person has accepted the dead letters of the file. */
  @JsonIgnore
  public boolean isAccepted() {
    return Boolean.TRUE.equals(accepted);
  }

  /** The bytes {@code [start, end)} of the file, as stored, and their sha256. */
  public record Range(long start, long end, String sha256) {}

  /** Joins the ranges of a file, which must be added in their order. */
  static final class Builder {
    private final InputRange first;

    /** The {@link InputLine#sha256}. */
    private final @Nullable String sha256;

    private final @Nullable Integer input;
    private final List<Range> ranges = new ArrayList<>();
    private RecordSums sums = RecordSums.ZERO;

    /** The end of the last range. */
    private long end;

    /**
     * @param first the first range of the file
     * @param sha256 the sha256 of the file if it has further ranges, else null
     * @param input the {@link InputLine#input}
     */
    Builder(InputRange first, @Nullable String sha256, @Nullable Integer input) {
      this.first = first;
      this.sha256 = sha256;
      this.input = input;
      add(first);
    }

    /** Whether a range is a later one of this file, and not the first one of another file. */
    boolean isContinuedBy(InputRange range) {
      return range.path().equals(first.path()) && range.start() != 0;
    }

    /**
     * Adds the next range.
     *
     * @throws UnusableFileException if it does not begin where the last one ended
     */
    final void add(InputRange range) {
      range.requireAllAccountedFor();
      if (range.start() != end || range.size() != first.size()) {
        throw new UnusableFileException(
            ("input %s of %s bytes was read up to %s, and then from %s of %s bytes; did"
                    + " the file change during the run?")
                .formatted(first.path(), first.size(), end, range.start(), range.size()));
      }
      ranges.add(new Range(range.start(), range.end(), range.sha256()));
      sums = sums.plus(range.sums());
      end = range.end();
    }

    /**
     * The line of the file.
     *
     * @throws UnusableFileException if its last range is missing
     */
    InputLine build() {
      if (end != first.size()) {
        throw new UnusableFileException(
            "input %s: only %s of %s bytes are accounted for; a unit's receipt is missing"
                .formatted(first.path(), end, first.size()));
      }
      Boolean notAccepted = null; // withDeadLettersAccepted sets it
      return new InputLine(
          first.path(),
          first.size(),
          sha256,
          List.copyOf(ranges),
          first.validationInput(),
          input,
          notAccepted,
          sums);
    }
  }
}

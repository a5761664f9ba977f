package org.merganser.corpus;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that one worker reads at a time.
 *
 * @param number of the unit in the plan, from 0, in document order
 * @param ranges one or more, in document order; a part of a file is always alone in its unit
 */
public record WorkUnit(@JsonProperty("unit") int number, List<FileRange> ranges)
    implements Serializable {
  /** The file that begins in this unit and continues in the next one, or null. */
  public @Nullable InputFile continuedFile() {
    FileRange first = ranges.get(0);
    return first.start() == 0 && first.end() < first.file().size() ? first.file() : null;
  }

  /** The number of stored bytes in the ranges. */
  public long bytes() {
    return ranges.stream().mapToLong(range -> range.end() - range.start()).sum();
  }

  /** An estimate of the bytes of text in the ranges: {@link Compression#textBytes}. */
  public long textBytes() {
    return ranges.stream()
        .mapToLong(range -> range.file().compression().textBytes(range.end() - range.start()))
        .sum();
  }
}

package org.merganser.corpus;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ranges that one worker reads at a time; units are numbered in document order. */
public record WorkUnit(@JsonProperty("unit") int number, List<FileRange> ranges)
    implements Serializable {
  /** The file that begins in this unit and continues in the next one, or null. */
  public @Nullable InputFile begun() {
    FileRange first = ranges.get(0); // a part of a file is always a unit alone
    return first.start() == 0 && first.end() < first.file().size() ? first.file() : null;
  }

  /** The stored bytes of the ranges. */
  public long bytes() {
    return ranges.stream().mapToLong(range -> range.end() - range.start()).sum();
  }

  /** The estimated bytes of text in the unit. */
  public long textBytes() {
    return ranges.stream()
        .mapToLong(range -> range.file().compression().textBytes(range.end() - range.start()))
        .sum();
  }
}

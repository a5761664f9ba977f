package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ranges that one worker reads at a time; units are numbered in document order. */
public record WorkUnit(int number, List<FileRange> ranges) implements Serializable {
  /** The file that begins in this unit and goes on in the next one; null for none. */
  public @Nullable InputFile begun() {
    FileRange first = ranges.get(0); // a part of a file is a unit of its own
    return first.start() == 0 && first.end() < first.file().size() ? first.file() : null;
  }

  /** Bytes of the ranges as stored. */
  public long bytes() {
    return ranges.stream().mapToLong(r -> r.end() - r.start()).sum();
  }

  /** About how many bytes of text the unit holds. */
  public long textBytes() {
    return ranges.stream()
        .mapToLong(r -> r.file().compression().textBytes(r.end() - r.start()))
        .sum();
  }
}

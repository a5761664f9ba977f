package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;

/** The ranges that one worker reads at a time; units are numbered in document order. */
public record WorkUnit(int number, List<FileRange> ranges) implements Serializable {
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

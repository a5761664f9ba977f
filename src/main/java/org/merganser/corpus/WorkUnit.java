package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;

/** What one worker reads at a time; units are numbered in document order. */
public record WorkUnit(int number, List<FileRange> ranges) implements Serializable {
  /** As stored. */
  public long bytes() {
    return ranges.stream().mapToLong(r -> r.end() - r.start()).sum();
  }

  /** How much text it holds, about. */
  public long textBytes() {
    return ranges.stream()
        .mapToLong(r -> r.file().compression().textBytes(r.end() - r.start()))
        .sum();
  }
}

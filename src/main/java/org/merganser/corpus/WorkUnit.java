package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;

/** What one worker reads at a time; units are numbered in document order. */
public record WorkUnit(int number, List<FileRange> ranges) implements Serializable {
  public long bytes() {
    return ranges.stream().mapToLong(r -> r.end() - r.start()).sum();
  }
}

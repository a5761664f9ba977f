package org.merganser.corpus;

import java.io.Serializable;
import java.util.List;

/** The ranges that one worker reads at a time; units are numbered in document order. */
public record WorkUnit(int number, List<FileRange> ranges) implements Serializable {
  /** The files that begin in this unit and go on in another one. */
  public List<InputFile> begun() {
    return ranges.stream()
        .filter(range -> range.start() == 0 && range.end() < range.file().size())
        .map(FileRange::file)
        .toList();
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

package org.merganser.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the files of a corpus and cuts them into work units, from the listing and settings alone.
 */
public final class CorpusPlanner {
  private static final long MIB = 1L << 20;

  /** Opening a file, and its line in receipts, count like this much text. */
  private static final long FILE_WEIGHT = 8192;

  /** Text compresses about that well, so that a compressed file is that much work. */
  private static final long COMPRESSION_RATIO = 3;

  /** A text file up to the default limit of a document is one document: not to be cut. */
  private static final long WHOLE_TEXT = 64 * MIB;

  /** A range of a document in parts begins by looking through a cell of its grid. */
  private static final long TEXT_RANGE = 32 * MIB;

  /** Row groups are larger than most targets, and every range reads the footer. */
  private static final long PARQUET_RANGE = 64 * MIB;

  private CorpusPlanner() {}

  /**
   * The files in document order: inputs as listed, each expanded and sorted by UTF-8 bytes of the
   * relative path; a file that two inputs name is read once, at its first place. An input is a
   * file, a folder (all files at any depth, links followed), or a glob ({@code * ? [a-z] {a,b} **},
   * its root the folder before its first name with such a character); what exists as it is written
   * is never taken for a glob. Each file is opened, and its first bytes say what it holds.
   *
   * @throws CorpusException naming an input that does not exist or matches nothing, an unreadable
   *     file, a FIFO or device, a cycle of links, two files with one relative path
   */
  public static List<InputFile> list(CorpusSettings settings) throws IOException {
    return Listing.of(settings);
  }

  /**
   * The work units, numbered from 0. Small files share a unit, large splittable ones are cut into
   * ranges, compressed ones are units of their own. Aims at {@code targetBytes(total)} a unit.
   */
  public static List<WorkUnit> plan(List<InputFile> files) {
    long total = 0;
    for (InputFile file : files) {
      total = Math.addExact(total, weight(file, file.size()));
    }
    long target = targetBytes(total);
    List<WorkUnit> units = new ArrayList<>();
    List<FileRange> open = new ArrayList<>();
    long openWeight = 0;
    for (InputFile file : files) {
      List<FileRange> ranges = ranges(file, target);
      for (FileRange range : ranges) {
        long weight = weight(file, range.end() - range.start());
        if (!open.isEmpty() && (ranges.size() > 1 || openWeight + weight > target)) {
          units.add(new WorkUnit(units.size(), List.copyOf(open)));
          open.clear();
          openWeight = 0;
        }
        open.add(range);
        openWeight += weight;
      }
    }
    if (!open.isEmpty()) {
      units.add(new WorkUnit(units.size(), List.copyOf(open)));
    }
    return units;
  }

  /**
   * How much text a unit aims at: 1/256 of all, between 4 and 64 MiB, so that a small corpus still
   * gives every core several units and a large one a receipt for no less than 64 MiB.
   */
  public static long targetBytes(long total) {
    return Math.max(4 * MIB, Math.min(64 * MIB, total / 256));
  }

  private static long weight(InputFile file, long bytes) {
    long text = file.compression() == Compression.NONE ? bytes : COMPRESSION_RATIO * bytes;
    return text + FILE_WEIGHT;
  }

  private static List<FileRange> ranges(InputFile file, long target) {
    long aim =
        switch (file.format()) {
          case LINES, JSONL, PARAGRAPHS -> target;
          case TEXT -> file.size() <= WHOLE_TEXT ? file.size() : Math.max(target, TEXT_RANGE);
          case PARQUET -> Math.max(target, PARQUET_RANGE);
          case WARC, AUTO -> file.size();
        };
    long size = file.size();
    if (file.compression() != Compression.NONE || size - aim <= aim / 2) {
      return List.of(new FileRange(file, 0, size));
    }
    long count = (size + aim - 1) / aim;
    List<FileRange> ranges = new ArrayList<>();
    long start = 0;
    for (long i = 1; i <= count; i++) {
      long end = i == count ? size : size / count * i;
      ranges.add(new FileRange(file, start, end));
      start = end;
    }
    return ranges;
  }
}

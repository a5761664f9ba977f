package org.merganser.corpus.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;

/**
 * Finds the files of a corpus ({@link Listing}) and divides them into work units, from the listing
 * and settings alone. {@link #targetBytes} decides the size of a unit, {@link InputFormat} which
 * formats are cut into ranges, and {@link UnitGroups} which small files share a unit.
 */
public final class CorpusPlanner {
  private static final long MIB = 1L << 20;

  /** Opening a file and writing its line in receipts cost as much as this many bytes of text. */
  private static final long FILE_WEIGHT = 8192;

  private CorpusPlanner() {}

  /**
   * The files in document order: validation inputs and then inputs, as listed, each expanded and
   * sorted by UTF-8 bytes of the relative path. A file that two inputs name is read once, at its
   * first place, so files of validation inputs are never trained on. Each file is opened to detect
   * its format.
   *
   * <p>An input is a file, a folder (all files at any depth, links followed), or a {@link Glob},
   * whose root is the folder before its first name with a special character. A name that exists as
   * it is written is not a glob. {@link InputFilter} says which files of an input are left out.
   *
   * @throws CorpusException naming an input that does not exist or matches nothing, an unreadable
   *     file, a FIFO or device, a cycle of links, two files with one relative path
   */
  public static List<InputFile> list(CorpusSettings settings) throws IOException {
    return list(settings, new SkippedInputs());
  }

  /**
   * The same files.
   *
   * @param skipped receives what is not read, and warnings
   */
  public static List<InputFile> list(CorpusSettings settings, SkippedInputs skipped)
      throws IOException {
    FormatSample none = null; // each file is opened
    return Listing.of(settings, skipped, none);
  }

  /**
   * The same for a proposal of a job, with formats from a sample.
   *
   * @param sample opens some of many files
   */
  public static List<InputFile> list(
      CorpusSettings settings, SkippedInputs skipped, FormatSample sample) throws IOException {
    return Listing.of(settings, skipped, sample);
  }

  /** The files that are one document of a MiB or more, with more than a third of all text. */
  public static List<InputFile> giants(List<InputFile> files) {
    return ListingWarnings.giants(files);
  }

  /**
   * Refuses an output folder that a listing of the inputs would read, now or when it exists, and
   * one that holds an input. Links are followed. Costs a look-up for each folder of the listed
   * files.
   *
   * @param files the result of {@link #list}
   * @throws CorpusException naming the input and the output
   */
  public static void requireApart(CorpusSettings settings, List<InputFile> files, String output)
      throws IOException {
    new OutputOverlap(output).requireApart(settings, files);
  }

  /**
   * The work units, numbered from 0, of about {@code targetBytes(total)} each. Large splittable
   * files are cut into ranges, a unit each; another file of half a unit or more is a unit; smaller
   * ones share units.
   *
   * <p>The files of a shared unit decide where it ends (see {@link UnitGroups}), so an added or
   * removed file changes its own unit, and perhaps the next ones up to such an end.
   */
  public static List<WorkUnit> plan(List<InputFile> files) {
    long total = 0;
    for (InputFile file : files) {
      total = Math.addExact(total, weight(file));
    }
    long target = targetBytes(total);
    List<WorkUnit> units = new ArrayList<>();
    UnitGroups shared =
        new UnitGroups(
            target,
            group -> {
              List<FileRange> ranges =
                  group.stream().flatMap(unit -> unit.ranges().stream()).toList();
              units.add(new WorkUnit(units.size(), ranges));
            });
    for (InputFile file : files) {
      List<FileRange> ranges = ranges(file, target);
      if (ranges.size() == 1) {
        int unnumbered = 0; // the unit of the group has a number
        shared.add(new WorkUnit(unnumbered, ranges), weight(file), "unit " + file.path());
        continue;
      }
      shared.end();
      for (FileRange range : ranges) {
        units.add(new WorkUnit(units.size(), List.of(range)));
      }
    }
    shared.end();
    return units;
  }

  /**
   * The target text of a unit in bytes: the largest power of two up to 1/64 of the total, between 4
   * and 64 MiB. So a small corpus has units for a few dozen cores, a large one has one receipt for
   * 64 MiB, and a growing one changes its units only when it doubles.
   */
  static long targetBytes(long total) {
    return Math.max(4 * MIB, Math.min(64 * MIB, Long.highestOneBit(Math.max(1, total / 64))));
  }

  /** The cost of reading a file, in bytes of text. */
  private static long weight(InputFile file) {
    return file.compression().textBytes(file.size()) + FILE_WEIGHT;
  }

  /**
   * The ranges of a file, of about equal size; one for a small, compressed or unsplittable file.
   */
  private static List<FileRange> ranges(InputFile file, long target) {
    long aim = file.format().rangeBytes(file.size(), target);
    long size = file.size();
    boolean isSmall = size - aim <= aim / 2; // a range has two thirds of the aim or more
    if (file.compression() != Compression.NONE || isSmall) {
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

package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.message.Plural;

/** Warns of files that are read, but perhaps not as their owner means. */
final class ListingWarnings {
  /** A file with fewer bytes of text is not a giant. */
  private static final long LEAST_GIANT_BYTES = 1 << 20;

  private ListingWarnings() {}

  /** Warns of CSV that is read with another separator, since its header has no comma. */
  static void warnOfSeparators(List<InputFile> files, SkippedInputs skipped) {
    SortedMap<InputFormat, List<String>> planned = new TreeMap<>();
    for (InputFile file : files) {
      if (file.format().isCsvWithoutCommas()) {
        planned.computeIfAbsent(file.format(), f -> new ArrayList<>()).add(file.path());
      }
    }
    planned.forEach(
        (format, paths) -> {
          String areRead =
              paths.size() == 1 ? " is read" : " and " + (paths.size() - 1) + " more are read";
          skipped.warn(
              "%s: the header has no comma, so this file%s as %s"
                  .formatted(paths.get(0), areRead, format.spelled()));
        });
  }

  /**
   * Warns of {@link #giants}.
   *
   * @param files that are not for validation
   */
  static void warnOfGiants(List<InputFile> files, SkippedInputs skipped) {
    long total = textBytes(files);
    for (InputFile file : giants(files)) {
      skipped.warn(
          String.format(
              Locale.ROOT,
              "%s is one document with %d %% of the text; format: lines or format: paragraphs makes"
                  + " a document of each line, or of what is between blank lines",
              file.path(),
              Math.round(100.0 * textBytes(file) / total)));
    }
  }

  /** The files that are one document of a MiB or more, with more than a third of all text. */
  static List<InputFile> giants(List<InputFile> files) {
    long total = textBytes(files);
    return files.stream()
        .filter(file -> file.format() == InputFormat.TEXT)
        .filter(file -> textBytes(file) >= LEAST_GIANT_BYTES && textBytes(file) > total / 3)
        .toList();
  }

  private static long textBytes(List<InputFile> files) {
    return files.stream().mapToLong(ListingWarnings::textBytes).sum();
  }

  private static long textBytes(InputFile file) {
    return file.compression().textBytes(file.size());
  }

  /**
   * Warns of an input whose files belong to several splits, unless its glob names them.
   *
   * @param input as the job names it
   * @param glob its part with special characters
   * @param files of this input that no earlier input names; so all are for training, or all are for
   *     validation
   */
  static void warnOfSplits(
      String input, String glob, List<InputFile> files, SkippedInputs skipped) {
    if (files.stream().allMatch(file -> DatasetSplitNames.splitsNamedIn(file.path()).isEmpty())) {
      return;
    }
    List<InputFile> rest = new ArrayList<>();
    Map<DatasetSplit, List<InputFile>> splits = new DatasetSplitNames(files).bySplit(files, rest);
    if (!DatasetSplitNames.areMixed(splits, rest)
        || DatasetSplitNames.splitsNamedIn(glob).containsAll(splits.keySet())) {
      return;
    }
    List<String> listed = new ArrayList<>();
    splits.forEach((split, those) -> listed.add(described(split.toString(), those)));
    List<InputFile> others = rest.stream().filter(DatasetSplitNames::isData).toList();
    if (!others.isEmpty()) {
      listed.add(described("no split", others));
    }
    String use = files.get(0).validation() ? "validation" : "training";
    skipped.warn(
        ("input %s holds several splits of a data set, and all are %s data here: %s."
                + " Name the files of one split, and validation data in corpus.validationInputs; a"
                + " glob that names its splits, such as {train,test}-*, is taken as meant")
            .formatted(input, use, String.join("; ", listed)));
  }

  /** A split with the number of its files and the first of them. */
  private static String described(String split, List<InputFile> files) {
    return "%s (%s, such as %s)"
        .formatted(split, Plural.of(files.size(), "file"), files.get(0).path());
  }
}

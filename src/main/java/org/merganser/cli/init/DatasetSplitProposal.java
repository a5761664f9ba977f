package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.DatasetSplitNames;
import org.merganser.corpus.plan.DatasetSplitNames.Place;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;

/**
 * The files of a data set with several splits that a job trains on, validates on and leaves out,
 * and their globs. {@link DatasetSplitNames} finds the split of a file by its name, and {@link
 * DatasetSplitGlobs} makes the globs. Names can be unusual, so a listing of the globs must be
 * compared by {@link #isConfirmedBy}.
 *
 * @param inputs globs of the training data
 * @param validationInputs globs of the validation data; empty for none
 * @param exclude globs of the test data, relative to the input, if it matches them too
 * @param files the files of each split that has some
 * @param rest files without a split: they are trained on only if no split is for training
 */
record DatasetSplitProposal(
    List<String> inputs,
    List<String> validationInputs,
    List<String> exclude,
    Map<DatasetSplit, List<InputFile>> files,
    List<InputFile> rest) {

  /** The most globs that are proposed: a folder with exclusions is clearer than more. */
  private static final int MOST_GLOBS = 8;

  /**
   * Proposals, the best first: globs that match names in every folder, then globs for each folder.
   * Empty for a corpus without several splits, or with several inputs.
   *
   * @param located the inputs of the user
   * @param found all files of these inputs
   */
  static List<DatasetSplitProposal> of(List<String> located, List<InputFile> found)
      throws IOException {
    List<InputFile> rest = new ArrayList<>();
    DatasetSplitNames names = new DatasetSplitNames(found);
    Map<DatasetSplit, List<InputFile>> splits = names.bySplit(found, rest);
    boolean hasTrainingData = splits.containsKey(DatasetSplit.TRAIN) || !rest.isEmpty();
    if (!DatasetSplitNames.areMixed(splits, rest) || located.size() > 1 || !hasTrainingData) {
      return List.of();
    }
    String input = located.get(0);
    Map<DatasetSplit, List<String>> globsInEveryFolder = new EnumMap<>(DatasetSplit.class);
    Map<DatasetSplit, List<String>> globsByFolder = new EnumMap<>(DatasetSplit.class);
    splits.forEach(
        (split, files) -> {
          List<Place> places = files.stream().map(names::of).filter(Objects::nonNull).toList();
          globsInEveryFolder.put(split, DatasetSplitGlobs.inEveryFolder(places));
          globsByFolder.put(split, DatasetSplitGlobs.byFolder(places));
        });
    List<DatasetSplitProposal> proposals = new ArrayList<>();
    proposals.add(propose(input, globsInEveryFolder, splits, rest));
    proposals.add(propose(input, globsByFolder, splits, rest));
    proposals.removeIf(p -> p.inputs.size() + p.validationInputs.size() > MOST_GLOBS);
    return proposals;
  }

  /**
   * The proposal for the globs of each split. If no split is for training, the input itself is, and
   * its test data are excluded.
   */
  private static DatasetSplitProposal propose(
      String input,
      Map<DatasetSplit, List<String>> globs,
      Map<DatasetSplit, List<InputFile>> splits,
      List<InputFile> rest)
      throws IOException {
    String root = InputGlob.root(input);
    List<String> validation = below(root, globs.getOrDefault(DatasetSplit.VALIDATION, List.of()));
    List<String> train = globs.get(DatasetSplit.TRAIN);
    if (train == null) {
      List<String> test = globs.getOrDefault(DatasetSplit.TEST, List.of());
      return new DatasetSplitProposal(List.of(input), validation, test, splits, rest);
    }
    List<String> noExclude = List.of();
    return new DatasetSplitProposal(below(root, train), validation, noExclude, splits, rest);
  }

  /** Globs that are relative to a folder, as inputs of a job. */
  private static List<String> below(String root, List<String> globs) {
    return globs.stream().map(root::concat).toList();
  }

  /**
   * Sentences about names of splits that no proposal follows.
   *
   * @param found all files of the inputs
   */
  static List<String> unusedNames(List<InputFile> found) {
    List<InputFile> rest = new ArrayList<>();
    DatasetSplitNames names = new DatasetSplitNames(found);
    Map<DatasetSplit, List<InputFile>> splits = names.bySplit(found, rest);
    List<String> sentences = new ArrayList<>();
    boolean isOneSplit = !DatasetSplitNames.areMixed(splits, rest) && splits.size() == 1;
    if (isOneSplit && !splits.containsKey(DatasetSplit.TRAIN)) {
      Map.Entry<DatasetSplit, List<InputFile>> only = splits.entrySet().iterator().next();
      String first = ProposedText.path(only.getValue().get(0).path());
      sentences.add(
          "all of it is a %s split by its names, such as %s, and is trained on here"
              .formatted(only.getKey(), first));
    }
    List<InputFile> undecided = names.undecided(found);
    if (!undecided.isEmpty()) {
      String first = ProposedText.path(undecided.get(0).path());
      sentences.add(
          undecided.size() == 1
              ? "1 file has a word of splits in its name, %s, and is trained on here; if it is"
                      .formatted(first)
                  + " held-out data, add it to corpus.exclude or corpus.validationInputs"
              : "%s files have a word of splits in their names, such as %s, and are trained on here;"
                      .formatted(undecided.size(), first)
                  + " if they are held-out data, add them to corpus.exclude or"
                  + " corpus.validationInputs");
    }
    return sentences;
  }

  /** The files that are trained on. */
  List<InputFile> training() {
    return files.getOrDefault(DatasetSplit.TRAIN, rest);
  }

  /** The files for validation. */
  List<InputFile> validation() {
    return files.getOrDefault(DatasetSplit.VALIDATION, List.of());
  }

  /**
   * Whether a listing has exactly the files for training and for validation.
   *
   * @param listed the listing of a job with these globs
   */
  boolean isConfirmedBy(CorpusListing.Listed listed) {
    return locations(listed.training()).equals(locations(training()))
        && locations(listed.validation()).equals(locations(validation()));
  }

  private static Set<String> locations(List<InputFile> files) {
    return files.stream().map(InputFile::location).collect(Collectors.toSet());
  }

  /** A row for each split, for a person. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(Phrase.of("%-10s %9s %10s  %-18s %s", "split", "files", "bytes", "use", "such as"));
    files.forEach((split, splitFiles) -> lines.add(row(split.toString(), use(split), splitFiles)));
    if (!rest.isEmpty()) {
      String use = files.containsKey(DatasetSplit.TRAIN) ? "not read" : "trained on";
      lines.add(row("none", use, rest));
    }
    return lines;
  }

  /** What a job does with the files of a split. */
  private static String use(DatasetSplit split) {
    return switch (split) {
      case TRAIN -> "trained on";
      case VALIDATION -> "into validation/";
      case TEST -> "not read";
    };
  }

  /** A row of the table about some files, at least one. */
  private static String row(String split, String use, List<InputFile> files) {
    return Phrase.of(
        "%-10s %,9d %10s  %-18s %s",
        split,
        files.size(),
        TerminalText.bytes(CorpusSurvey.storedBytes(files)),
        use,
        ProposedText.path(files.get(0).path()));
  }

  /** The reasons for the globs, as comments of the job. */
  String reasons() {
    List<String> notRead = new ArrayList<>();
    List<InputFile> test = files.getOrDefault(DatasetSplit.TEST, List.of());
    if (!test.isEmpty()) {
      notRead.add(Plural.of(test.size(), "file") + " of the split test");
    }
    if (files.containsKey(DatasetSplit.TRAIN) && !rest.isEmpty()) {
      notRead.add(
          "%s without a split, such as %s"
              .formatted(Plural.of(rest.size(), "file"), ProposedText.path(rest.get(0).path())));
    }
    String splits =
        files.keySet().stream().map(DatasetSplit::toString).collect(Collectors.joining(", "));
    String others =
        files.containsKey(DatasetSplit.TRAIN) ? "" : " and others, which are trained on";
    String aboutBraces = "  # Braces keep the name of the folder in the names of documents.\n";
    return "  # By their names the files are %s%s.\n".formatted(splits, others)
        + (notRead.isEmpty() ? "" : "  # Not read: " + String.join("; ", notRead) + ".\n")
        + (inputs.get(0).contains("{") ? aboutBraces : "");
  }
}

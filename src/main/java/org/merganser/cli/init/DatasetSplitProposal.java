package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
import org.merganser.corpus.plan.Glob;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.store.FileStore;

/**
 * The files of a data set with several splits that a job trains on, validates on and leaves out,
 * and their globs. {@link DatasetSplitNames} finds the split of a file by its name. Names can be
 * unusual, so a listing of the globs must be compared by {@link #isConfirmedBy}.
 *
 * @param inputs globs of the training data
 * @param validationInputs globs of the validation data; empty for none
 * @param exclude globs of the test data, if the inputs match them too
 * @param files of each split
 * @param rest files without a split: they are trained on only if no split is for training
 */
record DatasetSplitProposal(
    List<String> inputs,
    List<String> validationInputs,
    List<String> exclude,
    Map<DatasetSplit, List<InputFile>> files,
    List<InputFile> rest) {

  /** More globs than these are not proposed: a folder with exclusions is clearer then. */
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
    List<DatasetSplitProposal> proposals = new ArrayList<>();
    for (boolean inEveryFolder : new boolean[] {true, false}) {
      Map<DatasetSplit, List<String>> globs = new EnumMap<>(DatasetSplit.class);
      splits.forEach((split, files) -> globs.put(split, globs(names, files, inEveryFolder)));
      proposals.add(propose(located.get(0), globs, splits, rest));
    }
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
    String root = root(input);
    List<String> validation = below(root, globs.getOrDefault(DatasetSplit.VALIDATION, List.of()));
    List<String> test = globs.getOrDefault(DatasetSplit.TEST, List.of());
    List<String> train = globs.get(DatasetSplit.TRAIN);
    return train == null
        ? new DatasetSplitProposal(List.of(input), validation, test, splits, rest)
        : new DatasetSplitProposal(below(root, train), validation, List.of(), splits, rest);
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
      splits.forEach(
          (split, files) ->
              sentences.add(
                  "all of it is a %s split by its names, such as %s, and is trained on here"
                      .formatted(split, ProposedText.path(files.get(0).path()))));
    }
    List<InputFile> undecided = names.undecided(found);
    if (!undecided.isEmpty()) {
      sentences.add(
          "%s a word of splits in their names, such as %s, and are trained on here; if they are"
                  .formatted(
                      undecided.size() == 1 ? "1 file has" : undecided.size() + " files have",
                      ProposedText.path(undecided.get(0).path()))
              + " held-out data, add them to corpus.exclude or corpus.validationInputs");
    }
    return sentences;
  }

  /** The folder of an input, with a slash at its end: itself, or that of a file or a glob. */
  static String root(String input) throws IOException {
    FileStore store = FileStore.of(input);
    if (store.exists(input) && store.isFolder(input)) {
      return input.replaceFirst("/+$", "") + "/";
    }
    int special = store.exists(input) ? input.length() : Glob.firstSpecial(input);
    return input.substring(0, input.lastIndexOf('/', special) + 1);
  }

  /** The globs as inputs of a job. */
  private static List<String> below(String root, List<String> globs) {
    return globs.stream().map(glob -> root + glob).toList();
  }

  /**
   * Globs, relative to the root of the input, for the files of a split.
   *
   * @param inEveryFolder whether the globs match the names in every folder, if several folders have
   *     them; else each folder has globs of its own
   */
  private static List<String> globs(
      DatasetSplitNames names, List<InputFile> files, boolean inEveryFolder) {
    List<Place> places = files.stream().map(names::of).filter(Objects::nonNull).toList();
    boolean severalFolders = places.stream().map(Place::parent).distinct().count() > 1;
    Set<String> globs = new LinkedHashSet<>();
    for (Place place : places) {
      String parent = inEveryFolder && severalFolders ? "**/" : ProposedText.globOf(place.parent());
      String name = place.folder() ? ProposedText.globOf(place.name()) + "/**" : globOfFiles(place);
      globs.add(parent + name);
    }
    return globs.stream().map(DatasetSplitProposal::keepingFolder).toList();
  }

  /**
   * A glob for the files whose names have the same word, such as {@code train*.jsonl}. Names that
   * begin with it must have the same ending, too, if it looks like one of a format.
   */
  private static String globOfFiles(Place place) {
    String fromFirstDot = place.name().replaceFirst("^[^.]*(?=\\.)|.*", "");
    boolean isEnding = fromFirstDot.matches("(\\.[a-zA-Z][a-zA-Z0-9]*)+");
    String word = ProposedText.globOf(place.word());
    return (place.begins() ? word : "*" + word)
        + "*"
        + (isEnding && place.begins() ? fromFirstDot : "");
  }

  /** Puts a folder in braces, so that its name stays in the names of documents. */
  private static String keepingFolder(String glob) {
    return glob.endsWith("/**") && Glob.firstSpecial(glob) == glob.length() - 2
        ? glob.replaceFirst("^[^/]+", "{$0}")
        : glob;
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
   * @param listed the files of a job with these globs
   */
  boolean isConfirmedBy(List<InputFile> listed) {
    Map<Boolean, List<InputFile>> sides =
        listed.stream().collect(Collectors.partitioningBy(InputFile::validation));
    return locations(sides.getOrDefault(false, List.of())).equals(locations(training()))
        && locations(sides.getOrDefault(true, List.of())).equals(locations(validation()));
  }

  private static Set<String> locations(List<InputFile> files) {
    return files.stream().map(InputFile::location).collect(Collectors.toCollection(HashSet::new));
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

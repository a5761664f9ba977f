package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;

/**
 * Assigns the files of an input to the splits of a data set by their names; the only place that
 * knows such names. The name of a file decides, else that of the nearest folder below the root of
 * the input. A name that is the word of a split, or begins with it followed by a number or a suffix
 * ({@code train}, {@code test-00000-of-00002.parquet}), names the split. So does the name of a
 * folder, or of a file of records, that begins or ends with the word and an underscore or a dot
 * ({@code corpus_heldout.jsonl}, {@code 00_train}). A name with the word in another place ({@code
 * wiki.valid.tokens}) does so only if half of the names next to it have such a word, since
 * documents have arbitrary names. Source code and descriptions of data sets have no split. The
 * words are those of {@link DatasetSplit}.
 */
public final class DatasetSplitNames {
  /**
   * The name that decided the split of a file.
   *
   * @param parent the path of its folder, "" or ending in {@code /}
   * @param name of a folder or a file
   * @param folder whether it is a folder
   * @param word of the split, as the name spells it
   * @param begins whether the name begins with the word, so that no other names are needed
   */
  public record Place(
      DatasetSplit split,
      String parent,
      String name,
      boolean folder,
      String word,
      boolean begins) {}

  private static final Pattern WORD = DatasetSplit.inNames();

  /** Words that names of documents and folders rarely have for another reason. */
  private static final Pattern CERTAIN = Pattern.compile("(?i)(hold|held|dev).+|validation");

  /** What may come before the word of a split, or after it, at an end of a name. */
  private static final Pattern BEFORE = Pattern.compile("[-_. 0-9]*");

  private static final Pattern AFTER = Pattern.compile("([-_ ]?[0-9]+)*(\\.[A-Za-z0-9]+)*");

  /** What may follow the word of a split in a name that begins with it. */
  private static final Pattern FILE_REST = Pattern.compile("(\\..*|[-_ ]?[0-9].*)?");

  private static final Pattern FOLDER_REST = Pattern.compile("([-_ ]?[0-9]+)?");

  /** Source code, and files that accompany data. */
  private static final Pattern NOT_DATA =
      Pattern.compile(
          "(?i).*\\.(py|pyi|ipynb|js|ts|jsx|tsx|java|kt|scala|c|h|cc|cpp|cxx|hpp|cs|rs|go|rb|php|pl"
              + "|sh|lua|jl|swift|m|r|sql|html|css|xml|ya?ml|toml|ini|cfg)"
              + "|(readme|licen[cs]e|notice|dataset_infos?|dataset_dict|state)(\\..*)?");

  /** What is counted of the names of the files, or of the folders, in one folder. */
  private static final class NameCounts {
    int all;
    int withWords;
  }

  private final Map<String, NameCounts> filesByFolder = new HashMap<>();
  private final Map<String, NameCounts> foldersByFolder = new HashMap<>();

  /**
   * @param files all files of an input, whose names are compared with those next to them
   */
  public DatasetSplitNames(List<InputFile> files) {
    Set<String> folders = new HashSet<>();
    for (InputFile file : files) {
      String path = file.path();
      int end = path.lastIndexOf('/');
      if (!NOT_DATA.matcher(path.substring(end + 1)).matches()) {
        count(filesByFolder, path.substring(0, end + 1), path.substring(end + 1));
      }
      while (end > 0 && folders.add(path.substring(0, end))) {
        int parent = path.lastIndexOf('/', end - 1);
        count(foldersByFolder, path.substring(0, parent + 1), path.substring(parent + 1, end));
        end = parent;
      }
    }
  }

  private static void count(Map<String, NameCounts> byFolder, String folder, String name) {
    NameCounts counts = byFolder.computeIfAbsent(folder, f -> new NameCounts());
    counts.all++;
    if (WORD.matcher(name).find()) {
      counts.withWords++;
    }
  }

  /** The split of a file, and the name that decides it; null without a split. */
  public @Nullable Place of(InputFile file) {
    String path = file.path();
    if (!WORD.matcher(path).find() || isNotData(path)) {
      return null;
    }
    int end = path.length();
    while (end > 0) {
      int parent = path.lastIndexOf('/', end - 1);
      boolean folder = end < path.length();
      Place place = of(path.substring(0, parent + 1), path.substring(parent + 1, end), folder);
      if (place != null) {
        return place;
      }
      end = parent;
    }
    return null;
  }

  private static boolean isNotData(String path) {
    return NOT_DATA.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
  }

  /** The split by the name of a file or folder; null if the name decides none. */
  private @Nullable Place of(String parent, String name, boolean folder) {
    Matcher word = WORD.matcher(name);
    if (!word.find()) {
      return null;
    }
    DatasetSplit split = splitOf(word);
    Pattern rest = folder ? FOLDER_REST : FILE_REST;
    boolean begins =
        word.start() == 0 && rest.matcher(name).region(word.end(), name.length()).matches();
    NameCounts beside =
        (folder ? foldersByFolder : filesByFolder).getOrDefault(parent, new NameCounts());
    Place place = new Place(split, parent, name, folder, word.group(1), begins);
    if (begins) {
      return place;
    }
    boolean marked = isMark(name, word, folder);
    while (word.find()) {
      if (splitOf(word) != split) {
        return null; // train-test-split.csv
      }
    }
    return marked || 2 * beside.withWords >= beside.all ? place : null;
  }

  private static DatasetSplit splitOf(Matcher word) {
    return Objects.requireNonNull(DatasetSplit.of(word.group(1)), "the pattern has the words");
  }

  /** Whether the word at an end of a name marks a split, whatever the names beside it are. */
  private static boolean isMark(String name, Matcher word, boolean folder) {
    boolean first = BEFORE.matcher(name.substring(0, word.start())).matches();
    boolean last = AFTER.matcher(name.substring(word.end())).matches();
    if (!first && !last) {
      return false;
    }
    String beside = last ? name.substring(0, word.start()) : name.substring(word.end());
    int at = last ? beside.length() - 1 : 0;
    boolean joined = beside.isEmpty() || "_.".indexOf(beside.charAt(at)) >= 0;
    return CERTAIN.matcher(word.group(1)).matches() || (joined && (folder || isRecords(name)));
  }

  /** Whether the name is that of a file of records with fields. */
  private static boolean isRecords(String name) {
    String plain = Compression.withoutSuffix(name.toLowerCase(Locale.ROOT));
    return Arrays.stream(InputFormat.values())
        .anyMatch(format -> format.hasTextField() && format.hasName(plain));
  }

  /**
   * The files without a split whose names have the word of one for validation or tests: documents
   * may have such names, so nobody but their owner knows.
   */
  public List<InputFile> undecided(List<InputFile> files) {
    return files.stream().filter(file -> of(file) == null && isUndecided(file.path())).toList();
  }

  /** Whether a path has the word of a split for validation or tests. */
  private static boolean isUndecided(String path) {
    if (isNotData(path)) {
      return false;
    }
    Matcher word = WORD.matcher(path);
    while (word.find()) {
      if (splitOf(word) != DatasetSplit.TRAIN) {
        return true;
      }
    }
    return false;
  }

  /** The files of each split; files without one are added to {@code rest}. */
  public Map<DatasetSplit, List<InputFile>> bySplit(List<InputFile> files, List<InputFile> rest) {
    Map<DatasetSplit, List<InputFile>> splits = new EnumMap<>(DatasetSplit.class);
    for (InputFile file : files) {
      Place place = of(file);
      (place == null ? rest : splits.computeIfAbsent(place.split(), s -> new ArrayList<>()))
          .add(file);
    }
    return splits;
  }

  /**
   * Whether files belong to several splits that cannot have the same use: training data and others,
   * or validation or test data next to records and texts without a split.
   */
  public static boolean areMixed(Map<DatasetSplit, List<InputFile>> splits, List<InputFile> rest) {
    boolean isHeldOut = !splits.isEmpty() && !splits.containsKey(DatasetSplit.TRAIN);
    return splits.size() > 1 || (isHeldOut && rest.stream().anyMatch(DatasetSplitNames::isData));
  }

  /** Whether a file has records or text by its name. */
  private static boolean isData(InputFile file) {
    String name = Compression.withoutSuffix(file.path().toLowerCase(Locale.ROOT));
    return !isNotData(name) && (file.format().hasTextField() || InputFormat.TEXT.hasName(name));
  }

  /**
   * Warns of an input whose files belong to several splits, of which the job says nothing; null if
   * there is nothing to warn of.
   *
   * @param input as the job names it
   * @param glob its part with special characters; the splits that it names are intended
   * @param files of the input that no earlier input names, with one use
   */
  static @Nullable String warning(String input, String glob, List<InputFile> files) {
    if (files.stream().noneMatch(file -> WORD.matcher(file.path()).find())) {
      return null;
    }
    List<InputFile> rest = new ArrayList<>();
    Map<DatasetSplit, List<InputFile>> splits = new DatasetSplitNames(files).bySplit(files, rest);
    Set<DatasetSplit> named = new HashSet<>();
    Matcher word = WORD.matcher(glob);
    while (word.find()) {
      named.add(splitOf(word));
    }
    if (!areMixed(splits, rest) || named.containsAll(splits.keySet())) {
      return null;
    }
    List<String> listed = new ArrayList<>();
    splits.forEach((split, those) -> listed.add(described(split.toString(), those)));
    List<InputFile> others = rest.stream().filter(DatasetSplitNames::isData).toList();
    if (!others.isEmpty()) {
      listed.add(described("no split", others));
    }
    return ("input %s holds several splits of a data set, and all are %s data here: %s."
            + " Name the files of one split, and validation data in corpus.validationInputs; a glob"
            + " that names its splits, such as {train,test}-*, is taken as meant")
        .formatted(
            input,
            files.get(0).validation() ? "validation" : "training",
            String.join("; ", listed));
  }

  private static String described(String split, List<InputFile> files) {
    return String.format(
        Locale.ROOT,
        "%s (%,d %s, such as %s)",
        split,
        files.size(),
        files.size() == 1 ? "file" : "files",
        files.get(0).path());
  }
}

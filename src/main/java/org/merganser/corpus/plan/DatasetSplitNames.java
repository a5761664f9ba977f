package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
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
 * Assigns the files of an input to the splits of a data set by their names. The name of a file
 * decides, else that of the nearest folder below the root of the input.
 *
 * <p>A name that is the word of a split, or begins with it followed by a number or, of a file, a
 * suffix ({@code train}, {@code test-00000-of-00002.parquet}), names the split. So does the name of
 * a folder, or of a file of records, that begins or ends with the word and an underscore or a dot
 * ({@code corpus_heldout.jsonl}, {@code 00_train}), and any name that begins or ends with a word of
 * one meaning ({@link #CERTAIN}). A name with the word in another place ({@code wiki.valid.tokens})
 * does so only if half of the names next to it have such a word, since documents have arbitrary
 * names; none does that has the words of several splits. Source code and descriptions of data sets
 * have no split. The words are those of {@link DatasetSplit}.
 */
public final class DatasetSplitNames {
  /**
   * The split of a file, with the name that decides it.
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

  /** A word of a split: group 1. */
  private static final Pattern WORD = DatasetSplit.wordPattern();

  /** Words that names of documents and folders rarely have for another reason. */
  private static final Pattern CERTAIN = Pattern.compile("(?i)(hold|held|dev).+|validation");

  /** What may come before a word that is at the beginning of a name. */
  private static final Pattern BEFORE = Pattern.compile("[-_. 0-9]*");

  /** What may follow a word that is at the end of a name. */
  private static final Pattern AFTER = Pattern.compile("([-_ ]?[0-9]+)*(\\.[A-Za-z0-9]+)*");

  /** What may follow the word in the name of a file that begins with it. */
  private static final Pattern FILE_REST = Pattern.compile("(\\..*|[-_ ]?[0-9].*)?");

  /** What may follow the word in the name of a folder that begins with it. */
  private static final Pattern FOLDER_REST = Pattern.compile("([-_ ]?[0-9]+)?");

  /** Source code, and files that accompany data. */
  private static final Pattern CODE_OR_DESCRIPTION =
      Pattern.compile(
          "(?i).*\\.(py|pyi|ipynb|js|ts|jsx|tsx|java|kt|scala|c|h|cc|cpp|cxx|hpp|cs|rs|go|rb|php|pl"
              + "|sh|lua|jl|swift|m|r|sql|html|css|xml|ya?ml|toml|ini|cfg)"
              + "|(readme|licen[cs]e|notice|dataset_infos?|dataset_dict|state)(\\..*)?");

  /** What is counted of the names of the files, or of the folders, in one folder. */
  private static final class NameCounts {
    int all;
    int withWords;
  }

  /** By path of a folder, as in {@link Place#parent}, the names of its files that are data. */
  private final Map<String, NameCounts> filesByFolder = new HashMap<>();

  /** By path of a folder, the names of the folders in it. */
  private final Map<String, NameCounts> foldersByFolder = new HashMap<>();

  /**
   * @param files all files of an input, whose names are compared with those next to them
   */
  public DatasetSplitNames(List<InputFile> files) {
    Set<String> folders = new HashSet<>();
    for (InputFile file : files) {
      String path = file.path();
      int end = path.lastIndexOf('/');
      if (!isCodeOrDescription(path)) {
        count(filesByFolder, path.substring(0, end + 1), path.substring(end + 1));
      }
      while (end > 0 && folders.add(path.substring(0, end))) {
        int parent = path.lastIndexOf('/', end - 1);
        count(foldersByFolder, path.substring(0, parent + 1), path.substring(parent + 1, end));
        end = parent;
      }
    }
  }

  /** Counts a name in a folder. */
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
    if (!WORD.matcher(path).find() || isCodeOrDescription(path)) {
      return null;
    }
    int end = path.length();
    while (end > 0) {
      int parent = path.lastIndexOf('/', end - 1);
      boolean isFolder = end < path.length();
      Place place =
          byName(path.substring(0, parent + 1), path.substring(parent + 1, end), isFolder);
      if (place != null) {
        return place;
      }
      end = parent;
    }
    return null;
  }

  /** Whether the name of a file is that of source code, or of a file that accompanies data. */
  private static boolean isCodeOrDescription(String path) {
    return CODE_OR_DESCRIPTION.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
  }

  /** The split by the name of a file or folder; null if the name decides none. */
  private @Nullable Place byName(String parent, String name, boolean isFolder) {
    Matcher word = WORD.matcher(name);
    if (!word.find()) {
      return null;
    }
    DatasetSplit split = splitOf(word);
    Pattern rest = isFolder ? FOLDER_REST : FILE_REST;
    boolean begins =
        word.start() == 0 && rest.matcher(name).region(word.end(), name.length()).matches();
    Place place = new Place(split, parent, name, isFolder, word.group(1), begins);
    if (begins) {
      return place;
    }
    if (splitsNamedIn(name).size() > 1) {
      return null; // train-test-split.csv
    }
    return isMark(name, word, isFolder) || isUsualBeside(parent, isFolder) ? place : null;
  }

  /** Whether half or more of the names of files, or of folders, in a folder have such a word. */
  private boolean isUsualBeside(String parent, boolean isFolder) {
    NameCounts beside = (isFolder ? foldersByFolder : filesByFolder).get(parent);
    // null if the file is none of those that the constructor had: nothing speaks against its name
    return beside == null || 2 * beside.withWords >= beside.all;
  }

  /** The splits of which a text has a word. */
  static Set<DatasetSplit> splitsNamedIn(String text) {
    Set<DatasetSplit> named = EnumSet.noneOf(DatasetSplit.class);
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      named.add(splitOf(word));
    }
    return named;
  }

  /** The split of a match of {@link #WORD}. */
  private static DatasetSplit splitOf(Matcher word) {
    return Objects.requireNonNull(DatasetSplit.of(word.group(1)), "the pattern has the words");
  }

  /**
   * Whether the word at an end of a name marks a split, whatever the names beside it are.
   *
   * @param word the match in the name
   */
  private static boolean isMark(String name, Matcher word, boolean isFolder) {
    String before = name.substring(0, word.start());
    String after = name.substring(word.end());
    boolean isFirst = BEFORE.matcher(before).matches();
    boolean isLast = AFTER.matcher(after).matches();
    if (!isFirst && !isLast) {
      return false;
    }
    String other = isLast ? before : after;
    int beside = isLast ? other.length() - 1 : 0; // the index of the character next to the word
    boolean isJoined = other.isEmpty() || "_.".indexOf(other.charAt(beside)) >= 0;
    return CERTAIN.matcher(word.group(1)).matches() || (isJoined && (isFolder || isRecords(name)));
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
    return files.stream().filter(file -> of(file) == null && hasHeldOutWord(file.path())).toList();
  }

  /** Whether a path has the word of a split for validation or tests. */
  private static boolean hasHeldOutWord(String path) {
    return !isCodeOrDescription(path)
        && splitsNamedIn(path).stream().anyMatch(split -> split != DatasetSplit.TRAIN);
  }

  /**
   * The files of each split.
   *
   * @param rest receives the files without a split
   */
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
  static boolean isData(InputFile file) {
    String name = Compression.withoutSuffix(file.path().toLowerCase(Locale.ROOT));
    return !isCodeOrDescription(name)
        && (file.format().hasTextField() || InputFormat.TEXT.hasName(name));
  }
}

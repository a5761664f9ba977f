package org.merganser.corpus.plan;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.io.function.IOBiConsumer;
import org.apache.commons.io.function.IOFunction;
import org.apache.commons.io.function.IORunnable;
import org.apache.commons.io.function.IOSupplier;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.store.FileStore;
import org.merganser.store.LocationAdvice;

/** Expands the inputs of a corpus to its files, in document order. */
final class Listing {
  /** The most problems that one error lists. */
  private static final int MOST_LISTED = 50;

  /** How many files of a remote store are opened at the same time. */
  private static final int REMOTE_AT_ONCE = 32;

  /** The bytes of text from which on a file can be a giant: smaller ones are never reported. */
  private static final long GIANT = 1 << 20;

  private final CorpusSettings settings;
  private final SkippedInputs skipped;

  /** Whether the inputs that are expanded are those for validation. */
  private boolean validation = true;

  /** The place, in the list of the job, of the input that is expanded. */
  private int place;

  private final List<InputFile> files = new ArrayList<>();

  /** The locations of {@link #files}. */
  private final Set<String> locations = new HashSet<>();

  /** {@link #files} by their paths below their inputs. */
  private final Map<String, InputFile> byPath = new HashMap<>();

  private final List<String> problems = new ArrayList<>();

  /** The exception of the first problem. */
  private @Nullable Exception cause;

  /** Null if each file is opened. */
  private final @Nullable FormatSample sample;

  private Listing(CorpusSettings settings, SkippedInputs skipped, @Nullable FormatSample sample) {
    this.settings = settings;
    this.skipped = skipped;
    this.sample = sample;
  }

  /**
   * The files of a corpus, as {@link CorpusPlanner#list} says.
   *
   * @param sample null if each file is opened
   */
  static List<InputFile> of(
      CorpusSettings settings, SkippedInputs skipped, @Nullable FormatSample sample)
      throws IOException {
    if (settings.inputs().isEmpty()) {
      throw new CorpusException("corpus.inputs is empty: name files, folders or globs");
    }
    Listing listing = new Listing(settings, skipped, sample);
    listing.addAll(settings.validationInputs());
    int validationFiles = listing.files.size();
    listing.validation = false;
    listing.addAll(settings.inputs());
    listing.requireNoProblem();
    if (listing.files.size() == validationFiles) {
      throw new CorpusException(
          (validationFiles == 0
                  ? "corpus.inputs hold no file that is read"
                  : "corpus.inputs hold no file that corpus.validationInputs do not hold")
              + listing.notRead());
    }
    listing.warnOfSeparators();
    listing.warnOfGiants(listing.files.subList(validationFiles, listing.files.size()));
    return listing.files;
  }

  private void addAll(List<CorpusInput> inputs) throws IOException {
    place = 0;
    for (CorpusInput input : inputs) {
      attempt(input.path(), () -> add(input));
      place++;
    }
  }

  /** Records a problem, so that one run reports all problems. */
  private void attempt(String input, IORunnable step) throws IOException {
    try {
      step.run();
    } catch (FileSystemException e) {
      addProblem(refusal(input, e), e);
      for (Throwable other : e.getSuppressed()) {
        addProblem(refusal(input, (FileSystemException) other), e);
      }
    } catch (CorpusException e) {
      addProblem(String.valueOf(e.getMessage()), e);
    }
  }

  private void addProblem(String problem, Exception e) {
    problems.add(problem);
    if (cause == null) {
      cause = e;
    }
  }

  private void requireNoProblem() {
    int more = problems.size() - MOST_LISTED;
    String listed =
        String.join("\n  ", problems.subList(0, Math.min(MOST_LISTED, problems.size())));
    if (cause != null) {
      throw new CorpusException(
          (problems.size() == 1 ? "" : problems.size() + " inputs cannot be used:\n  ")
              + listed
              + (more > 0 ? "\n  and " + more + " more" : ""),
          cause);
    }
  }

  /** Adds the files of an input: of a folder, a file, or a glob. */
  private void add(CorpusInput named) throws IOException {
    String input = named.path();
    FileStore store = FileStore.of(input);
    if (input.isEmpty()) {
      throw new CorpusException(
          "corpus.inputs holds an empty name: name a file, a folder or a glob");
    }
    if (!existsAsNamed(store, input)) {
      addGlob(store, named);
    } else if (store.isFolder(input)) {
      addMatches(store, store.absolute(input), "**", named, "is an empty folder");
    } else {
      addOneFile(store, named);
    }
  }

  private void addOneFile(FileStore store, CorpusInput named) throws IOException {
    String location = store.absolute(named.path());
    String root = location.substring(0, Math.max(location.lastIndexOf('/'), 1));
    InputFilter filter = new InputFilter(store, root, "", settings, skipped);
    boolean excluded = filter.excludes(store.pathWithin(root, location));
    addFiles(store, root, excluded ? List.of() : List.of(store.stat(location)), named);
  }

  private void addGlob(FileStore store, CorpusInput named) throws IOException {
    String input = named.path();
    int special = Glob.firstSpecial(input);
    if (special < 0) {
      throw new CorpusException(
          "input %s does not exist (looked for %s)%s"
              .formatted(input, store.absolute(input), spelling(input)),
          new NoSuchFileException(input));
    }
    int slash = input.lastIndexOf('/', special);
    String root = slash < 0 ? "." : slash == 0 ? "/" : input.substring(0, slash);
    if (!store.isFolder(root)) {
      throw new CorpusException(
          "input %s matches nothing: there is no folder %s%s"
              .formatted(input, store.absolute(root), spelling(input)),
          new NoSuchFileException(input));
    }
    addMatches(store, store.absolute(root), input.substring(slash + 1), named, "matches no file");
  }

  /** What to do about a name that does not exist. */
  private static String spelling(String input) {
    String advice = LocationAdvice.of(input);
    if (advice.isEmpty() && input.contains(",")) {
      return "; this is one name with a comma: name each input by itself, on the command line by"
          + " repeating the option";
    }
    return advice.isEmpty() ? LocationAdvice.SPELLING : advice;
  }

  /** Says that a folder has no file that is read, or that a glob matches nothing. */
  private String noFile(String input, String root, boolean isFolder, String ifNone) {
    String those = notRead();
    if (isFolder && !those.isEmpty()) {
      return "input %s holds no file that is read (%s)%s".formatted(input, root, those);
    }
    return isFolder
        ? "input %s %s (%s); perhaps its disk is not mounted".formatted(input, ifNone, root)
        : "input %s %s (looked in %s)%s%s".formatted(input, ifNone, root, spelling(input), those);
  }

  /** Whether a file or folder has the name as it is written; a glob may be no name of the store. */
  private static boolean existsAsNamed(FileStore store, String input) throws IOException {
    try {
      return store.exists(input);
    } catch (FileSystemException e) {
      if (Glob.firstSpecial(input) >= 0) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Adds the files below a folder that a glob matches.
   *
   * @param ifNone what the error says of the input if there are none
   */
  private void addMatches(
      FileStore store, String root, String glob, CorpusInput input, String ifNone)
      throws IOException {
    InputFilter filter = new InputFilter(store, root, glob, settings, skipped);
    List<FileStore.Entry> found = filter.data(store.listFolder(root, filter));
    if (found.isEmpty() && !filter.hasExcluded()) {
      throw new CorpusException(
          noFile(input.path(), root, glob.equals("**"), ifNone),
          new NoSuchFileException(input.path()));
    }
    int before = files.size();
    addFiles(store, root, found, input);
    String splits =
        DatasetSplitNames.warning(input.path(), glob, files.subList(before, files.size()));
    if (splits != null) {
      skipped.warn(splits);
    }
  }

  /** Warns of CSV that is read with another separator, since its header has no comma. */
  private void warnOfSeparators() {
    SortedMap<InputFormat, List<String>> planned = new TreeMap<>();
    for (InputFile file : files) {
      if (file.format().isCsvWithoutCommas()) {
        planned.computeIfAbsent(file.format(), f -> new ArrayList<>()).add(file.path());
      }
    }
    planned.forEach(
        (format, paths) ->
            skipped.warn(
                "%s: the header has no comma, so this file%s as %s"
                    .formatted(
                        paths.get(0),
                        paths.size() == 1
                            ? " is read"
                            : " and " + (paths.size() - 1) + " more are read",
                        format.spelled())));
  }

  /** Warns of files that are one document with much of the text. */
  private void warnOfGiants(List<InputFile> read) {
    long total = read.stream().mapToLong(Listing::textBytes).sum();
    for (InputFile file : giants(read)) {
      skipped.warn(
          String.format(
              Locale.ROOT,
              "%s is one document with %d %% of the text; format: lines or format: paragraphs makes"
                  + " a document of each line, or of what is between blank lines",
              file.path(),
              Math.round(100.0 * textBytes(file) / total)));
    }
  }

  /** The files that are one document with more than a third of all text. */
  static List<InputFile> giants(List<InputFile> read) {
    long total = read.stream().mapToLong(Listing::textBytes).sum();
    return read.stream()
        .filter(file -> file.format() == InputFormat.TEXT)
        .filter(file -> textBytes(file) >= GIANT && textBytes(file) > total / 3)
        .toList();
  }

  private static long textBytes(InputFile file) {
    return file.compression().textBytes(file.size());
  }

  /** The end of an error that lists what was not read; "" if nothing was. */
  private String notRead() {
    String those = skipped.toString();
    return those.isEmpty() ? "" : "; not read: " + those.replace("\n", "; ");
  }

  /** Adds files of an input, which are opened several at once in a remote store. */
  private void addFiles(
      FileStore store, String root, List<FileStore.Entry> found, CorpusInput input)
      throws IOException {
    InputFormat format = input.format() == null ? settings.format() : input.format();
    Function<FileStore.Entry, String> path = entry -> store.pathWithin(root, entry.location());
    FormatDetector.Wanted wanted =
        new FormatDetector.Wanted(
            format,
            settings.includeAll(),
            input.separator() == null ? settings.separator() : input.separator(),
            settings.segmentsField() != null && input.textField() == null,
            settings.splitField() != null);
    IOFunction<FileStore.Entry, InputFile> detect =
        entry -> FormatDetector.detect(store, entry, path.apply(entry), wanted);
    IOBiConsumer<FileStore.Entry, IOSupplier<InputFile>> taker =
        (entry, detected) ->
            attempt(input.path(), () -> addFile(store, root, entry, detected, input));
    int atOnce = FileStore.isLocal(root) ? 1 : REMOTE_AT_ONCE;
    if (sample == null) {
      FileProbe.forEach(found, atOnce, detect, taker);
    } else {
      sample.forEach(found, atOnce, wanted, path, detect, taker);
    }
  }

  /** Adds a file, unless an input before named it. */
  private void addFile(
      FileStore store,
      String root,
      FileStore.Entry entry,
      IOSupplier<InputFile> detected,
      CorpusInput input)
      throws IOException {
    if (locations.contains(entry.location())) {
      return;
    }
    String path = store.pathWithin(root, entry.location());
    InputFile other = byPath.get(path);
    if (other != null) {
      throw new CorpusException(
          ("two inputs hold a file called %s: %s and %s; outputs name a file by its"
                  + " path below the input, so make the folder above both the input, such as"
                  + " data/{en,de}/*.jsonl for data/en and data/de, or data/{train}/** and"
                  + " data/{dev}/** for data/train and data/dev")
              .formatted(path, other.location(), entry.location()));
    }
    InputFile file = detected.get().named(input.settings(), validation, place);
    files.add(file);
    locations.add(file.location());
    byPath.put(file.path(), file);
  }

  /** The problem of a file or folder that cannot be read, with the next step. */
  private static String refusal(String input, FileSystemException e) {
    String what = e.getFile() == null ? input : e.getFile();
    String why;
    if (e instanceof AccessDeniedException) {
      why = what + " may not be read: change its permissions, or leave it out by a narrower glob";
    } else if (e instanceof NoSuchFileException) {
      why = what + " does not exist, or was deleted: check the spelling, or run again";
    } else {
      why =
          (e.getReason() == null ? what : what + " is not usable: " + e.getReason())
              + "; remove it, or leave it out with corpus.exclude (--exclude)";
    }
    return "input " + input + ": " + why;
  }
}

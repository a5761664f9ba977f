package org.merganser.corpus.plan;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.io.function.IOBiConsumer;
import org.apache.commons.io.function.IOFunction;
import org.apache.commons.io.function.IOSupplier;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;
import org.merganser.store.LocationAdvice;

/**
 * Expands the inputs of a corpus to its files, in document order; {@link InputFilter} selects those
 * of an input. {@link ListingProblems} collects what is wrong with the inputs, and {@link
 * ListingWarnings} finds files that are perhaps not read as meant.
 */
final class Listing {
  /** How many files of a remote store are opened at the same time. */
  private static final int REMOTE_AT_ONCE = 32;

  /**
   * An input with its use.
   *
   * @param validation whether it is one of {@code corpus.validationInputs}
   * @param place in its list of the job, from 0
   */
  private record PlacedInput(CorpusInput input, boolean validation, int place) {
    String path() {
      return input.path();
    }
  }

  private final CorpusSettings settings;
  private final SkippedInputs skipped;
  private final List<InputFile> files = new ArrayList<>();

  /** The locations of {@link #files}. */
  private final Set<String> locations = new HashSet<>();

  /** {@link #files} by their paths below their inputs. */
  private final Map<String, InputFile> byPath = new HashMap<>();

  private final ListingProblems problems = new ListingProblems();

  /** Opens some of the files, to find the formats of all; null if each file is opened. */
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
    boolean forValidation = true;
    listing.addAll(settings.validationInputs(), forValidation);
    int validationFiles = listing.files.size();
    listing.addAll(settings.inputs(), !forValidation);
    listing.problems.requireNone();
    if (listing.files.size() == validationFiles) {
      throw new CorpusException(
          (validationFiles == 0
                  ? "corpus.inputs hold no file that is read"
                  : "corpus.inputs hold no file that corpus.validationInputs do not hold")
              + listing.notRead());
    }
    List<InputFile> trained = listing.files.subList(validationFiles, listing.files.size());
    ListingWarnings.warnOfSeparators(listing.files, skipped);
    ListingWarnings.warnOfGiants(trained, skipped);
    return listing.files;
  }

  private void addAll(List<CorpusInput> inputs, boolean validation) throws IOException {
    for (int place = 0; place < inputs.size(); place++) {
      PlacedInput input = new PlacedInput(inputs.get(place), validation, place);
      problems.attempt(input.path(), () -> add(input));
    }
  }

  /** Adds the files of an input: of a folder, a file, or a glob. */
  private void add(PlacedInput named) throws IOException {
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

  /** Adds the file that an input names, unless {@code corpus.exclude} leaves it out. */
  private void addOneFile(FileStore store, PlacedInput named) throws IOException {
    String location = store.absolute(named.path());
    String root = location.substring(0, Math.max(location.lastIndexOf('/'), 1));
    InputFilter filter = new InputFilter(store, root, "", settings, skipped);
    boolean excluded = filter.excludes(store.pathWithin(root, location));
    addFiles(store, root, excluded ? List.of() : List.of(store.stat(location)), named);
  }

  /** Adds the files that an input matches as a glob. */
  private void addGlob(FileStore store, PlacedInput named) throws IOException {
    String input = named.path();
    if (Glob.firstSpecial(input) < 0) {
      throw new CorpusException(
          "input %s does not exist (looked for %s)%s"
              .formatted(input, store.absolute(input), spellingAdvice(input)),
          new NoSuchFileException(input));
    }
    Glob.Rooted glob = Glob.Rooted.of(input);
    if (!store.isFolder(glob.root())) {
      throw new CorpusException(
          "input %s matches nothing: there is no folder %s%s"
              .formatted(input, store.absolute(glob.root()), spellingAdvice(input)),
          new NoSuchFileException(input));
    }
    addMatches(store, store.absolute(glob.root()), glob.pattern(), named, "matches no file");
  }

  /** What to do about a name that does not exist, as the end of a sentence. */
  private static String spellingAdvice(String input) {
    String advice = LocationAdvice.of(input);
    if (advice.isEmpty() && input.contains(",")) {
      return "; this is one name with a comma: name each input by itself, on the command line by"
          + " repeating the option";
    }
    return advice.isEmpty() ? LocationAdvice.SPELLING : advice;
  }

  /**
   * The message of the error for an input that has no file.
   *
   * @param root the folder in which its files were searched
   * @param isFolder whether all files of the folder were meant
   * @param ifNone what the error says of the input
   */
  private String noFileMessage(String input, String root, boolean isFolder, String ifNone) {
    String notRead = notRead();
    if (isFolder && !notRead.isEmpty()) {
      return "input %s holds no file that is read (%s)%s".formatted(input, root, notRead);
    }
    return isFolder
        ? "input %s %s (%s); perhaps its disk is not mounted".formatted(input, ifNone, root)
        : "input %s %s (looked in %s)%s%s"
            .formatted(input, ifNone, root, spellingAdvice(input), notRead);
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
      FileStore store, String root, String glob, PlacedInput input, String ifNone)
      throws IOException {
    InputFilter filter = new InputFilter(store, root, glob, settings, skipped);
    List<FileStore.Entry> found = filter.withoutCompanions(store.listFolder(root, filter));
    if (found.isEmpty() && !filter.hasExcluded()) {
      throw new CorpusException(
          noFileMessage(input.path(), root, glob.equals("**"), ifNone),
          new NoSuchFileException(input.path()));
    }
    int before = files.size();
    addFiles(store, root, found, input);
    List<InputFile> added = files.subList(before, files.size());
    ListingWarnings.warnOfSplits(input.path(), glob, added, skipped);
  }

  /** The end of an error that lists what was not read; "" if nothing was. */
  private String notRead() {
    String reasons = skipped.toString();
    return reasons.isEmpty() ? "" : "; not read: " + reasons.replace("\n", "; ");
  }

  /** Adds files below the folder of an input; in a remote store, several are opened at once. */
  private void addFiles(
      FileStore store, String root, List<FileStore.Entry> found, PlacedInput input)
      throws IOException {
    Function<FileStore.Entry, String> path = entry -> store.pathWithin(root, entry.location());
    FormatDetector.Wanted wanted = wanted(input.input());
    IOFunction<FileStore.Entry, InputFile> detect =
        entry -> FormatDetector.detect(store, entry, path.apply(entry), wanted);
    IOBiConsumer<FileStore.Entry, IOSupplier<InputFile>> taker =
        (entry, detected) ->
            problems.attempt(input.path(), () -> addFile(store, root, entry, detected, input));
    int atOnce = FileStore.isLocal(root) ? 1 : REMOTE_AT_ONCE;
    if (sample == null) {
      FileProbe.forEach(found, atOnce, detect, taker);
    } else {
      sample.forEach(found, atOnce, wanted, path, detect, taker);
    }
  }

  /** What the job says of the files of an input. */
  private FormatDetector.Wanted wanted(CorpusInput input) {
    return new FormatDetector.Wanted(
        input.format() == null ? settings.format() : input.format(),
        settings.includeAll(),
        input.separator() == null ? settings.separator() : input.separator(),
        settings.segmentsField() != null && input.textField() == null,
        settings.splitField() != null);
  }

  /**
   * Adds a file, unless an input before named it.
   *
   * @param detected returns the file with its format, or throws the exception of opening it
   */
  private void addFile(
      FileStore store,
      String root,
      FileStore.Entry entry,
      IOSupplier<InputFile> detected,
      PlacedInput named)
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
    InputFile file =
        detected.get().namedBy(named.input().settings(), named.validation(), named.place());
    files.add(file);
    locations.add(file.location());
    byPath.put(file.path(), file);
  }
}

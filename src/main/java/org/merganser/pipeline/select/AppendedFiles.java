package org.merganser.pipeline.select;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.AppendedPlan;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.job.CorpusSection;
import org.merganser.message.Phrase;
import org.merganser.output.OutputListing;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;

/**
 * The files that a run with {@code corpus.append} reads: those of its versions as they were
 * encoded, and new ones, of which some wait for a later run. A waiting file is in no plan.
 */
public final class AppendedFiles {
  /** The most names in a message; further ones are counted. */
  private static final int MOST_NAMES = 3;

  /** Begins the phrase about a file that waits for its age. */
  private static final String YOUNGER = "younger than corpus.minAge ";

  private final OutputPaths paths;
  private final CorpusSection corpus;

  /** The inputs of the job as they are now. */
  private final List<InputFile> files;

  /** The files of the newest version, by path. */
  private final Map<String, AppendedPlan.Source> encoded;

  /** The files that wait because of their dead letters, by path. */
  private final SortedMap<String, WaitingFile> waiting;

  /** Receives the files that are not read, and warnings about them. */
  private final SkippedInputs skipped;

  /** The files in the plans of earlier runs, by path; empty if no file was encoded. */
  private final Map<String, InputFile> planned;

  /** As {@link #toRead}. */
  private final List<InputFile> read = new ArrayList<>();

  /** Phrases about changed and missing files, by location. */
  private final Map<String, String> changed = new LinkedHashMap<>();

  /** The paths of the new files that wait, because of their dead letters or their age. */
  private final Set<String> newWaiting = new HashSet<>();

  private AppendedFiles(
      OutputPaths paths,
      CorpusSection corpus,
      List<InputFile> files,
      Map<String, AppendedPlan.Source> encoded,
      SortedMap<String, WaitingFile> waiting,
      SkippedInputs skipped,
      Map<String, InputFile> planned) {
    this.paths = paths;
    this.corpus = corpus;
    this.files = files;
    this.encoded = encoded;
    this.waiting = waiting;
    this.skipped = skipped;
    this.planned = planned;
  }

  /**
   * Finds out which files are read. Files that are unlike those in a plan are hashed.
   *
   * @param files the inputs of the job as they are now
   * @param encoded the files of the newest version, by path
   * @param waiting files that wait because of their dead letters, by path; one that a version has
   *     waits only if all files are encoded again
   * @param skipped receives the waiting files, and the changed ones, whose new content is not read
   */
  public static AppendedFiles find(
      OutputPaths paths,
      CorpusSection corpus,
      List<InputFile> files,
      Map<String, AppendedPlan.Source> encoded,
      SortedMap<String, WaitingFile> waiting,
      SkippedInputs skipped)
      throws IOException {
    Map<String, InputFile> planned = encoded.isEmpty() ? Map.of() : readPlannedFiles(paths);
    AppendedFiles found =
        new AppendedFiles(paths, corpus, files, encoded, waiting, skipped, planned);
    found.addListed();
    found.addMissing();
    return found;
  }

  /** Reads the undamaged plans of earlier runs; returns their files by path. */
  private static Map<String, InputFile> readPlannedFiles(OutputPaths paths) throws IOException {
    Map<String, InputFile> byPath = new HashMap<>();
    for (String path : OutputListing.list(paths.root(), OutputPaths.PLANS)) {
      if (ChecksummedFile.isWhole(paths.at(path))) {
        PlanFile.read(
            paths.at(path),
            unit -> unit.ranges().forEach(range -> byPath.put(range.file().path(), range.file())));
      }
    }
    return byPath;
  }

  /** Adds the files of the inputs that are read; leaves the others for a later run. */
  private void addListed() throws IOException {
    long latest = Instant.now().minus(corpus.leastAge()).toEpochMilli();
    List<String> tooYoung = new ArrayList<>();
    for (InputFile file : files) {
      AppendedPlan.Source source = encoded.get(file.path());
      if (source != null) {
        read.add(asEncoded(file, source));
      } else if (waiting.containsKey(file.path())) {
        newWaiting.add(file.path());
        leaveForLetters(file);
      } else if (corpus.minAge() != null && file.modified() > latest) {
        newWaiting.add(file.path());
        skipped.add(SkippedInputs.WAITS + YOUNGER + corpus.minAge(), file.location(), file.size());
        tooYoung.add(file.path());
      } else {
        read.add(file);
      }
    }
    if (!tooYoung.isEmpty()) {
      String wait = tooYoung.size() == 1 ? " waits: " : " wait: ";
      skipped.warn(firstOf(tooYoung) + wait + YOUNGER + corpus.minAge());
    }
  }

  /**
   * The files that are read. A changed file is listed as it was encoded, and so is a missing one if
   * a plan has it; {@link #requireUnchanged} checks whether the job allows that.
   *
   * @throws RunException if every file waits
   */
  public List<InputFile> toRead() {
    return requireSome(read);
  }

  /**
   * The files that are read if all are encoded again with the content that they have now.
   *
   * @throws RunException if every file waits
   */
  public List<InputFile> toReadAgain() {
    List<InputFile> readAgain = new ArrayList<>();
    for (InputFile file : files) {
      if (encoded.containsKey(file.path()) && waiting.containsKey(file.path())) {
        leaveForLetters(file);
      } else if (!newWaiting.contains(file.path())) {
        readAgain.add(file);
      }
    }
    return requireSome(readAgain);
  }

  /** Whether a file of a version is missing, or has other bytes than when it was encoded. */
  public boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** Whether the job keeps the documents of changed files as they were encoded. */
  public boolean keepsChanged() {
    return corpus.changedFiles() == CorpusSection.ChangedFiles.KEEP;
  }

  /**
   * Fails if files changed, unless the job keeps their documents; then it is a warning.
   *
   * @throws RunException naming the files, and three ways to continue
   */
  public void requireUnchanged() {
    if (changed.isEmpty()) {
      return;
    }
    String phrases = firstOf(changed.values());
    if (keepsChanged()) {
      for (String location : changed.keySet()) {
        skipped.add("changed after it was encoded, kept as it was", location);
      }
      skipped.warn(
          "changed after corpus.append had encoded them, and kept as they were: " + phrases);
      return;
    }
    throw new RunException(
        RunException.Kind.CHANGED_FILES,
        """
        %s changed or went missing after corpus.append had encoded it into %s
          put it back as it was, and run again
          or keep its documents as they are, and encode new files: corpus.changedFiles: keep
          or encode the complete corpus again, and delete the earlier versions: --replace\
        """
            .formatted(phrases, paths.root()));
  }

  /** Adds the files of versions that are missing now, as they were encoded, if a plan has them. */
  private void addMissing() throws IOException {
    Set<String> missing = new LinkedHashSet<>(encoded.keySet());
    files.forEach(file -> missing.remove(file.path()));
    for (String path : missing) {
      AppendedPlan.Source source = Objects.requireNonNull(encoded.get(path));
      InputFile before = planned.get(path);
      if (before != null && before.size() == source.size()) {
        read.add(before.namedBy(before.source(), source.validation(), before.input()));
      }
      String location = before == null ? path : before.location();
      noteChange(path, location, source, "missing now" + newNameOf(source));
    }
  }

  /** Leaves a file for a later run, because of its dead letters. */
  private void leaveForLetters(InputFile file) {
    WaitingFile waits = Objects.requireNonNull(waiting.get(file.path()));
    skipped.addWaiting(
        SkippedInputs.WAITS + waits.reason(),
        file.location(),
        file.size(),
        file.path(),
        waits.letters());
  }

  /**
   * Returns the files that are read.
   *
   * @throws RunException if there are none
   */
  private List<InputFile> requireSome(List<InputFile> toRead) {
    if (toRead.isEmpty()) {
      throw new RunException(
          RunException.Kind.NOTHING_KEPT,
          "%s: no document was kept: every file of the inputs waits for a later run: %s"
              .formatted(paths.root(), skipped.toString().replace("\n", "; ")));
    }
    return toRead;
  }

  /** A phrase that names a new file with the bytes of a missing one; "" if there is none. */
  private String newNameOf(AppendedPlan.Source missing) throws IOException {
    for (InputFile file : files) {
      if (!encoded.containsKey(file.path())
          && file.size() == missing.size()
          && missing.sha256() != null
          && missing.sha256().equals(FileStore.sha256(file.location()))) {
        return "; "
            + file.path()
            + " has its bytes: only its old name keeps the names of documents and the order of"
            + " shards, and --replace makes both from the new name";
      }
    }
    return "";
  }

  /**
   * The file, with the size and version with which it was encoded; notes whether it has changed.
   */
  private InputFile asEncoded(InputFile file, AppendedPlan.Source source) throws IOException {
    InputFile before = planned.get(file.path());
    if (isUnchanged(file, source, before)) {
      return file;
    }
    Instant since = Instant.ofEpochMilli(file.modified());
    String now = Phrase.of("%,d since %s", file.size(), since);
    noteChange(file.path(), file.location(), source, now);
    return before == null || before.size() != source.size()
        ? file.withSize(source.size())
        : before.namedBy(file.source(), file.validation(), file.input());
  }

  /** Whether a file is the one that was encoded; reads it if its version does not show that. */
  private static boolean isUnchanged(
      InputFile file, AppendedPlan.Source source, @Nullable InputFile before) throws IOException {
    if (file.size() != source.size()) {
      return false;
    }
    boolean hasSameVersion = before != null && before.version() == file.version();
    return hasSameVersion
        || source.sha256() == null
        || source.sha256().equals(FileStore.sha256(file.location()));
  }

  /**
   * Notes a phrase about a changed or missing file.
   *
   * @param now what there is in place of the file that was encoded
   */
  private void noteChange(String path, String location, AppendedPlan.Source source, String now) {
    String before = Phrase.of("%,d bytes when it was encoded", source.size());
    changed.put(location, "%s (%s, %s)".formatted(path, before, now));
  }

  /** The first few of some names, and how many more there are. */
  private static String firstOf(Collection<String> names) {
    return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
  }
}

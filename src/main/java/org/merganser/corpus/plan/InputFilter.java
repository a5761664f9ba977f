package org.merganser.corpus.plan;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.store.FileStore;

/**
 * Selects the files of an input: those of its glob, without excluded files, without names that
 * begin with {@code .} or {@code _} unless the glob names them, and without {@link NotData} and
 * {@link CompanionFiles}. Each file or folder that the glob matches and this leaves out is reported
 * to {@link SkippedInputs}.
 */
final class InputFilter implements FileStore.Filter {
  /** The reason of names that are left out unless the glob names them. */
  private static final String HIDDEN = "names that begin with . or _";

  /** The folder of the input, with a final slash. */
  private final String root;

  /** Matches hidden names only where the glob names them. */
  private final Glob visible;

  /** Matches all names. */
  private final Glob all;

  /**
   * By reason, whether a glob of {@code corpus.exclude} matches a path below the input: the
   * complete location, or an end of the path.
   */
  private final Map<String, Predicate<String>> exclusions = new TreeMap<>();

  /** Null if {@code corpus.includeAll} is set. */
  private final @Nullable NotData notData;

  /** Null if {@code corpus.includeAll} is set. */
  private final @Nullable CompanionFiles companions;

  private final SkippedInputs skipped;

  /** Whether something was left out that the glob matches, other than hidden names. */
  private boolean hasExcluded;

  /**
   * @param root the folder of the input, with or without a final slash
   * @param settings with the globs to exclude, each with the location that it resolves to
   * @param skipped receives what the glob matches and this leaves out
   */
  InputFilter(
      FileStore store, String root, String glob, CorpusSettings settings, SkippedInputs skipped) {
    this.skipped = skipped;
    this.root = root.endsWith("/") ? root : root + "/";
    this.visible = new Glob(glob, settings.includeAll());
    this.all = Glob.ofAllNames(glob);
    SpelledNames spelled = new SpelledNames(glob);
    boolean includeAll = settings.includeAll();
    this.notData = includeAll ? null : new NotData(store, this.root, spelled);
    this.companions = includeAll ? null : new CompanionFiles(store, this.root, spelled);
    settings.exclude().forEach(this::addExclusion);
  }

  /** Adds a glob of {@code corpus.exclude}, with the location that it resolves to. */
  private void addExclusion(String glob, String location) {
    String reason = "corpus.exclude \"" + glob + "\"";
    skipped.expect(reason); // a glob without a match is reported
    try {
      Glob whole = Glob.ofAllNames(location.replaceFirst("/+$", ""));
      Glob end = Glob.ofAllNames("**/" + glob.replaceFirst("/+$", ""));
      exclusions.put(reason, path -> end.takes(path) || whole.takes(root + path));
    } catch (CorpusException e) {
      throw new CorpusException(reason + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean takes(String path) {
    if (visible.takes(path)) {
      return !excludes(path) && isDataFile(path);
    }
    if (all.takes(path)) {
      reportHidden(path);
    }
    return false;
  }

  @Override
  public boolean enters(String folder) {
    if (visible.enters(folder)) {
      return !excludes(folder) && isDataFolder(folder);
    }
    if (all.enters(folder)) {
      reportHidden(folder);
    }
    return false;
  }

  /** Reports a dangling link in a folder instead of ending the run. */
  @Override
  public boolean skipsDanglingLink(String path) {
    skipped.add("links that lead nowhere", root + path);
    return true;
  }

  /** Reports a folder to which several paths lead, and which is read by one of them. */
  @Override
  public void noteOtherPath(String folder) {
    skipped.add("folders that are read by another path", root + folder);
  }

  /** Whether something was left out that the glob matches, other than hidden names. */
  boolean hasExcluded() {
    return hasExcluded;
  }

  /**
   * Whether {@code corpus.exclude} leaves out a path or a folder above it; reports the first that
   * it leaves out.
   */
  boolean excludes(String path) {
    for (Map.Entry<String, Predicate<String>> exclusion : exclusions.entrySet()) {
      String first = firstMatching(path, exclusion.getValue());
      if (exclusion.getValue().test(first)) { // false if no folder matches, nor the path
        skipped.add(exclusion.getKey(), root + first);
        hasExcluded = true;
        return true;
      }
    }
    return false;
  }

  /** The files of a listing without {@link CompanionFiles}. */
  List<FileStore.Entry> withoutCompanions(List<FileStore.Entry> found) throws IOException {
    return companions == null ? found : companions.removeFrom(found, skipped);
  }

  /**
   * Whether a file and all folders above it are data; reports the first that is {@link NotData}.
   */
  private boolean isDataFile(String path) {
    int slash = path.lastIndexOf('/');
    return notData == null
        || ((slash < 0 || isDataFolder(path.substring(0, slash)))
            && isData(path, notData.reasonOfFile(path)));
  }

  /** Whether a folder and all above it are data; reports the first that is {@link NotData}. */
  private boolean isDataFolder(String path) {
    int end = 0;
    while (notData != null && end < path.length()) {
      int slash = path.indexOf('/', end + 1);
      end = slash < 0 ? path.length() : slash;
      String folder = path.substring(0, end);
      if (!isData(folder, notData.reasonOfFolder(folder))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reports a path that is left out.
   *
   * @param reason null if the path is data
   * @return whether the path is data
   */
  private boolean isData(String path, @Nullable String reason) {
    if (reason == null) {
      return true;
    }
    skipped.add(reason, root + path);
    hasExcluded = true;
    return false;
  }

  /** Reports a path that is left out for a hidden name, by the first such name. */
  private void reportHidden(String path) {
    skipped.add(HIDDEN, root + firstMatching(path, folder -> !visible.enters(folder)));
  }

  /** The first folder on a path that matches; the path itself, untested, if none does. */
  private static String firstMatching(String path, Predicate<String> condition) {
    int end = path.indexOf('/');
    while (end >= 0 && !condition.test(path.substring(0, end))) {
      end = path.indexOf('/', end + 1);
    }
    return end < 0 ? path : path.substring(0, end);
  }
}

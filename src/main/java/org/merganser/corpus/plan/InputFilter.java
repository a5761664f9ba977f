package org.merganser.corpus.plan;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.merganser.corpus.CorpusException;
import org.merganser.store.FileStore;

/**
 * Takes the files that an input means: those of its glob, without what the corpus excludes, and
 * without names that begin with {@code .} or {@code _} and that the glob does not name.
 */
final class InputFilter implements FileStore.Filter {
  private static final String HIDDEN = "names that begin with . or _";

  private final String root;
  private final Glob visible;
  private final Glob all;

  /**
   * What a glob of {@code corpus.exclude} means: whole locations, and ends of paths in an input.
   */
  private final Map<String, Predicate<String>> exclusions = new TreeMap<>();

  private final LeftOut leftOut;
  private boolean hasExcluded;

  /**
   * @param root the folder of the input
   * @param exclude globs as the job has them, each with the location that it means
   * @param leftOut receives what the glob matches and this does not take
   */
  InputFilter(String root, String glob, Map<String, String> exclude, LeftOut leftOut) {
    this.leftOut = leftOut;
    this.root = root.endsWith("/") ? root : root + "/";
    this.visible = new Glob(glob, false);
    this.all = new Glob(glob, true);
    exclude.forEach(this::exclude);
  }

  private void exclude(String glob, String location) {
    String reason = "corpus.exclude \"" + glob + "\"";
    leftOut.of(reason); // those without any are told
    try {
      Glob whole = new Glob(location.replaceFirst("/+$", ""), true);
      Glob end = new Glob("**/" + glob.replaceFirst("/+$", ""), true);
      exclusions.put(reason, path -> end.takes(path) || whole.takes(root + path));
    } catch (CorpusException e) {
      throw new CorpusException(reason + ": " + e.getMessage(), e);
    }
  }

  /** Whether the corpus excludes some of it. */
  boolean hasExcluded() {
    return hasExcluded;
  }

  @Override
  public boolean takes(String path) {
    return visible.takes(path) ? !excludes(path) : all.takes(path) && hides(path);
  }

  @Override
  public boolean enters(String folder) {
    return visible.enters(folder) ? !excludes(folder) : all.enters(folder) && hides(folder);
  }

  @Override
  public void isWalked(String folder) {
    leftOut.of("folders that are read by another path").add(root + folder);
  }

  private boolean hides(String path) {
    leftOut.of(HIDDEN).add(root + first(path, folder -> !visible.enters(folder)));
    return false;
  }

  boolean excludes(String path) {
    for (Map.Entry<String, Predicate<String>> exclusion : exclusions.entrySet()) {
      String first = first(path, exclusion.getValue());
      if (exclusion.getValue().test(first)) {
        leftOut.of(exclusion.getKey()).add(root + first);
        hasExcluded = true;
        return true;
      }
    }
    return false;
  }

  /** The first folder of a path that is meant; the path where none is. */
  private static String first(String path, Predicate<String> isMeant) {
    int end = path.indexOf('/');
    while (end >= 0 && !isMeant.test(path.substring(0, end))) {
      end = path.indexOf('/', end + 1);
    }
    return end < 0 ? path : path.substring(0, end);
  }
}

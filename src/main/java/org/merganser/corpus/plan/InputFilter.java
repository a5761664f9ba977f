package org.merganser.corpus.plan;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.merganser.corpus.CorpusException;
import org.merganser.store.FileStore;

/**
 * Takes the files that an input means: those of its glob, without what the corpus excludes, and
 * without names that begin with {@code .} or {@code _} and that the glob does not name.
 */
final class InputFilter implements FileStore.Filter {
  private static final String HIDDEN = "names that begin with . or _";

  /** A glob of {@code corpus.exclude}, of whole locations and of ends of paths below an input. */
  private record Exclusion(String reason, Glob location, Glob path) {
    static Exclusion of(String glob, String location) {
      String reason = "corpus.exclude \"" + glob + "\"";
      try {
        return new Exclusion(
            reason,
            new Glob(location.replaceFirst("/+$", ""), true),
            new Glob("**/" + glob.replaceFirst("/+$", ""), true));
      } catch (CorpusException e) {
        throw new CorpusException(reason + ": " + e.getMessage(), e);
      }
    }
  }

  private final String root;
  private final Glob visible;
  private final Glob all;
  private final List<Exclusion> exclusions;
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
    this.exclusions =
        exclude.entrySet().stream().map(e -> Exclusion.of(e.getKey(), e.getValue())).toList();
    exclusions.forEach(exclusion -> leftOut.of(exclusion.reason())); // those without any are told
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

  private boolean hides(String path) {
    leftOut.of(HIDDEN).add(root + first(path, folder -> !visible.enters(folder)));
    return false;
  }

  boolean excludes(String path) {
    for (Exclusion exclusion : exclusions) {
      Predicate<String> matches =
          p -> exclusion.path().takes(p) || exclusion.location().takes(root + p);
      String first = first(path, matches);
      if (first.length() < path.length() || matches.test(path)) {
        leftOut.of(exclusion.reason()).add(root + first);
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

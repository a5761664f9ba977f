package org.merganser.cli.init;

import java.util.List;
import java.util.function.Function;
import org.merganser.corpus.plan.DatasetSplitNames.Place;
import org.merganser.corpus.plan.Glob;

/**
 * Makes the globs for the files of a split, relative to the root of the input. {@link
 * DatasetSplitProposal} proposes them.
 */
final class DatasetSplitGlobs {
  private DatasetSplitGlobs() {}

  /** Globs that match the names of these places in every folder, if several folders have them. */
  static List<String> inEveryFolder(List<Place> places) {
    boolean severalFolders = places.stream().map(Place::parent).distinct().count() > 1;
    return severalFolders ? globs(places, place -> "**/") : byFolder(places);
  }

  /** Globs of which each is for the places in one folder. */
  static List<String> byFolder(List<Place> places) {
    return globs(places, place -> ProposedText.globOf(place.parent()));
  }

  /**
   * @param parent returns the beginning of a glob, up to the name of the file or folder
   */
  private static List<String> globs(List<Place> places, Function<Place, String> parent) {
    return places.stream()
        .map(place -> parent.apply(place) + globOfName(place))
        .distinct()
        .map(DatasetSplitGlobs::keepingFolder)
        .toList();
  }

  /**
   * A glob for all that is in a folder, or for the files whose names have the same word, such as
   * {@code train*.jsonl}. Names that begin with it must have the same ending, too, if it looks like
   * one of a format.
   */
  private static String globOfName(Place place) {
    if (place.folder()) {
      return ProposedText.globOf(place.name()) + "/**";
    }
    String word = ProposedText.globOf(place.word());
    if (!place.begins()) {
      return "*" + word + "*";
    }
    int dot = place.name().indexOf('.');
    String ending = dot < 0 ? "" : place.name().substring(dot);
    return word + "*" + (ending.matches("(\\.[a-zA-Z][a-zA-Z0-9]*)+") ? ending : "");
  }

  /** Puts the first folder in braces if the glob is a folder and all that is in it. */
  private static String keepingFolder(String glob) {
    boolean isAllOfFolder = glob.endsWith("/**") && Glob.firstSpecial(glob) == glob.length() - 2;
    return isAllOfFolder ? InputGlob.keepingFolder(glob) : glob;
  }
}

package org.merganser.report.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.Scripts;

/**
 * How good a text is as the one that the page cuts in five ways, as a number; {@link CutTextChoice}
 * takes the best. These are better, the most important first:
 *
 * <ol>
 *   <li>a text of the script that most of the corpus has,
 *   <li>a text of the group that most of the corpus has,
 *   <li>a longer text, up to the length of a line,
 *   <li>a document that the page does not show, then one that it does not show first ({@link
 *       ShownDocument#choose} chooses the shown ones).
 * </ol>
 *
 * @param mainScript the name of the script with the most text; null if all are alike
 * @param mainGroup the group with the most text; null without groups
 * @param shown the names of the documents that the page shows
 */
record TextFitness(@Nullable String mainScript, @Nullable String mainGroup, List<String> shown) {
  /** The UTF-16 units of a line; a longer text is no better. */
  private static final int LINE = 40;

  /** The fitness for a document that the page shows, but not first. */
  private static final int SHOWN_LATER = 1;

  /** The fitness for a document that the page does not show. */
  private static final int NOT_SHOWN = 2;

  /** The fitness for each unit of a line: more than for the place of the document. */
  private static final int UNIT = NOT_SHOWN + 1;

  /** The maximum fitness for length and place. */
  private static final int MOST_FOR_LINE = UNIT * LINE + NOT_SHOWN;

  /** The fitness for the group with the most text: more than for length and place. */
  private static final int GROUP = 2 * MOST_FOR_LINE;

  /** The fitness for the script with the most text: more than for all other reasons. */
  private static final int SCRIPT = 4 * MOST_FOR_LINE;

  /** The fitness of a text that shows nothing; that of any other text is larger. */
  static final int NONE = 0;

  /**
   * The fitness of a text; {@link #NONE} if it is empty or has an ill-formed character.
   *
   * @param group the group of the document; null without groups
   */
  int of(SampleCuts cuts, @Nullable String group) {
    String text = cuts.text();
    if (text.isEmpty() || text.indexOf('\uFFFD') >= 0) {
      return NONE;
    }
    byte[] bytes = text.getBytes(UTF_8);
    return ofScript(Scripts.ofText(bytes, 0, bytes.length))
        + ofGroup(group)
        + UNIT * Math.min(LINE, text.length())
        + ofPlace(shown.indexOf(cuts.document()));
  }

  /** The largest fitness that a text of a group may have. */
  int most(@Nullable String group) {
    return SCRIPT + ofGroup(group) + MOST_FOR_LINE;
  }

  /**
   * The largest fitness that a text of a group and a script may have.
   *
   * @param script the number of the script
   */
  int most(@Nullable String group, int script) {
    return ofScript(script) + ofGroup(group) + MOST_FOR_LINE;
  }

  /** Whether a text with this fitness is of the script and of the group with the most text. */
  static boolean isOfMostText(int fitness) {
    return fitness >= SCRIPT + GROUP;
  }

  private int ofScript(int number) {
    return mainScript == null || mainScript.equals(Scripts.name(number)) ? SCRIPT : 0;
  }

  private int ofGroup(@Nullable String group) {
    return mainGroup == null || mainGroup.equals(group) ? GROUP : 0;
  }

  /**
   * The fitness for a document's place among those that the page shows.
   *
   * @param place from 0; -1 if the page does not show the document
   */
  private static int ofPlace(int place) {
    if (place < 0) {
      return NOT_SHOWN;
    }
    return place > 0 ? SHOWN_LATER : 0;
  }
}

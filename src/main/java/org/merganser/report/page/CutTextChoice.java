package org.merganser.report.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.tokenizer.StreamingDecoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Chooses the text that the page cuts in five ways, from the documents in the order of the shards.
 * Preferred is, in this order, a text of the script that most of the corpus has, of the group that
 * most of it has, of a line's length, and of a document that the page does not show ({@link
 * ShownDocument#choose} chooses those), or that it does not show first. A text of which more than a
 * third of the tokens end inside a character shows nothing about tokens, so it is never taken.
 *
 * <p>Only the beginning of a document is decoded, and no more of it than shows that the document is
 * no better than the one chosen so far. The choice is not complete: once {@value #MOST_FRAGMENTED}
 * documents of a script have been fragments, other documents of it are passed over, since a
 * vocabulary that does not know a script would have each of them decoded.
 */
public final class CutTextChoice {
  /** More UTF-16 units than a {@link SampleCuts} has bytes. */
  private static final int DECODED_LENGTH = 500;

  /** A text whose tokens are fragments is given up after this many UTF-16 units. */
  private static final int JUDGED_LENGTH = 100;

  /** The documents of fragments after which no further one of their script is decoded. */
  private static final int MOST_FRAGMENTED = 100;

  /** The UTF-16 units of a line; a longer text is no better. */
  private static final int LINE = 40;

  /**
   * The maximum fitness for length and place: three for each unit of a line, so that a unit more is
   * worth more than the place of the document, which is worth at most two.
   */
  private static final int MOST_LINE_FITNESS = 3 * LINE + 2;

  /** The fitness for being of the group with the most text. */
  private static final int GROUP_FITNESS = 2 * MOST_LINE_FITNESS;

  /** The fitness for being of the script with the most text: more than for all other reasons. */
  private static final int SCRIPT_FITNESS = 4 * MOST_LINE_FITNESS;

  private final Tokenizer tokenizer;
  private final @Nullable String mainScript;
  private final @Nullable String mainGroup;
  private final List<String> shown;

  /** The documents of fragments, by script. */
  private final int[] fragmented = new int[Scripts.count()];

  private @Nullable SampleCuts chosen;

  /** The fitness of the chosen text; 0 before the first one. */
  private int fitness;

  // The state of the document that is being decoded.

  private final StringBuilder decoded = new StringBuilder();

  /** The decoded UTF-16 units that were searched for a letter. */
  private int searched;

  /** The script of the first letter; unknown before it. */
  private int script;

  /** The tokens that end inside a character. */
  private int fragments;

  /**
   * @param mainScript the name of the script with the most text; null if all are alike
   * @param mainGroup the group with the most text; null without groups
   * @param shown the names of the documents that the page shows
   */
  public CutTextChoice(
      Tokenizer tokenizer,
      @Nullable String mainScript,
      @Nullable String mainGroup,
      List<String> shown) {
    this.tokenizer = tokenizer;
    this.mainScript = mainScript;
    this.mainGroup = mainGroup;
    this.shown = shown;
  }

  /** The best text so far; null before the first one. */
  @Nullable SampleCuts chosen() {
    return chosen;
  }

  /** Whether the chosen text is of the script and of the group with the most text. */
  public boolean isOfMostText() {
    return fitness >= SCRIPT_FITNESS + GROUP_FITNESS;
  }

  /**
   * Chooses the document {@code ids[0, count)} if it is better than all before it.
   *
   * @param document the name of the document
   * @param group the group of the document; null without groups
   */
  public void offer(String document, @Nullable String group, int[] ids, int count) {
    int mostBesidesScript = MOST_LINE_FITNESS + groupFitness(group);
    if (count == 0
        || mostBesidesScript + SCRIPT_FITNESS <= fitness
        || !decodeBeginning(ids, count, mostBesidesScript)) {
      return;
    }
    byte[] text = decoded.toString().getBytes(UTF_8);
    SampleCuts cuts = SampleCuts.of(document, text, text.length);
    int found = fitness(cuts, group);
    if (found > fitness) {
      chosen = cuts;
      fitness = found;
    }
  }

  /**
   * Decodes the beginning of a document; false if the document was ruled out on the way.
   *
   * @param mostBesidesScript the largest fitness that the document may have, without its script
   */
  private boolean decodeBeginning(int[] ids, int count, int mostBesidesScript) {
    decoded.setLength(0);
    searched = 0;
    script = Scripts.UNKNOWN;
    fragments = 0;
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(true);
    int next = 0;
    while (next < count && decoded.length() < DECODED_LENGTH) {
      String piece = decoder.add(ids[next]);
      next++;
      decoded.append(piece);
      if (piece.isEmpty()) {
        fragments++;
      }
      if (isRuledOutByScript(mostBesidesScript)) {
        return false;
      }
      if (decoded.length() >= JUDGED_LENGTH && areMostlyFragments(next)) {
        fragmented[script]++;
        return false;
      }
    }
    if (areMostlyFragments(next)) {
      fragmented[script]++;
      return false;
    }
    if (next == count) {
      decoded.append(decoder.end());
    }
    return true;
  }

  /**
   * Searches the decoded text for its first letter, and returns whether a document of the script of
   * this letter cannot be chosen.
   */
  private boolean isRuledOutByScript(int mostBesidesScript) {
    while (script == Scripts.UNKNOWN && searched < decoded.length()) {
      int letter = decoded.codePointAt(searched);
      searched += Character.charCount(letter);
      if (UnicodeCategories.isLetter(letter)) {
        script = Scripts.of(letter);
        if (fragmented[script] >= MOST_FRAGMENTED
            || mostBesidesScript + scriptFitness(script) <= fitness) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether more than a third of the decoded tokens end inside a character. */
  private boolean areMostlyFragments(int tokens) {
    return 3 * fragments > tokens;
  }

  /** The fitness for the group of a document. */
  private int groupFitness(@Nullable String group) {
    return mainGroup == null || mainGroup.equals(group) ? GROUP_FITNESS : 0;
  }

  /** The fitness for the script of a text, by the number of the script. */
  private int scriptFitness(int number) {
    return mainScript == null || mainScript.equals(Scripts.name(number)) ? SCRIPT_FITNESS : 0;
  }

  /** How good a text is; 0 if it shows nothing. */
  private int fitness(SampleCuts cuts, @Nullable String group) {
    String text = cuts.text();
    if (text.isEmpty() || text.indexOf('\uFFFD') >= 0) {
      return 0;
    }
    byte[] bytes = text.getBytes(UTF_8);
    return scriptFitness(Scripts.ofText(bytes, 0, bytes.length))
        + groupFitness(group)
        + 3 * Math.min(LINE, text.length())
        + placeFitness(shown.indexOf(cuts.document()));
  }

  /**
   * The fitness for a document's place among those that the page shows.
   *
   * @param place from 0; -1 if the page does not show the document
   */
  private static int placeFitness(int place) {
    if (place < 0) {
      return 2;
    }
    return place > 0 ? 1 : 0;
  }
}

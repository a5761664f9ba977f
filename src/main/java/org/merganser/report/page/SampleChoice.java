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
 * It is of the script and of the group that most of the corpus has, a line long, and no document
 * that the page shows, or not its first one. A text of which more than a third of the tokens end
 * inside a character shows nothing about tokens, so it is never taken.
 *
 * <p>Only the beginning of a document is decoded, and no more of it than shows that the document is
 * no better than the one chosen so far. The choice is not complete: once {@value #MOST_FRAGMENTED}
 * documents of a script have been fragments, other documents of it are passed over, since a
 * vocabulary that does not know a script would have each of them decoded.
 */
public final class SampleChoice {
  /** More UTF-16 units than a {@link SampleCuts} has bytes. */
  private static final int DECODED_LENGTH = 500;

  /** After so many UTF-16 units a text whose tokens are fragments is given up. */
  private static final int JUDGED_LENGTH = 100;

  private static final int MOST_FRAGMENTED = 100;

  private static final int SAMPLE_LINE = 40;

  private static final int LINE = 3 * SAMPLE_LINE + 2;

  /** What a sample is worth that is of the group, and of the script, with the most text. */
  private static final int OF_GROUP = 2 * LINE;

  private static final int OF_SCRIPT = 4 * LINE;

  private final Tokenizer tokenizer;
  private final @Nullable String mainScript;
  private final @Nullable String mainGroup;
  private final List<String> shown;

  /** The documents of fragments, by script. */
  private final int[] fragmented = new int[Scripts.count()];

  private final StringBuilder decoded = new StringBuilder();
  private @Nullable SampleCuts chosen;
  private int fitness;

  /**
   * @param mainScript the script with the most text; null if all are alike
   * @param mainGroup the group with the most text; null without groups
   * @param shown the names of the documents that the page shows
   */
  public SampleChoice(
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
    return fitness >= OF_SCRIPT + OF_GROUP;
  }

  /** Takes the document {@code ids[0, count)} if it is better than all before it. */
  public void offer(String document, @Nullable String group, int[] ids, int count) {
    int most = LINE + (mainGroup == null || mainGroup.equals(group) ? OF_GROUP : 0);
    if (count == 0 || most + OF_SCRIPT <= fitness) {
      return;
    }
    decoded.setLength(0);
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(true);
    int script = Scripts.UNKNOWN;
    int searched = 0;
    int next = 0;
    int fragments = 0;
    while (next < count && decoded.length() < DECODED_LENGTH) {
      String piece = decoder.add(ids[next++]);
      decoded.append(piece);
      if (piece.isEmpty()) {
        fragments++; // the token ends inside a character
      }
      while (script == Scripts.UNKNOWN && searched < decoded.length()) {
        int letter = decoded.codePointAt(searched);
        searched += Character.charCount(letter);
        if (UnicodeCategories.isLetter(letter)) {
          script = Scripts.of(letter);
          boolean known = fragmented[script] < MOST_FRAGMENTED;
          if (!known || most + ofScript(script) <= fitness) {
            return;
          }
        }
      }
      if (decoded.length() >= JUDGED_LENGTH && 3 * fragments > next) {
        fragmented[script]++;
        return;
      }
    }
    if (3 * fragments > next) {
      fragmented[script]++;
      return;
    }
    decoded.append(next < count ? "" : decoder.end());
    byte[] text = decoded.toString().getBytes(UTF_8);
    SampleCuts cuts = SampleCuts.of(document, text, text.length);
    int found = fitness(cuts, group);
    if (found > fitness) {
      chosen = cuts;
      fitness = found;
    }
  }

  private int ofScript(int script) {
    return mainScript == null || mainScript.equals(Scripts.name(script)) ? OF_SCRIPT : 0;
  }

  private int fitness(SampleCuts cuts, @Nullable String group) {
    String text = cuts.text();
    if (text.isEmpty() || text.indexOf('\uFFFD') >= 0) {
      return 0;
    }
    byte[] bytes = text.getBytes(UTF_8);
    int place = shown.indexOf(cuts.document());
    return ofScript(Scripts.ofText(bytes, 0, bytes.length))
        + (mainGroup == null || mainGroup.equals(group) ? OF_GROUP : 0)
        + 3 * Math.min(SAMPLE_LINE, text.length())
        + (place < 0 ? 2 : place > 0 ? 1 : 0);
  }
}

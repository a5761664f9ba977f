package org.merganser.report.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.tokenizer.StreamingDecoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Chooses the text that the page cuts in five ways, from the documents in the order of the shards:
 * the first of those with the largest {@link TextFitness}. A text of which more than a third of the
 * tokens end inside a character is a text of fragments. It shows nothing about tokens, so it is
 * never taken.
 *
 * <p>Only the beginning of a document is decoded, and no more of it than shows that the document is
 * no better than the one chosen so far. The choice is not complete: once {@value #MOST_FRAGMENTED}
 * documents of a script have been fragments, other documents of it are passed over. Otherwise, with
 * a vocabulary that does not know a script, each document of it would be decoded.
 */
public final class CutTextChoice {
  /** The UTF-16 units that are decoded, more than the bytes that {@link SampleCuts} takes. */
  private static final int DECODED_LENGTH = SampleCuts.MOST_BYTES + 100;

  /** A text of fragments is given up after this many UTF-16 units. */
  private static final int JUDGED_LENGTH = 100;

  /** The documents of fragments after which no further one of their script is decoded. */
  private static final int MOST_FRAGMENTED = 100;

  private final Tokenizer tokenizer;
  private final TextFitness fitness;

  /** The documents of fragments, by script. */
  private final int[] fragmented = new int[Scripts.count()];

  private @Nullable SampleCuts chosen;
  private int chosenFitness = TextFitness.NONE;

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
    this.fitness = new TextFitness(mainScript, mainGroup, shown);
  }

  /** The best text so far; null before the first one. */
  @Nullable SampleCuts chosen() {
    return chosen;
  }

  /** Whether the chosen text is of the script and of the group with the most text. */
  public boolean isOfMostText() {
    return TextFitness.isOfMostText(chosenFitness);
  }

  /**
   * Chooses the document {@code ids[0, count)} if it is better than all before it.
   *
   * @param document the name of the document
   * @param group the group of the document; null without groups
   */
  public void offer(String document, @Nullable String group, int[] ids, int count) {
    if (count == 0 || fitness.most(group) <= chosenFitness) {
      return;
    }
    String beginning = decodeBeginning(ids, count, group);
    if (beginning != null) {
      byte[] text = beginning.getBytes(UTF_8);
      SampleCuts cuts = SampleCuts.of(document, text, text.length);
      int found = fitness.of(cuts, group);
      if (found > chosenFitness) {
        chosen = cuts;
        chosenFitness = found;
      }
    }
  }

  /** The text of the first ids of a document; null if the document was ruled out on the way. */
  private @Nullable String decodeBeginning(int[] ids, int count, @Nullable String group) {
    Beginning beginning = new Beginning(tokenizer.newStreamingDecoder(true));
    while (beginning.tokens < count && beginning.text.length() < DECODED_LENGTH) {
      beginning.add(ids[beginning.tokens]);
      if (beginning.findScript()
          && (fragmented[beginning.script] >= MOST_FRAGMENTED
              || fitness.most(group, beginning.script) <= chosenFitness)) {
        return null;
      }
      boolean isJudged = beginning.text.length() >= JUDGED_LENGTH || beginning.tokens == count;
      if (isJudged && beginning.isOfFragments()) {
        fragmented[beginning.script]++;
        return null;
      }
    }
    return beginning.tokens == count
        ? beginning.text + beginning.decoder.end()
        : beginning.text.toString();
  }

  /** The beginning of a document while it is decoded. */
  private static final class Beginning {
    final StreamingDecoder decoder;
    final StringBuilder text = new StringBuilder();

    /** The number of decoded tokens. */
    int tokens;

    /** The number of decoded tokens that end inside a character. */
    int fragments;

    /** The number of the script of the first letter; unknown before it. */
    int script = Scripts.UNKNOWN;

    /** The UTF-16 units of the text that were searched for a letter. */
    private int searched;

    Beginning(StreamingDecoder decoder) {
      this.decoder = decoder;
    }

    /** Decodes the next token. */
    void add(int id) {
      String piece = decoder.add(id);
      tokens++;
      text.append(piece);
      if (piece.isEmpty()) {
        fragments++;
      }
    }

    /**
     * Searches the new text for the first letter; returns whether it is there, for the first time.
     */
    boolean findScript() {
      while (script == Scripts.UNKNOWN && searched < text.length()) {
        int letter = text.codePointAt(searched);
        searched += Character.charCount(letter);
        if (UnicodeCategories.isLetter(letter)) {
          script = Scripts.of(letter);
          return true;
        }
      }
      return false;
    }

    boolean isOfFragments() {
      return 3 * fragments > tokens;
    }
  }
}

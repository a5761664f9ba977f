package org.merganser.pipeline.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.KeptCounts;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.deadletter.LostFiles;
import org.merganser.store.UnusableFileException;

/**
 * The counts that a vocabulary was learned from, for the receipt of the tokenizer and the manifest,
 * and phrases about them for the summary of the run.
 *
 * @param tokens that were learned, with alphabet and special tokens, without addedTokens
 * @param vocabSize the maximum of tokens, as in the job
 * @param minimumPairCount rarer pairs were not merged
 * @param anyPair whether every pair that is frequent enough may be merged; false if a length, a
 *     group or the number of words in a token excludes some
 * @param pretokens the counts of those that were learned from, and of those that were left out
 * @param superwords counts of the second stage; null if no token spans words
 * @param reading what was read and lost of the text; null, and not written, if the run has another
 *     account of it
 */
public record TrainingFigures(
    int tokens,
    int vocabSize,
    long minimumPairCount,
    boolean anyPair,
    KeptCounts pretokens,
    @Nullable Superwords superwords,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ReadingTotals reading) {

  /**
   * The counts of the second stage, which learns tokens that span words.
   *
   * @param words tokens of the first stage
   * @param pairs of words that could be merged
   * @param pairsLeftOut pairs that were frequent enough for a merge but exceeded the limit
   * @param runs of words, as {@code pretokens} of the first stage
   */
  public record Superwords(int words, int pairs, long pairsLeftOut, KeptCounts runs) {}

  /** The figures in a manifest; null if the run learned no vocabulary. */
  public static @Nullable TrainingFigures of(Manifest manifest) {
    return manifest.training() == null
        ? null
        : Json.read(
            Json.file(manifest.training()),
            TrainingFigures.class,
            Manifest.FILE,
            UnusableFileException::new);
  }

  /** What a run has read of its text: in learning if it only learned, else in encoding. */
  public static ReadingTotals reading(Manifest manifest) {
    TrainingFigures training = of(manifest);
    return training == null || training.reading == null
        ? new ReadingTotals(manifest.totals(), LostFiles.NONE)
        : training.reading;
  }

  /** A phrase about why there are fewer tokens than the job asks for; null if there are as many. */
  public @Nullable String difference() {
    if (tokens >= vocabSize) {
      return null;
    }
    String pair = anyPair ? "pair" : "pair that may be merged";
    String why =
        minimumPairCount <= 1
            ? "no " + pair + " is left"
            : "no remaining " + pair + " occurs " + times(minimumPairCount);
    return Phrase.of("%,d of %,d: %s", tokens, vocabSize, why);
  }

  /** A phrase about what minPretokenCount left out; null if the job does not set it. */
  public @Nullable String leftOut() {
    if (pretokens.minimumCount() <= 1) {
      return null;
    }
    return Phrase.of("by minPretokenCount: %,d, ", pretokens.minimumCount())
        + leftOut(pretokens, "distinct pretokens")
        + (superwords == null ? "" : ", and " + leftOut(superwords.runs, "distinct runs of words"));
  }

  /**
   * A phrase about what was left out, with its share of the occurrences.
   *
   * @param what the noun for what was counted
   */
  static String leftOut(KeptCounts counts, String what) {
    double occurrences = (double) counts.keptMass() + counts.cutMass();
    return Phrase.of(
        "%,d of %,d %s (%.4f %% of their occurrences)",
        counts.cutDistinct(),
        counts.keptDistinct() + counts.cutDistinct(),
        what,
        occurrences == 0 ? 0 : 100.0 * counts.cutMass() / occurrences);
  }

  private static String times(long count) {
    return count == 2 ? "twice" : Phrase.of("%,d times", count);
  }
}

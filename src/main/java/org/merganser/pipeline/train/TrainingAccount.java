package org.merganser.pipeline.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainingBound.Cut;
import org.merganser.dataset.Manifest;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;

/**
 * What a vocabulary was learned from, for the receipt of the tokenizer and the manifest.
 *
 * @param tokens that were learned, with alphabet and special tokens, without addedTokens
 * @param vocabSize the most tokens, as the job says
 * @param minimumPairCount a pair that occurs less often was not merged
 * @param anyPair whether every pair that is frequent enough was merged; false where a length, a
 *     group or the number of words in a token rules some out
 * @param pretokens what was learned from and what the job left out
 * @param superwords figures of the second stage; null where no token spans words
 * @param reading of the text; null, and not written, where the run keeps another account of it
 */
public record TrainingAccount(
    int tokens,
    int vocabSize,
    long minimumPairCount,
    boolean anyPair,
    Cut pretokens,
    @Nullable Superwords superwords,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ReadingAccount reading) {

  /**
   * @param words tokens of the first stage
   * @param pairs of words that could be merged
   * @param pairsLeftOut though frequent enough for a merge: more are not held
   * @param runs of words, as {@code pretokens} of the first stage
   */
  public record Superwords(int words, int pairs, long pairsLeftOut, Cut runs) {}

  /** Null where the run learned no vocabulary. */
  public static @Nullable TrainingAccount of(Manifest manifest) {
    return manifest.training() == null
        ? null
        : Json.read(
            Json.file(manifest.training()),
            TrainingAccount.class,
            Manifest.FILE,
            ShardException::new);
  }

  /** Why there are fewer tokens than the job says; null where there are as many. */
  public @Nullable String difference() {
    if (tokens >= vocabSize) {
      return null;
    }
    String pair = anyPair ? "pair" : "pair that may be merged";
    String why =
        minimumPairCount <= 1
            ? "no " + pair + " is left"
            : "no remaining " + pair + " occurs " + times(minimumPairCount);
    return String.format(Locale.ROOT, "%,d of %,d: %s", tokens, vocabSize, why);
  }

  private static String times(long count) {
    return count == 2 ? "twice" : String.format(Locale.ROOT, "%,d times", count);
  }

  /** What tokenizer.train.minPretokenCount left out; null where the job does not set it. */
  public @Nullable String leftOut() {
    if (pretokens.minimumCount() <= 1) {
      return null;
    }
    return String.format(Locale.ROOT, "by minPretokenCount: %,d, ", pretokens.minimumCount())
        + leftOut(pretokens, "distinct pretokens")
        + (superwords == null ? "" : ", and " + leftOut(superwords.runs, "distinct runs of words"));
  }

  static String leftOut(Cut cut, String what) {
    double occurrences = (double) cut.keptMass() + cut.cutMass();
    return String.format(
        Locale.ROOT,
        "%,d of %,d %s (%.4f %% of their occurrences)",
        cut.cutDistinct(),
        cut.keptDistinct() + cut.cutDistinct(),
        what,
        occurrences == 0 ? 0 : 100 * cut.cutMass() / occurrences);
  }
}

package org.merganser.job;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.corpus.CorpusInput;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;
import org.merganser.text.scan.ModelFamily;
import org.merganser.text.scan.SplitPattern;

/**
 * The key {@code tokenizer.train}: how a vocabulary is learned. The resource {@code keys.yaml} says
 * in full what each key means, and {@link TrainRules} has the rules between them.
 *
 * @param vocabSize the most ids, without those of {@code addedTokens} and {@code padTo}
 * @param family the model family whose pattern and normalizer are used; null if {@code pattern} is
 *     given
 * @param pattern the name of a family's pattern, or a regular expression; null for that of {@code
 *     family}
 * @param normalizer null: that of {@code family}, or none
 * @param inputs the texts to learn from; empty for those of the corpus
 * @param maxBytes of text to learn from, roughly; null for all text
 * @param mix the share of each group in the training text; null for unweighted text
 * @param feed what one document is cut into before it is counted
 * @param minFrequency the least count of a pair that is merged
 * @param minPretokenCount the least count of a pretoken that is learned from
 * @param maxTokenLength tokens are shorter than this, in characters of the byte-level form; null
 *     for no limit
 * @param initialAlphabet whether all 256 bytes are tokens, or those that occur
 * @param characters of the byte-level form that are tokens although they may not occur
 * @param limitAlphabet the most single bytes that are tokens; null for no limit
 * @param specialTokens with the first ids, in this order
 * @param addedTokens that are matched before the text is cut
 * @param reserved the number of spare special tokens
 * @param padTo the number of rows is rounded up to a multiple of this
 * @param allowMergeableSpecialTokens whether a special token may also result from merges
 * @param counts tables of counts to learn from in place of text
 * @param countWeights a factor for each of these tables; empty for 1 each
 * @param keepCounts whether the merged counts are written
 * @param continueFrom the tokenizer whose merges are continued; null for a new vocabulary
 * @param parity how merges are shared among groups; null for plain BPE
 * @param superwords the second stage of training; null for none
 */
@JobKey.Roles(KeyRole.VOCABULARY)
public record TrainSection(
    @JobKey(min = 1, max = 16777216) int vocabSize,
    @JobKey(decides = KeyRole.PRETOKENS) @Nullable ModelFamily family,
    @JobKey(
            decides = KeyRole.PRETOKENS,
            known = {SplitPattern.class, ModelFamily.class})
        @Nullable String pattern,
    @JobKey(decides = KeyRole.PRETOKENS) @Nullable Normalizer normalizer,
    @JobKey(
            decides = {KeyRole.FILES, KeyRole.VOCABULARY},
            byDefault = "[]",
            orFirstKey = true)
        List<CorpusInput> inputs,
    @JobKey(min = 1) @Nullable Long maxBytes,
    @JobKey(
            decides = {KeyRole.GROUPS, KeyRole.VOCABULARY},
            minReal = 0,
            maxReal = 1e9)
        @Nullable SortedMap<String, Double> mix,
    @JobKey(decides = KeyRole.COUNTED, byDefault = "document") Feed feed,
    @JobKey(byDefault = "2", min = 0) long minFrequency,
    @JobKey(byDefault = "1", min = 1) long minPretokenCount,
    @JobKey(min = 1) @Nullable Integer maxTokenLength,
    @JobKey(byDefault = "bytes") TrainerSettings.Alphabet initialAlphabet,
    @JobKey(byDefault = "[]") List<String> characters,
    @JobKey(min = 1) @Nullable Integer limitAlphabet,
    @JobKey(decides = KeyRole.PRETOKENS, byDefault = "[]") List<String> specialTokens,
    @JobKey(decides = KeyRole.PRETOKENS, byDefault = "[]") List<String> addedTokens,
    @JobKey(decides = KeyRole.PRETOKENS, byDefault = "0", min = 0, max = 65536) int reserved,
    @JobKey(byDefault = "1", min = 1, max = 65536) int padTo,
    @JobKey(byDefault = "false") boolean allowMergeableSpecialTokens,
    @JobKey(byDefault = "[]", isLocation = true) List<String> counts,
    @JobKey(byDefault = "[]", min = 1) List<Long> countWeights,
    @JobKey(grows = true, byDefault = "false") boolean keepCounts,
    @JobKey(
            decides = {KeyRole.PRETOKENS, KeyRole.VOCABULARY},
            isLocation = true)
        @Nullable String continueFrom,
    @JobKey(decides = {KeyRole.GROUPS, KeyRole.VOCABULARY}) @Nullable Parity parity,
    @JobKey(decides = {KeyRole.PRETOKENS, KeyRole.SUPERWORDS}) @Nullable Superwords superwords)
    implements Serializable {

  /** Whether the pretokens of each group are counted separately. */
  public boolean countsByGroup() {
    return mix != null || parity != null;
  }

  /**
   * A second stage of training, whose merges join words.
   *
   * @param from the share of the vocabulary that the first stage learns
   * @param pattern that cuts text in the second stage; null for that of SuperBPE
   */
  @JobKey.Roles(KeyRole.SUPERWORDS)
  public record Superwords(
      @JobKey(byDefault = "0.9", minReal = 0.01, maxReal = 0.99) double from,
      @JobKey @Nullable String pattern)
      implements Serializable {}

  /**
   * How merges are shared among groups.
   *
   * @param ratios the bytes a token to aim at, as proportions by group; null for equal ones
   * @param dev texts with the same content in each group, whose tokens are compared; empty to
   *     compare bytes a token of the training text
   * @param globalMerges the number of first merges that are chosen from the counts of all groups
   * @param window the number of last merges, of which a group's share is limited; 0 for no limit
   * @param alpha the limit of a group's share in the window, as a multiple of the equal share
   */
  @JobKey.Roles(KeyRole.VOCABULARY)
  public record Parity(
      @JobKey(minReal = 1e-6, maxReal = 1e6) @Nullable SortedMap<String, Double> ratios,
      @JobKey(byDefault = "[]", orFirstKey = true) List<CorpusInput> dev,
      @JobKey(byDefault = "0", min = 0, max = 16777216) int globalMerges,
      @JobKey(byDefault = "0", min = 0, max = 1000000) int window,
      @JobKey(byDefault = "2", minReal = 1e-6, maxReal = 1e6) double alpha)
      implements Serializable {}

  /** The form in which text is normalized. */
  public enum Normalizer {
    NONE,
    NFC,
    NFD,
    NFKC,
    NFKD
  }

  /** The pieces of text from which a vocabulary is learned. */
  public enum Feed {
    /** A document at once. */
    DOCUMENT,
    /** Each line of a document, with its newline, as HF trains from files. */
    LINE_WITH_NEWLINE
  }
}

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
 * what each key means, and {@link TrainRules} has the rules between them.
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
            least = 0,
            most = 1e9)
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

  /** A second stage of training, whose merges join words. */
  @JobKey.Roles(KeyRole.SUPERWORDS)
  public record Superwords(
      @JobKey(byDefault = "0.9", least = 0.01, most = 0.99) double from,
      @JobKey @Nullable String pattern)
      implements Serializable {}

  /** How merges are shared among groups. */
  @JobKey.Roles(KeyRole.VOCABULARY)
  public record Parity(
      @JobKey(least = 1e-6, most = 1e6) @Nullable SortedMap<String, Double> ratios,
      @JobKey(byDefault = "[]", orFirstKey = true) List<CorpusInput> dev,
      @JobKey(byDefault = "0", min = 0, max = 16777216) int globalMerges,
      @JobKey(byDefault = "0", min = 0, max = 1000000) int window,
      @JobKey(byDefault = "2", least = 1e-6, most = 1e6) double alpha)
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
    DOCUMENT,
    /** Each line of a document, with its newline, as HF trains from files. */
    LINE_WITH_NEWLINE
  }
}

package org.merganser.job;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.corpus.CorpusInput;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.text.scan.ModelFamily;
import org.merganser.text.scan.SplitPattern;

/** How a vocabulary is learned. */
@Field.Keys(Decides.VOCABULARY)
public record TrainSection(
    @Field(min = 1, max = 16777216) int vocabSize,
    @Field(decides = Decides.CUT) @Nullable ModelFamily family,
    @Field(
            decides = Decides.CUT,
            known = {SplitPattern.class, ModelFamily.class})
        @Nullable String pattern,
    @Field(decides = Decides.CUT) @Nullable Normalizer normalizer,
    @Field(
            decides = {Decides.FILES, Decides.VOCABULARY},
            byDefault = "[]",
            orFirstKey = true)
        List<CorpusInput> inputs,
    @Field(min = 1) @Nullable Long maxBytes,
    @Field(
            decides = {Decides.GROUPS, Decides.VOCABULARY},
            least = 0,
            most = 1e9)
        @Nullable SortedMap<String, Double> mix,
    @Field(decides = Decides.COUNTED, byDefault = "document") Feed feed,
    @Field(byDefault = "2", min = 0) long minFrequency,
    @Field(byDefault = "1", min = 1) long minPretokenCount,
    @Field(min = 1) @Nullable Integer maxTokenLength,
    @Field(byDefault = "bytes") TrainerSettings.Alphabet initialAlphabet,
    @Field(byDefault = "[]") List<String> characters,
    @Field(min = 1) @Nullable Integer limitAlphabet,
    @Field(decides = Decides.CUT, byDefault = "[]") List<String> specialTokens,
    @Field(decides = Decides.CUT, byDefault = "[]") List<String> addedTokens,
    @Field(decides = Decides.CUT, byDefault = "0", min = 0, max = 65536) int reserved,
    @Field(byDefault = "1", min = 1, max = 65536) int padTo,
    @Field(byDefault = "false") boolean allowMergeableSpecialTokens,
    @Field(byDefault = "[]", isLocation = true) List<String> counts,
    @Field(byDefault = "[]", min = 1) List<Long> countWeights,
    @Field(grows = true, byDefault = "false") boolean keepCounts,
    @Field(
            decides = {Decides.CUT, Decides.VOCABULARY},
            isLocation = true)
        @Nullable String continueFrom,
    @Field(decides = {Decides.GROUPS, Decides.VOCABULARY}) @Nullable Parity parity,
    @Field(decides = {Decides.CUT, Decides.SUPERWORDS}) @Nullable Superwords superwords)
    implements Serializable {

  public boolean countsByGroup() {
    return mix != null || parity != null;
  }

  /** A second stage of training, whose merges join words. */
  @Field.Keys(Decides.SUPERWORDS)
  public record Superwords(
      @Field(byDefault = "0.9", least = 0.01, most = 0.99) double from,
      @Field @Nullable String pattern)
      implements Serializable {}

  /** How merges are shared among groups. */
  @Field.Keys(Decides.VOCABULARY)
  public record Parity(
      @Field(least = 1e-6, most = 1e6) @Nullable SortedMap<String, Double> ratios,
      @Field(byDefault = "[]", orFirstKey = true) List<CorpusInput> dev,
      @Field(byDefault = "0", min = 0, max = 16777216) int globalMerges,
      @Field(byDefault = "0", min = 0, max = 1000000) int window,
      @Field(byDefault = "2", least = 1e-6, most = 1e6) double alpha)
      implements Serializable {}

  public enum Normalizer {
    NONE,
    NFC,
    NFD,
    NFKC,
    NFKD
  }

  public enum Feed {
    DOCUMENT,
    LINE_WITH_NEWLINE
  }
}

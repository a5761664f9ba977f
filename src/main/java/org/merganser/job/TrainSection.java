package org.merganser.job;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.corpus.CorpusInput;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.json.Unwrapped;
import org.merganser.text.scan.ModelFamily;
import org.merganser.text.scan.SplitPattern;

/** How a vocabulary is learned. */
public record TrainSection(
    @Field(
            decides = Decides.VOCABULARY,
            doc =
                "The most ids: the alphabet, special and reserved tokens and what is learned."
                    + " addedTokens come on top of it, and padTo rounds the sum up.",
            min = 1,
            max = 16777216)
        int vocabSize,
    @Unwrapped Split split,
    @Unwrapped Sample sample,
    @Unwrapped Merging merging,
    @Unwrapped Alphabet alphabet,
    @Unwrapped Tokens tokens,
    @Unwrapped Tables tables,
    @Field(
            decides = {Decides.CUT, Decides.VOCABULARY},
            doc =
                "Go on merging from this tokenizer.json, or that of this output folder of a run."
                    + " Its tokens keep their ids, and pattern and normalizer are its own.",
            isLocation = true)
        @Nullable String continueFrom,
    @Field(
            decides = {Decides.GROUPS, Decides.VOCABULARY},
            doc =
                "Parity-aware BPE: each merge is chosen for the group of shards.groupBy that is"
                    + " worst off, such as a language. null: plain BPE.")
        @Nullable Parity parity,
    @Field(
            decides = {Decides.CUT, Decides.SUPERWORDS},
            doc = "Learn tokens that span words in a second stage (SuperBPE); null: no token does.")
        @Nullable Superwords superwords)
    implements Serializable {

  public boolean countsByGroup() {
    return sample.mix() != null || parity != null;
  }

  @Field.Keys(Decides.CUT)
  public record Split(
      @Field(
              doc =
                  "A model family, which sets pattern, normalizer and ignore_merges as that family"
                      + " does.")
          @Nullable ModelFamily family,
      @Field(
              doc = "The split pattern: a family's name or a regular expression.",
              known = {SplitPattern.class, ModelFamily.class})
          @Nullable String pattern,
      @Field(doc = "How text is normalized before it is cut. null: as the family, or not at all.")
          @Nullable Normalizer normalizer)
      implements Serializable {}

  /** The text from which a vocabulary is learned. */
  public record Sample(
      @Field(
              decides = {Decides.FILES, Decides.VOCABULARY},
              doc = "Other inputs to train on, as those of corpus; empty: the corpus.",
              byDefault = "[]",
              orFirstKey = true)
          List<CorpusInput> inputs,
      @Field(
              decides = Decides.VOCABULARY,
              doc =
                  "Train on about this much text: documents chosen by a hash of their id. null:"
                      + " all.",
              min = 1)
          @Nullable Long maxBytes,
      @Field(
              decides = {Decides.GROUPS, Decides.VOCABULARY},
              doc =
                  "The weights of groups of shards.groupBy in what is learned from, such as"
                      + " {en: 0.5, de: 0.2}. Documents without a group are the"
                      + " group (none); a group that is not named is not learned from. null: all"
                      + " text as it is.",
              least = 0,
              most = 1e9)
          @Nullable SortedMap<String, Double> mix,
      @Field(
              decides = Decides.COUNTED,
              doc =
                  "What one training sequence is: a document, or a line with its newline (as HF"
                      + " trains from files).",
              byDefault = "document")
          Feed feed)
      implements Serializable {}

  @Field.Keys(Decides.VOCABULARY)
  public record Merging(
      @Field(doc = "A rarer pair is not merged.", byDefault = "2", min = 0) long minFrequency,
      @Field(
              doc =
                  "A rarer pretoken is not learned from. With superwords, nor is a"
                      + " run of words. A run that is short of memory says which value to set.",
              byDefault = "1",
              min = 1)
          long minPretokenCount,
      @Field(
              doc =
                  "Longest merged token in characters of the byte-level form, exclusive as in HF."
                      + " null: no limit.",
              min = 1)
          @Nullable Integer maxTokenLength)
      implements Serializable {}

  /** The single bytes and characters in the vocabulary. */
  @Field.Keys(Decides.VOCABULARY)
  public record Alphabet(
      @Field(
              doc = "Which single bytes are in the vocabulary: all 256, or those seen.",
              byDefault = "bytes")
          TrainerSettings.Alphabet initialAlphabet,
      @Field(
              doc =
                  "Further single characters of the byte-level form that are in the vocabulary"
                      + " whether they occur or not.",
              byDefault = "[]")
          List<String> characters,
      @Field(doc = "Keep at most this many single bytes, the most frequent. null: all.", min = 1)
          @Nullable Integer limitAlphabet)
      implements Serializable {}

  /** The ids beside the learned ones. */
  @Field.Keys(Decides.CUT)
  public record Tokens(
      @Field(doc = "Special tokens, which get the first ids in this order.", byDefault = "[]")
          List<String> specialTokens,
      @Field(
              doc =
                  "Tokens that are matched before the text is cut, whatever they are: a word, an"
                      + " emoji, a sentence.",
              byDefault = "[]")
          List<String> addedTokens,
      @Field(
              doc = "Spare special tokens <|reserved_0|> … behind the special tokens.",
              byDefault = "0",
              min = 0,
              max = 65536)
          int reserved,
      @Field(
              decides = Decides.VOCABULARY,
              doc = "Round the rows of the vocabulary up to a multiple of this. 1: no padding.",
              byDefault = "1",
              min = 1,
              max = 65536)
          int padTo,
      @Field(
              decides = Decides.VOCABULARY,
              doc = "Allow a special token that merges or a single pretoken could produce.",
              byDefault = "false")
          boolean allowMergeableSpecialTokens)
      implements Serializable {}

  /** Tables of counts that replace the text, or that are kept of it. */
  @Field.Keys(Decides.VOCABULARY)
  public record Tables(
      @Field(
              doc =
                  "Learn from these (pretoken, count) tables and read no text. They are Parquet as"
                      + " keepCounts writes it, or TSV with the pretoken in byte-level form.",
              byDefault = "[]",
              isLocation = true)
          List<String> counts,
      @Field(
              doc = "A whole factor for each table of counts, in order. Empty: 1 each.",
              byDefault = "[]",
              min = 1)
          List<Long> countWeights,
      @Field(
              grows = true,
              doc =
                  "Write the merged (pretoken, count) table, counts.parquet, beside"
                      + " tokenizer.json.",
              byDefault = "false")
          boolean keepCounts)
      implements Serializable {}

  /** A second stage of training, whose merges join words. */
  @Field.Keys(Decides.SUPERWORDS)
  public record Superwords(
      @Field(
              doc =
                  "The share of vocabSize that is learned before tokens may span words, with the"
                      + " job's pattern.",
              byDefault = "0.9",
              least = 0.01,
              most = 0.99)
          double from,
      @Field(
              doc =
                  "Where text is cut in the second stage, and by the tokenizer: a regular"
                      + " expression; null: that of SuperBPE.")
          @Nullable String pattern)
      implements Serializable {}

  /** How merges are shared among groups. */
  @Field.Keys(Decides.VOCABULARY)
  public record Parity(
      @Field(
              doc =
                  "How many bytes a token shall have in each group in proportion to the others,"
                      + " such as {en: 1, th: 1.5}; only groups that are named are learned from."
                      + " null: 1 each, for all groups.",
              least = 1e-6,
              most = 1e6)
          @Nullable SortedMap<String, Double> ratios,
      @Field(
              doc =
                  "Texts that say the same in each group, read as the corpus is: the group whose"
                      + " text has the most tokens is worst off. Empty: bytes per token of what is"
                      + " learned from decide.",
              byDefault = "[]",
              orFirstKey = true)
          List<CorpusInput> dev,
      @Field(
              doc = "So many merges come first that are chosen as plain BPE does, by all groups.",
              byDefault = "0",
              min = 0,
              max = 16777216)
          int globalMerges,
      @Field(
              doc =
                  "A group that had more than alpha / groups of the last so many merges is passed"
                      + " over, 100 in the paper; 0: none is.",
              byDefault = "0",
              min = 0,
              max = 1000000)
          int window,
      @Field(doc = "See window.", byDefault = "2", least = 1e-6, most = 1e6) double alpha)
      implements Serializable {}

  public enum Normalizer {
    NONE,
    NFC,
    NFD,
    NFKC,
    NFKD
  }

  /** The content of one training sequence. */
  public enum Feed {
    DOCUMENT,
    LINE_WITH_NEWLINE
  }
}

package org.merganser.bpe.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of HF's BpeTrainer, for byte-level BPE. (Its {@code continuing_subword_prefix} and
 * {@code end_of_word_suffix} make no sense over bytes, and give ids in hash order there; they are
 * not offered.)
 *
 * @param vocabSize the most ids to make, special tokens and alphabet included; a smaller number
 *     gives these alone, as in HF
 * @param minFrequency a pair that occurs less often is not merged; 0 counts as 1
 * @param specialTokens get the first ids, in order, duplicates dropped
 * @param alphabet which single bytes are in the vocabulary
 * @param characters further single characters that are in the vocabulary whether they occur or not
 *     (the rest of HF's {@code initial_alphabet}); each must be one code point
 * @param limitAlphabet at most this many single characters, the most frequent kept; null for all.
 *     As in HF, characters of the initial alphabet count as most frequent of all, and a byte that
 *     is not kept is removed from the pretokens. Where HF's choice among equals depends on hash
 *     order, here the more frequent one in the corpus is kept, then the smaller code point
 * @param maxTokenLength longest merged token in characters of the byte-level form, exclusive as in
 *     HF (5 gives tokens of up to 4), and as in HF a pair of single bytes is never too long; null
 *     for no limit
 */
public record TrainerSettings(
    int vocabSize,
    long minFrequency,
    List<String> specialTokens,
    Alphabet alphabet,
    List<String> characters,
    @Nullable Integer limitAlphabet,
    @Nullable Integer maxTokenLength) {

  /** All 256 bytes (HF's {@code initial_alphabet = ByteLevel.alphabet()}), or those that occur. */
  public enum Alphabet {
    BYTES,
    SEEN
  }

  public TrainerSettings {
    specialTokens = List.copyOf(specialTokens);
    characters = List.copyOf(characters);
  }

  /** These settings with another least count of a pair that is merged. */
  public TrainerSettings withMinFrequency(long frequency) {
    return new TrainerSettings(
        vocabSize, frequency, specialTokens, alphabet, characters, limitAlphabet, maxTokenLength);
  }

  /** These settings with another size of the vocabulary. */
  public TrainerSettings withVocabSize(int size) {
    return new TrainerSettings(
        size, minFrequency, specialTokens, alphabet, characters, limitAlphabet, maxTokenLength);
  }
}

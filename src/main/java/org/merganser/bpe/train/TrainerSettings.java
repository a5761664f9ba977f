package org.merganser.bpe.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of HF's BpeTrainer for byte-level BPE. ({@code continuing_subword_prefix} and {@code
 * end_of_word_suffix} have no meaning over bytes and lead to ids in hash order in HF; they are not
 * offered.)
 *
 * @param vocabSize the maximum number of ids, with special tokens and alphabet; a smaller number
 *     produces only these, as in HF
 * @param minFrequency a rarer pair is not merged; 0 counts as 1
 * @param specialTokens receive the first ids, in order, without duplicates
 * @param alphabet which single bytes are in the vocabulary
 * @param characters single characters that are added to the vocabulary even if they do not occur
 *     (the rest of HF's {@code initial_alphabet}); each is one code point
 * @param limitAlphabet at most this many single characters, the most frequent kept; null for all.
 *     As in HF, characters of the initial alphabet count as most frequent, and a byte that is not
 *     kept is removed from the pretokens. If HF's choice depends on hash order, the more frequent
 *     character in the corpus is kept, then the smaller code point
 * @param maxTokenLength the limit of a merged token in characters of the byte-level form, exclusive
 *     as in HF (5 allows up to 4); as in HF a pair of single bytes is never too long; null for no
 *     limit
 */
public record TrainerSettings(
    int vocabSize,
    long minFrequency,
    List<String> specialTokens,
    Alphabet alphabet,
    List<String> characters,
    @Nullable Integer limitAlphabet,
    @Nullable Integer maxTokenLength) {

  /** Which single bytes are in the vocabulary. */
  public enum Alphabet {
    /** All 256 (HF's {@code initial_alphabet = ByteLevel.alphabet()}). */
    BYTES,

    /** Those that occur in the corpus. */
    SEEN
  }

  public TrainerSettings {
    specialTokens = List.copyOf(specialTokens);
    characters = List.copyOf(characters);
  }

  /** These settings with another {@code minFrequency}. */
  public TrainerSettings withMinFrequency(long frequency) {
    return new TrainerSettings(
        vocabSize, frequency, specialTokens, alphabet, characters, limitAlphabet, maxTokenLength);
  }

  /** These settings with another {@code vocabSize}. */
  public TrainerSettings withVocabSize(int size) {
    return new TrainerSettings(
        size, minFrequency, specialTokens, alphabet, characters, limitAlphabet, maxTokenLength);
  }
}

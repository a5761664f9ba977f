package org.merganser.bpe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What HF's BpeTrainer can be told, for byte-level BPE.
 *
 * @param vocabSize ids to make at the most, special tokens and alphabet included
 * @param minFrequency a pair that occurs less often is not merged; 0 counts as 1
 * @param specialTokens get the first ids, in order, duplicates dropped
 * @param alphabet which single bytes are in the vocabulary
 * @param limitAlphabet at most this many single characters, the most frequent kept; null for all
 * @param maxTokenLength longest merged token in characters of the byte-level form, exclusive as in
 *     HF; null for no limit
 */
public record TrainerSettings(
    int vocabSize,
    long minFrequency,
    List<String> specialTokens,
    Alphabet alphabet,
    @Nullable Integer limitAlphabet,
    @Nullable Integer maxTokenLength) {

  /** All 256 bytes (HF's {@code initial_alphabet = ByteLevel.alphabet()}), or those that occur. */
  public enum Alphabet {
    BYTES,
    SEEN
  }
}

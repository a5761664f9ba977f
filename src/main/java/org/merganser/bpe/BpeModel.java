package org.merganser.bpe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code model} of a BPE tokenizer.json: vocabulary, merges by rank and options. Immutable and
 * safe for many threads; {@link #newEncoder} makes what a thread runs.
 */
public final class BpeModel {

  /**
   * The options of HF's BPE model beside vocabulary and merges; dropout is refused by the reader.
   */
  public record Options(
      @Nullable String unkToken,
      @Nullable String continuingSubwordPrefix,
      @Nullable String endOfWordSuffix,
      boolean fuseUnk,
      boolean byteFallback,
      boolean ignoreMerges) {
    public static final Options NONE = new Options(null, null, null, false, false, false);
  }

  /** An entry of {@code model.vocab}. */
  public record Entry(String token, int id) {}

  /**
   * @param vocabulary the entries; ids may have gaps
   * @param merges pairs of token strings by rank, left and right alternating
   * @throws IllegalArgumentException naming a merge whose parts or result are not in the vocabulary
   *     or two tokens with one id, spelled for the user of a tokenizer.json
   */
  public static BpeModel of(List<Entry> vocabulary, List<String> merges, Options options) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Entries of the vocabulary. */
  public int size() {
    throw new UnsupportedOperationException("interface only");
  }

  /** One more than the largest id. */
  public int idBound() {
    throw new UnsupportedOperationException("interface only");
  }

  /** The id of a token, or -1. */
  public int id(String token) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The token of an id, or null for a gap or an id outside. */
  public @Nullable String token(int id) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Merges by rank, as they were given. */
  public int mergeCount() {
    throw new UnsupportedOperationException("interface only");
  }

  public int mergeLeft(int rank) {
    throw new UnsupportedOperationException("interface only");
  }

  public int mergeRight(int rank) {
    throw new UnsupportedOperationException("interface only");
  }

  public Options options() {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * A new encoder, for one thread.
   *
   * @param byteLevel whether each byte of a pretoken stands for one character of {@link
   *     ByteAlphabet}; otherwise pretokens are UTF-8 text and its characters are the first symbols
   */
  public BpeEncoder newEncoder(boolean byteLevel) {
    throw new UnsupportedOperationException("interface only");
  }
}

package org.merganser.bpe.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * Tables of the merges of a byte-level model that has all 256 bytes and no affixes, built when an
 * encoder first needs them and used by {@link ByteWordEncoder}. Immutable.
 */
final class ByteTables {
  /** The binary logarithm of the filter's maximum number of bits: half a megabyte. */
  private static final int MOST_FILTER_LOG = 22;

  /** By byte, the id of its token. */
  private final int[] idOfByte;

  /**
   * At {@code (a << 8) | b} the rank of the merge of the bytes a and b, so that each first rank of
   * a word costs one load.
   */
  private final int[] pairRanks;

  /**
   * A filter: the {@link #filterHash} of each token's bytes. It has 16 to 32 bits a token, but at
   * most half a megabyte, so that it fits a core's cache. Most words are not tokens, and it
   * excludes nearly all of these.
   */
  private final HashedBits tokenFilter;

  private final IndependentCharacters independentCharacters;
  private final MergeBarriers barriers;

  /**
   * @param pairs left and right ids by rank
   * @param idOfByte the result of {@link #idsOfBytes}, without a gap
   */
  ByteTables(Vocabulary vocabulary, MergeTable merges, int[] pairs, int[] idOfByte) {
    this.idOfByte = idOfByte;
    this.pairRanks = pairRanks(merges, idOfByte);
    byte[] @Nullable [] texts = new byte[vocabulary.size()][];
    for (int entry = 0; entry < texts.length; entry++) {
      texts[entry] = vocabulary.textBytes(entry);
    }
    this.independentCharacters =
        new IndependentCharacters(vocabulary, texts, merges, pairs, idOfByte);
    this.barriers = MergeBarriers.ofBytes(vocabulary, texts, merges);
    int sizeLog = Integer.SIZE - Integer.numberOfLeadingZeros(vocabulary.size());
    int log = Math.min(MOST_FILTER_LOG, sizeLog + 4); // 16 bits for each token, or more
    this.tokenFilter = new HashedBits(log);
    for (byte[] token : texts) {
      if (token != null && token.length > 0) {
        tokenFilter.add(filterHash(token, 0, token.length));
      }
    }
  }

  /** By byte, the id of its token in a byte-level vocabulary; -1 for none. */
  static int[] idsOfBytes(Vocabulary vocabulary) {
    int[] ids = new int[256];
    for (int b = 0; b < 256; b++) {
      byte[] utf8 = Vocabulary.utf8(String.valueOf(ByteAlphabet.toChar(b)));
      ids[b] = vocabulary.id(utf8, 0, utf8.length);
    }
    return ids;
  }

  /** The id of the token of a single byte, 0 to 255. */
  int idOf(int b) {
    return idOfByte[b];
  }

  /** The rank of the merge of two bytes, or {@link MergeTable#NONE}. */
  int rank(int left, int right) {
    return pairRanks[(left << 8) | right];
  }

  /** True if the vocabulary has a token of these bytes (at least one); otherwise rarely true. */
  boolean mayHave(byte[] text, int from, int to) {
    return tokenFilter.contains(filterHash(text, from, to));
  }

  /** The characters from whose tokens merging may start. */
  IndependentCharacters independentCharacters() {
    return independentCharacters;
  }

  /** The places that no merge crosses. */
  MergeBarriers barriers() {
    return barriers;
  }

  /** The ranks of all pairs of bytes, as {@link #pairRanks} has them. */
  private static int[] pairRanks(MergeTable merges, int[] idOfByte) {
    int[] ranks = new int[1 << 16];
    for (int pair = 0; pair < ranks.length; pair++) {
      ranks[pair] = merges.rank(idOfByte[pair >> 8], idOfByte[pair & 0xFF]);
    }
    return ranks;
  }

  /** The hash of {@code text[from, to)}, whose 32 bits are the upper ones. */
  private static long filterHash(byte[] text, int from, int to) {
    int seed = 0;
    return (long) LittleEndianWords.hash(text, from, to - from, seed) << Integer.SIZE;
  }
}

package org.merganser.bpe.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.ByteAlphabet;

/** Tables made once from a byte-level model that has all 256 bytes and no affixes. Immutable. */
final class ByteTables {
  /** The binary logarithm of the filter's maximum number of bits: half a megabyte. */
  private static final int MOST_FILTER_LOG = 22;

  private final int[] idOfByte;

  /**
   * The rank of the bytes a, b at {@code a << 8 | b}, so that each first rank of a word costs one
   * load.
   */
  private final int[] pairRanks;

  /**
   * A filter: bits at the hashes of the tokens' bytes, about ten bits a token. Most words are not
   * tokens; this set, which fits a core's cache, rules them out.
   */
  private final long[] tokenFilter;

  /** The shift of a hash to the number of a bit in the filter. */
  private final int filterShift;

  private final IndependentCharacters independentCharacters;
  private final MergeBarriers barriers;

  /**
   * @param pairs left and right ids by rank
   * @param idOfByte the result of {@link #idsOfBytes}, without a gap
   */
  ByteTables(Vocabulary vocabulary, MergeTable merges, int[] pairs, int[] idOfByte) {
    this.idOfByte = idOfByte;
    this.pairRanks = new int[1 << 16];
    for (int pair = 0; pair < pairRanks.length; pair++) {
      pairRanks[pair] = merges.rank(idOfByte[pair >> 8], idOfByte[pair & 0xFF]);
    }
    byte[] @Nullable [] texts = new byte[vocabulary.size()][];
    for (int entry = 0; entry < texts.length; entry++) {
      texts[entry] = vocabulary.textBytes(entry);
    }
    this.independentCharacters =
        new IndependentCharacters(vocabulary, texts, merges, pairs, idOfByte);
    this.barriers = MergeBarriers.ofBytes(vocabulary, texts, merges);
    int log = Math.min(MOST_FILTER_LOG, 36 - Integer.numberOfLeadingZeros(vocabulary.size()));
    this.tokenFilter = new long[1 << (log - 6)];
    this.filterShift = 32 - log;
    for (byte[] token : texts) {
      if (token != null && token.length > 0) {
        int bit = filterBit(token, 0, token.length);
        tokenFilter[bit >>> 6] |= 1L << bit;
      }
    }
  }

  /** The id of the token of each single byte; -1 for none. */
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
    return pairRanks[left << 8 | right];
  }

  /** True if the vocabulary has a token of these bytes (at least one); otherwise rarely true. */
  boolean mayHave(byte[] text, int from, int to) {
    int bit = filterBit(text, from, to);
    return ((tokenFilter[bit >>> 6] >>> bit) & 1) != 0;
  }

  private int filterBit(byte[] text, int from, int to) {
    return LittleEndianWords.hash(text, from, to - from, 0) >>> filterShift;
  }

  /** The characters from whose tokens merging may start. */
  IndependentCharacters independentCharacters() {
    return independentCharacters;
  }

  /** The places that no merge crosses. */
  MergeBarriers barriers() {
    return barriers;
  }
}

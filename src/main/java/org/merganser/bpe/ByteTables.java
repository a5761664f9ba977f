package org.merganser.bpe;

/**
 * What is known of a byte-level model that has all 256 bytes and no affixes, before any text is
 * seen. Immutable; one a model.
 */
final class ByteTables {
  private final int[] idOfByte;

  /**
   * The rank of the bytes a, b at {@code a << 8 | b}: the first ranks of a word at one load each.
   */
  private final int[] pairRanks;

  private final FirmCharacters firm;
  private final Seams seams;

  private ByteTables(int[] idOfByte, int[] pairRanks, FirmCharacters firm, Seams seams) {
    this.firm = firm;
    this.idOfByte = idOfByte;
    this.pairRanks = pairRanks;
    this.seams = seams;
  }

  /**
   * @param pairs left and right ids by rank
   * @param idOfByte what {@link #idsOfBytes} gave, without a gap
   */
  static ByteTables of(Vocabulary vocabulary, MergeTable merges, int[] pairs, int[] idOfByte) {
    int[] ranks = new int[1 << 16];
    for (int pair = 0; pair < ranks.length; pair++) {
      ranks[pair] = merges.rank(idOfByte[pair >> 8], idOfByte[pair & 0xFF]);
    }
    return new ByteTables(
        idOfByte,
        ranks,
        new FirmCharacters(vocabulary, merges, pairs, idOfByte),
        Seams.ofBytes(vocabulary, merges));
  }

  /** The ids of the 256 bytes, -1 where the vocabulary has none. */
  static int[] idsOfBytes(Vocabulary vocabulary) {
    int[] ids = new int[256];
    for (int b = 0; b < 256; b++) {
      byte[] utf8 = Vocabulary.utf8(String.valueOf(ByteAlphabet.toChar(b)));
      ids[b] = vocabulary.id(utf8, 0, utf8.length);
    }
    return ids;
  }

  int idOf(int b) {
    return idOfByte[b];
  }

  int rank(int left, int right) {
    return pairRanks[left << 8 | right];
  }

  FirmCharacters firmCharacters() {
    return firm;
  }

  Seams seams() {
    return seams;
  }
}

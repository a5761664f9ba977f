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

  /** The bytes of the longest token that begins with the bytes a, b, at {@code a << 8 | b}. */
  private final int[] longest;

  private final FirmCharacters firm;
  private final Seams seams;

  private ByteTables(
      int[] idOfByte, int[] pairRanks, int[] longest, FirmCharacters firm, Seams seams) {
    this.firm = firm;
    this.idOfByte = idOfByte;
    this.pairRanks = pairRanks;
    this.longest = longest;
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
        longest(vocabulary),
        new FirmCharacters(vocabulary, merges, pairs, idOfByte),
        Seams.ofBytes(vocabulary, merges));
  }

  private static int[] longest(Vocabulary vocabulary) {
    int[] longest = new int[1 << 16];
    for (int entry = 0; entry < vocabulary.size(); entry++) {
      byte[] token = ByteAlphabet.toBytes(vocabulary.string(entry));
      if (token != null && token.length > 1) {
        int first = (token[0] & 0xFF) << 8 | (token[1] & 0xFF);
        longest[first] = Math.max(longest[first], token.length);
      }
    }
    return longest;
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

  /** The bytes of the longest token that begins with these two, 0 if there is none. */
  int longest(int first, int second) {
    return longest[first << 8 | second];
  }

  FirmCharacters firmCharacters() {
    return firm;
  }

  Seams seams() {
    return seams;
  }
}

package org.merganser.bpe.encode;

import org.merganser.bpe.ByteLevelForm;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.Vocabulary;

/**
 * Encodes words of a byte-level model with all 256 bytes and no affixes, as nearly every model is:
 * the first symbols come from {@link ByteTables}, and so do their ranks in a short word of ASCII.
 * Not thread-safe.
 */
final class ByteWordEncoder implements WordEncoder {
  private final ByteTables tables;
  private final IndependentCharacters characters;
  private final WordMerger merger;

  /** That of {@link #merger}. */
  private final WordScan scan;

  private final Vocabulary vocabulary;

  /** Scratch space of {@link #idOfWhole}: the byte-level form of a word. */
  private final ByteLevelForm form;

  ByteWordEncoder(Vocabulary vocabulary, ByteTables tables, WordMerger merger) {
    this.vocabulary = vocabulary;
    this.tables = tables;
    this.characters = tables.independentCharacters();
    this.merger = merger;
    this.scan = merger.scan();
    this.form = new ByteLevelForm(vocabulary.longestBytes());
  }

  @Override
  public void merge(byte[] text, int from, int to, IdBuffer out) {
    int length = to - from;
    int[] ids = out.ensure(length);
    int size = out.size();
    int count;
    if (length <= WordScan.MOST_SYMBOLS && isAscii(text, from, to)) {
      count = mergeAscii(text, from, length, ids, size);
    } else {
      int symbols = writeFirstSymbols(text, from, to, ids, size);
      count = merger.merge(ids, size, symbols);
    }
    out.setSize(size + count);
  }

  /** Whether all bytes of {@code text[from, to)} are ASCII: none has its sign bit set. */
  private static boolean isAscii(byte[] text, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= text[i];
    }
    return bits >= 0;
  }

  /**
   * Merges a short word of ASCII: {@code text[from, from + n)}, of at most {@link
   * WordScan#MOST_SYMBOLS} bytes. Its first symbols and ranks come from {@link ByteTables}.
   *
   * @return the number of ids written at {@code at}
   */
  private int mergeAscii(byte[] text, int from, int n, int[] ids, int at) {
    if (n == 1) {
      ids[at] = tables.idOf(text[from]);
      return 1;
    }
    int left = text[from];
    for (int i = 0; i < n - 1; i++) {
      int right = text[from + i + 1];
      scan.setPair(i, tables.idOf(left), tables.rank(left, right));
      left = right;
    }
    scan.setLast(n - 1, tables.idOf(left));
    return scan.mergeSet(n, ids, at);
  }

  /**
   * Writes the symbols from which merging starts at {@code at}: a token for an independent
   * character, else one for each byte.
   *
   * @return the number of symbols
   */
  private int writeFirstSymbols(byte[] text, int from, int to, int[] ids, int at) {
    int n = at;
    int i = from;
    while (i < to) {
      int id = text[i] >= 0 ? IndependentCharacters.NONE : characters.id(text, from, i, to);
      if (id == IndependentCharacters.NONE) {
        ids[n++] = tables.idOf(text[i++] & 0xFF);
      } else {
        ids[n++] = id;
        i += IndependentCharacters.length(text[i]);
      }
    }
    return n - at;
  }

  @Override
  public void addLengths(
      byte[] text, int from, int to, int[] ids, int first, int end, IdBuffer lengths) {
    for (int i = first; i < end; i++) {
      // A character of a byte-level token is a byte of text.
      lengths.add(vocabulary.characterCount(vocabulary.entry(ids[i])));
    }
  }

  @Override
  public int idOfWhole(byte[] text, int from, int to) {
    boolean possible = tables.mayHave(text, from, to) && form.set(text, from, to);
    return possible ? vocabulary.id(form.bytes(), 0, form.length()) : -1;
  }

  @Override
  public int idOfCharacter(int utf8) {
    return characters.idAlone(utf8);
  }
}

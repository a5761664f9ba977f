package org.merganser.bpe.encode;

import org.merganser.bpe.ByteLevelForm;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.Vocabulary;

/**
 * Encodes words of a byte-level model with all 256 bytes and no affixes, as nearly every model is:
 * the first symbols and their ranks come from tables.
 */
final class ByteWords implements WordEncoder {
  private final ByteTables tables;
  private final IndependentCharacters characters;
  private final WordMerger merger;
  private final Vocabulary vocabulary;
  private final ByteLevelForm form;

  ByteWords(Vocabulary vocabulary, ByteTables tables, WordMerger merger) {
    this.vocabulary = vocabulary;
    this.tables = tables;
    this.characters = tables.firmCharacters();
    this.merger = merger;
    this.form = new ByteLevelForm(vocabulary.longest());
  }

  @Override
  public void merge(byte[] text, int from, int to, IdBuffer out) {
    int n = to - from;
    int[] ids = out.ensure(n);
    int size = out.size();
    int left;
    if (n <= WordMerger.SMALL && isAscii(text, from, to)) {
      left = mergeAscii(text, from, n, ids, size);
    } else {
      int symbols = firstSymbols(text, from, to, ids, size);
      left = merger.merge(ids, size, symbols);
    }
    out.setSize(size + left);
  }

  private static boolean isAscii(byte[] text, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= text[i];
    }
    return bits >= 0;
  }

  private int mergeAscii(byte[] text, int from, int n, int[] ids, int at) {
    if (n == 1) {
      ids[at] = tables.idOf(text[from]);
      return 1;
    }
    int[] keys = merger.keys();
    int[] symbols = merger.symbolAt();
    int left = text[from];
    for (int i = 0; i < n - 1; i++) {
      int right = text[from + i + 1];
      symbols[i] = tables.idOf(left);
      keys[i] = WordMerger.key(tables.rank(left, right), i);
      left = right;
    }
    symbols[n - 1] = tables.idOf(left);
    return merger.mergeScanned(n, ids, at);
  }

  private int firstSymbols(byte[] text, int from, int to, int[] ids, int at) {
    int n = at;
    for (int i = from; i < to; ) {
      int firm = text[i] >= 0 ? IndependentCharacters.NONE : characters.id(text, from, i, to);
      if (firm == IndependentCharacters.NONE) {
        ids[n++] = tables.idOf(text[i++] & 0xFF);
      } else {
        ids[n++] = firm;
        i += IndependentCharacters.length(text[i]);
      }
    }
    return n - at;
  }

  @Override
  public void addLengths(
      byte[] text, int from, int to, int[] ids, int first, int end, IdBuffer lengths) {
    for (int i = first; i < end; i++) {
      lengths.add(vocabulary.characters(vocabulary.entry(ids[i])));
    }
  }

  @Override
  public int whole(byte[] text, int from, int to) {
    boolean asked = tables.mayHave(text, from, to) && form.set(text, from, to);
    return asked ? vocabulary.id(form.bytes(), 0, form.length()) : -1;
  }

  @Override
  public int ofCharacter(int utf8) {
    return characters.idAlone(utf8);
  }
}

package org.merganser.bpe;

/**
 * Words of a byte-level model that has all 256 bytes and no affixes, which is nearly every one: the
 * first symbols and their ranks come from tables.
 */
final class ByteWords implements WordEncoder {
  private final ByteTables tables;
  private final WordMerger merger;
  private final Vocabulary vocabulary;
  private final ByteLevelForm form;

  ByteWords(Vocabulary vocabulary, ByteTables tables, WordMerger merger) {
    this.vocabulary = vocabulary;
    this.tables = tables;
    this.merger = merger;
    this.form = new ByteLevelForm(vocabulary.longest());
  }

  @Override
  public void merge(byte[] text, int from, int to, IdBuffer out, Dropped dropped) {
    int n = to - from;
    int[] ids = out.ensure(n);
    int size = out.size();
    if (n <= WordMerger.SMALL) {
      long[] pairs = merger.pairs();
      int left = text[from] & 0xFF;
      for (int i = 0; i < n - 1; i++) {
        int right = text[from + i + 1] & 0xFF;
        pairs[i] = WordMerger.pair(tables.rank(left, right), tables.idOf(left));
        left = right;
      }
      pairs[n - 1] = WordMerger.pair(MergeTable.NONE, tables.idOf(left));
      out.setSize(size + merger.mergePairs(n, ids, size));
      return;
    }
    for (int i = 0; i < n; i++) {
      ids[size + i] = tables.idOf(text[from + i] & 0xFF);
    }
    out.setSize(size + merger.merge(ids, size, n));
  }

  @Override
  public int whole(byte[] text, int from, int to) {
    return form.set(text, from, to) ? vocabulary.id(form.bytes(), 0, form.length()) : -1;
  }
}

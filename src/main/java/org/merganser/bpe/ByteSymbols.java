package org.merganser.bpe;

/**
 * First symbols of a byte-level model that has all 256 bytes and no affixes, which is nearly every
 * one: a table of 256 ids.
 */
final class ByteSymbols implements FirstSymbols {
  private final int[] idOfByte;
  private final ByteLevelForm form;
  private final Vocabulary vocabulary;

  /**
   * @param idOfByte what {@link #idsOfBytes} gave, without a gap
   */
  ByteSymbols(Vocabulary vocabulary, int[] idOfByte) {
    this.vocabulary = vocabulary;
    this.idOfByte = idOfByte;
    this.form = new ByteLevelForm(vocabulary.longest());
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

  @Override
  public void append(byte[] text, int from, int to, IdBuffer out, Dropped dropped) {
    int[] ids = out.ensure(to - from);
    int at = out.size();
    for (int i = from; i < to; i++) {
      ids[at++] = idOfByte[text[i] & 0xFF];
    }
    out.setSize(at);
  }

  @Override
  public int whole(byte[] text, int from, int to) {
    if (!form.set(text, from, to)) {
      return -1;
    }
    return vocabulary.id(form.bytes(), 0, form.length());
  }
}

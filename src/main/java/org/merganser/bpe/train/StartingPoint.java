package org.merganser.bpe.train;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.text.unicode.ByteAlphabet;

/** Where a trainer starts: from nothing, or from a vocabulary and its merges. */
record StartingPoint(TrainedBpe existing) {
  /**
   * Adds the existing tokens to an empty vocabulary, in which they keep their ids.
   *
   * @throws IllegalArgumentException naming a token that occurs twice
   */
  void addTokens(GrowingVocabulary vocabulary) {
    List<String> tokens = existing.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      int first = vocabulary.add(tokens.get(id));
      if (first != id) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the vocabulary to continue has the token \"%s\" twice, as %d and %d",
                tokens.get(id),
                first,
                id));
      }
    }
  }

  /**
   * Encodes all words from their bytes, with the existing merges and those learned so far. This is
   * done before the first merge, and again after a merge whose token existed before: that token may
   * be a part of earlier merges, which then apply to it. Does nothing without existing merges: as
   * in HF's trainer, words then stay as merged.
   *
   * @param learned left and right part of each learned merge, by rank
   */
  void encode(PretokenSymbols words, GrowingVocabulary vocabulary, int[] learned) {
    if (existing.mergeCount() == 0) {
      return;
    }
    boolean byteLevel = true;
    BpeEncoder encoder = model(vocabulary, learned).newEncoder(byteLevel);
    IdBuffer ids = new IdBuffer(64);
    words.ensureId(vocabulary.size());
    int place = 1;
    while (place < words.length()) {
      byte[] word = wordAt(place, words, vocabulary);
      ids.clear();
      if (word.length > 0) {
        encoder.encode(word, 0, new int[] {word.length}, 1, ids);
      }
      int symbolPlace = place;
      for (int i = 0; i < ids.size(); i++) {
        int id = ids.ids()[i];
        int cells = bytesOf(vocabulary, id).length;
        words.setSymbol(symbolPlace, id, cells);
        symbolPlace += cells;
      }
      place += word.length + 1;
    }
  }

  /** The bytes of the word that begins at a place; each takes a cell, as does the word's end. */
  private static byte[] wordAt(int start, PretokenSymbols words, GrowingVocabulary vocabulary) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int place = start;
    for (int id = words.cell(place); id != words.end(); id = words.cell(place)) {
      byte[] symbol = bytesOf(vocabulary, id);
      bytes.writeBytes(symbol);
      place += symbol.length;
    }
    return bytes.toByteArray();
  }

  /** The bytes of text that a token represents. */
  private static byte[] bytesOf(GrowingVocabulary vocabulary, int id) {
    // Only characters of the byte alphabet become symbols.
    return Objects.requireNonNull(ByteAlphabet.toBytes(vocabulary.token(id)));
  }

  /** A model of the vocabulary with the existing merges, then the learned ones. */
  private BpeModel model(GrowingVocabulary vocabulary, int[] learned) {
    BpeModelBuilder builder = BpeModel.builder();
    for (int id = 0; id < vocabulary.size(); id++) {
      builder.addToken(vocabulary.token(id), id);
    }
    int[] merges = existing.merges();
    for (int i = 0; i < merges.length; i += 2) {
      builder.addMerge(existingToken(merges, i), existingToken(merges, i + 1));
    }
    for (int i = 0; i < learned.length; i += 2) {
      builder.addMerge(vocabulary.token(learned[i]), vocabulary.token(learned[i + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }

  /**
   * The token of the id at a place in the existing merges.
   *
   * @throws IllegalArgumentException naming the merge if no token has the id
   */
  private String existingToken(int[] merges, int at) {
    int id = merges[at];
    if (id < 0 || id >= existing.tokens().size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "merge %d of the vocabulary to continue names id %d; its ids are 0 to %d",
              at / 2,
              id,
              existing.tokens().size() - 1));
    }
    return existing.tokens().get(id);
  }
}

package org.merganser.bpe.train;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.unicode.ByteAlphabet;

/** Where a trainer starts: from nothing, or from a vocabulary and its merges. */
record StartingPoint(TrainedBpe existing) {
  /**
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
   * Encodes all words from their bytes with the existing merges and those learned so far, as an
   * encoder would: a token that a second merge produces can be part of merges of any rank. Does
   * nothing without existing merges.
   */
  void encode(PretokenSymbols words, GrowingVocabulary vocabulary, int[] learned) {
    if (existing.mergeCount() == 0) {
      return;
    }
    BpeEncoder encoder = model(vocabulary, learned).newEncoder(true);
    IdBuffer ids = new IdBuffer(64);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    words.ensureId(vocabulary.size());
    for (int place = 1; place < words.length(); ) {
      int start = place;
      bytes.reset();
      for (int id = words.cell(place); id != words.end(); id = words.cell(place)) {
        byte[] symbol = bytesOf(vocabulary, id);
        bytes.writeBytes(symbol);
        place += symbol.length;
      }
      ids.clear();
      if (place > start) {
        encoder.encode(bytes.toByteArray(), 0, new int[] {bytes.size()}, 1, ids);
      }
      for (int i = 0; i < ids.size(); i++) {
        int cells = bytesOf(vocabulary, ids.ids()[i]).length;
        words.setSymbol(start, ids.ids()[i], cells);
        start += cells;
      }
      place++;
    }
  }

  private static byte[] bytesOf(GrowingVocabulary vocabulary, int id) {
    // Only characters of the byte alphabet become symbols.
    return Objects.requireNonNull(ByteAlphabet.toBytes(vocabulary.token(id)));
  }

  private BpeModel model(GrowingVocabulary vocabulary, int[] learned) {
    BpeModel.Builder builder = BpeModel.builder();
    for (int id = 0; id < vocabulary.size(); id++) {
      builder.token(vocabulary.token(id), id);
    }
    int[] merges = existing.merges();
    for (int m = 0; m < merges.length; m += 2) {
      builder.merge(token(merges, m), token(merges, m + 1));
    }
    for (int m = 0; m < learned.length; m += 2) {
      builder.merge(vocabulary.token(learned[m]), vocabulary.token(learned[m + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }

  private String token(int[] merges, int at) {
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

package org.merganser.bpe;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a trainer starts: from nothing, or from a vocabulary and its merges. */
final class StartingPoint {
  static final StartingPoint NONE = new StartingPoint(new TrainedBpe(List.of(), new int[0]));

  private final TrainedBpe existing;

  StartingPoint(TrainedBpe existing) {
    this.existing = existing;
  }

  /**
   * @throws IllegalArgumentException naming a token that occurs twice
   */
  void addTokens(GrowingVocabulary vocabulary) {
    List<String> tokens = existing.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      int first = vocabulary.add(tokens.get(id));
      if (first != id) {
        throw new IllegalArgumentException(
            "the vocabulary to continue has the token \"%s\" twice, as %d and %d"
                .formatted(tokens.get(id), first, id));
      }
    }
  }

  /** Merges the symbols of all words, which are single bytes, as far as the existing merges go. */
  void encode(Words words, GrowingVocabulary vocabulary) {
    encodeAgain(words, vocabulary, new int[0], 0);
  }

  /**
   * Encodes all words from their bytes with the existing merges and {@code count} learned ones, as
   * an encoder would: a token that is made in a new way can be part of merges of any rank. Does
   * nothing where the start is nothing, for then it can not.
   */
  void encodeAgain(Words words, GrowingVocabulary vocabulary, int[] learned, int count) {
    if (existing.mergeCount() == 0) {
      return;
    }
    BpeEncoder encoder = model(vocabulary, learned, count).newEncoder(true);
    IdBuffer ids = new IdBuffer(64);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int word = words.first(); word >= 0; word = words.next()) {
      int n = words.read(word);
      bytes.reset();
      for (int i = 0; i < n; i++) {
        // Only characters of the byte alphabet become symbols.
        bytes.writeBytes(Objects.requireNonNull(bytesOf(vocabulary, words.symbols()[i])));
      }
      ids.clear();
      if (n > 0) {
        encoder.encode(bytes.toByteArray(), 0, new int[] {bytes.size()}, 1, ids);
      }
      words.write(ids.ids(), ids.size());
    }
  }

  private static byte @Nullable [] bytesOf(GrowingVocabulary vocabulary, int id) {
    return ByteAlphabet.toBytes(vocabulary.token(id));
  }

  private BpeModel model(GrowingVocabulary vocabulary, int[] learned, int count) {
    BpeModel.Builder builder = BpeModel.builder();
    for (int id = 0; id < vocabulary.size(); id++) {
      builder.token(vocabulary.token(id), id);
    }
    int[] merges = existing.merges();
    for (int m = 0; m < merges.length; m += 2) {
      builder.merge(token(merges, m), token(merges, m + 1));
    }
    for (int m = 0; m < 2 * count; m += 2) {
      builder.merge(vocabulary.token(learned[m]), vocabulary.token(learned[m + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }

  private String token(int[] merges, int at) {
    int id = merges[at];
    if (id < 0 || id >= existing.tokens().size()) {
      throw new IllegalArgumentException(
          "merge %d of the vocabulary to continue names id %d; its ids are 0 to %d"
              .formatted(at / 2, id, existing.tokens().size() - 1));
    }
    return existing.tokens().get(id);
  }

  /** The existing merges and then those that were learned. */
  TrainedBpe before(TrainedBpe learned) {
    int[] old = existing.merges();
    int[] all = Arrays.copyOf(old, old.length + learned.merges().length);
    System.arraycopy(learned.merges(), 0, all, old.length, learned.merges().length);
    return new TrainedBpe(learned.tokens(), all);
  }
}

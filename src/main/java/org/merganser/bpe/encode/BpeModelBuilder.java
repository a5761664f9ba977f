package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.Vocabulary;

/**
 * Builds a {@link BpeModel} from tokens and merges one at a time, so that a reader of a large file
 * needs no list of strings. Merges may come before tokens: they are resolved at the end.
 */
public final class BpeModelBuilder {
  /** The maximum length of an array. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  private final Vocabulary.Builder tokens = new Vocabulary.Builder();

  /** The left and right parts of all merges by rank, as UTF-8, back to back. */
  private final ByteBuilder parts = new ByteBuilder(1 << 12);

  /** Where each part ends in {@link #parts}. */
  private final IdBuffer ends = new IdBuffer(1 << 9);

  BpeModelBuilder() {}

  /**
   * Adds a token.
   *
   * @throws IllegalArgumentException for an id that is out of bounds, a lone surrogate, or too much
   *     text
   */
  public void addToken(String token, int id) {
    tokens.add(token, id);
  }

  /**
   * Adds the merge of the next rank.
   *
   * @throws IllegalArgumentException for a lone surrogate, or too much text
   */
  public void addMerge(String left, String right) {
    addPart(left);
    addPart(right);
  }

  /** Adds the left or right part of a merge. */
  private void addPart(String token) {
    byte[] utf8 = Vocabulary.utf8(token);
    if ((long) parts.length() + utf8.length > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "the merges are longer than 2 GiB together; was the file damaged?");
    }
    parts.append(utf8);
    ends.add(parts.length());
  }

  /**
   * Resolves the merges and builds the model.
   *
   * @throws IllegalArgumentException for two tokens with one id, a token with two ids, a merge
   *     whose parts or result are not tokens, or one whose right part is not longer than the
   *     prefix; the message names them as tokenizer.json does
   */
  public BpeModel build(BpeModel.Options options) {
    Vocabulary vocabulary = tokens.build();
    String prefix = Objects.requireNonNullElse(options.continuingSubwordPrefix(), "");
    int[] pairs = new int[ends.size()];
    int[] results = new int[ends.size() / 2];
    for (int rank = 0; rank < results.length; rank++) {
      pairs[2 * rank] = partId(vocabulary, 2 * rank);
      pairs[2 * rank + 1] = partId(vocabulary, 2 * rank + 1);
      results[rank] = resultId(vocabulary, rank, prefix);
    }
    return new BpeModel(vocabulary, pairs, results, options);
  }

  /** The id of a part; parts 2r and 2r + 1 are those of the merge of rank r. */
  private int partId(Vocabulary vocabulary, int part) {
    int id = vocabulary.id(parts.bytes(), start(part), start(part + 1));
    if (id < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "merge %d names token \"%s\", which is not in model.vocab; was the file edited by"
                  + " hand?",
              part / 2,
              text(part)));
    }
    return id;
  }

  /** The id of the token that a merge produces: its parts, the right one without the prefix. */
  private int resultId(Vocabulary vocabulary, int rank, String prefix) {
    int from = start(2 * rank);
    int middle = start(2 * rank + 1);
    int to = start(2 * rank + 2);
    // HF removes as many bytes as the prefix has, whatever they are.
    int removed = prefix.getBytes(StandardCharsets.UTF_8).length;
    if (to - middle <= removed) {
      String ofWhat = prefix.isEmpty() ? "" : " without the prefix \"" + prefix + "\"";
      throw unusable(rank, ", whose right part is empty" + ofWhat);
    }
    if (removed == 0) { // the parts are adjacent, so their bytes need no copy
      return resultId(vocabulary, rank, parts.bytes(), from, to);
    }
    byte[] result = Arrays.copyOfRange(parts.bytes(), from, to - removed);
    System.arraycopy(parts.bytes(), middle + removed, result, middle - from, to - middle - removed);
    return resultId(vocabulary, rank, result, 0, result.length);
  }

  /** The id of the token {@code text[from, to)}, which the merge of a rank produces. */
  private int resultId(Vocabulary vocabulary, int rank, byte[] text, int from, int to) {
    int id = vocabulary.id(text, from, to);
    if (id < 0) {
      String result = new String(text, from, to - from, StandardCharsets.UTF_8);
      throw unusable(
          rank,
          " to \"" + result + "\", which is not in model.vocab; was the file edited by hand?");
    }
    return id;
  }

  /** The error for a merge; {@code reason} continues the sentence that names it. */
  private IllegalArgumentException unusable(int rank, String reason) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "merge %d joins \"%s\" and \"%s\"%s",
            rank,
            text(2 * rank),
            text(2 * rank + 1),
            reason));
  }

  /** Where a part begins in {@link #parts}, which is where the one before ends. */
  private int start(int part) {
    return part == 0 ? 0 : ends.ids()[part - 1];
  }

  /** A part as text. */
  private String text(int part) {
    int from = start(part);
    return new String(parts.bytes(), from, start(part + 1) - from, StandardCharsets.UTF_8);
  }
}

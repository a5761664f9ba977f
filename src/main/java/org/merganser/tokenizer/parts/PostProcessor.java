package org.merganser.tokenizer.parts;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.pretokenize.PreTokenizerSpec;

/**
 * The {@code post_processor} of a tokenizer.json (HF: {@code processors/*.rs}): what is put around
 * the ids of a document when special tokens are asked for.
 */
public sealed interface PostProcessor {

  /** Moves offsets only. */
  record ByteLevel(PreTokenizerSpec.ByteLevel options) implements PostProcessor {}

  /**
   * BERT's and RoBERTa's frame {@code cls … sep}.
   *
   * @param roberta null for BertProcessing, else its two options about offsets
   */
  record Framing(String cls, int clsId, String sep, int sepId, @Nullable Roberta roberta)
      implements PostProcessor {}

  record Roberta(boolean trimOffsets, boolean addPrefixSpace) {}

  /** A frame of any special tokens; the template for pairs is kept to be written again. */
  record Template(List<Piece> single, List<Piece> pair, List<SpecialToken> specialTokens)
      implements PostProcessor {
    /** The special token that a piece names; the reader checked that it is there. */
    public SpecialToken special(String id) {
      for (SpecialToken token : specialTokens) {
        if (token.id().equals(id)) {
          return token;
        }
      }
      throw new IllegalStateException("no special token " + id);
    }
  }

  /**
   * A part of a template.
   *
   * @param special whether {@code id} names a special token, else a sequence ({@code A}, {@code B})
   */
  record Piece(boolean special, String id, int typeId) {}

  /** What a template puts for {@code id}. */
  record SpecialToken(String id, List<Integer> ids, List<String> tokens) {}

  record Sequence(List<PostProcessor> processors) implements PostProcessor {}

  /**
   * Whether it adds ids.
   *
   * <p>HF's Sequence hands the pieces of a template to the next processor one by one, so that two
   * adding processors in a row fail there: the reader refuses them.
   */
  default boolean adds() {
    if (this instanceof Sequence sequence) {
      return sequence.processors().stream().anyMatch(PostProcessor::adds);
    }
    return !(this instanceof ByteLevel);
  }

  /** The ids put before a single document ({@code before}) or behind it. */
  default List<Integer> around(boolean before) {
    List<Integer> ids = new ArrayList<>();
    if (this instanceof Framing framing) {
      ids.add(before ? framing.clsId() : framing.sepId());
    } else if (this instanceof Template template) {
      boolean here = before;
      for (Piece piece : template.single()) {
        if (!piece.special()) {
          here = !before;
        } else if (here) {
          ids.addAll(template.special(piece.id()).ids());
        }
      }
    } else if (this instanceof Sequence sequence) {
      for (PostProcessor part : sequence.processors()) {
        ids.addAll(part.around(before));
      }
    }
    return ids;
  }
}

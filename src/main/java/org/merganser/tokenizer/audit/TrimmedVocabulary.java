package org.merganser.tokenizer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.LiveMerges;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * A tokenizer without the tokens that {@link VocabularyTrim} removed. It has the remaining tokens
 * in the order of their ids, and, in order, the merges whose three tokens all remain. Everything
 * else is unchanged, apart from the ids that the post-processor and the padding name.
 */
public final class TrimmedVocabulary {
  private final Tokenizer old;
  private final Tokenizer trimmed;

  /** The old ids of the removed tokens. */
  private final BitSet removed;

  /** See {@link #newIds()}. */
  private final int[] newIds;

  /**
   * @param removed ids of tokens of the model, none of which the post-processor or the padding
   *     names
   */
  TrimmedVocabulary(Tokenizer old, BitSet removed) {
    this.old = old;
    this.removed = removed;
    BpeModel model = modelWithout(removed, old.model());
    PostProcessor oldProcessor = old.parts().postProcessor();
    JsonNode oldPadding = old.parts().padding();
    // A tokenizer gives its added tokens the ids that HF assigns, which the new file must have.
    Tokenizer numbered = withParts(model, old.addedTokens(), oldProcessor, oldPadding);
    newIds = new int[old.idBound()];
    for (int id = 0; id < newIds.length; id++) {
      String token = removed.get(id) ? null : old.token(id);
      newIds[id] = token == null ? -1 : numbered.id(token);
    }
    IdRenumbering ids = new IdRenumbering(newIds);
    trimmed =
        withParts(
            model,
            numbered.addedTokens(),
            oldProcessor == null ? null : ids.renumbered(oldProcessor),
            ids.renumbered(oldPadding));
  }

  /** The tokenizer without the removed tokens. */
  public Tokenizer tokenizer() {
    return trimmed;
  }

  /** The new id by old id; −1 for a removed token and for an id without a token. */
  public int[] newIds() {
    return newIds.clone();
  }

  /** The old id by new id; −1 for an id without a token. */
  public int[] oldIds() {
    int[] oldIds = new int[trimmed.idBound()];
    Arrays.fill(oldIds, -1);
    for (int id = 0; id < newIds.length; id++) {
      if (newIds[id] >= 0) {
        oldIds[newIds[id]] = id;
      }
    }
    return oldIds;
  }

  /** The old ids of the removed tokens. */
  public BitSet removed() {
    return (BitSet) removed.clone();
  }

  /** The model without the removed tokens and their merges. */
  private static BpeModel modelWithout(BitSet removed, BpeModel old) {
    BpeModelBuilder builder = BpeModel.builder();
    int next = 0;
    for (int id = 0; id < old.idBound(); id++) {
      String token = removed.get(id) ? null : old.token(id);
      if (token != null) {
        builder.addToken(token, next);
        next++;
      }
    }
    for (int rank : LiveMerges.ranks(old)) {
      if (!removed.get(old.mergeLeft(rank))
          && !removed.get(old.mergeRight(rank))
          && !removed.get(old.mergeResult(rank))) {
        builder.addMerge(LiveMerges.leftToken(old, rank), LiveMerges.rightToken(old, rank));
      }
    }
    return builder.build(old.options());
  }

  /** The old tokenizer with another model and other components that name ids. */
  private Tokenizer withParts(
      BpeModel model,
      List<AddedToken> added,
      @Nullable PostProcessor processor,
      @Nullable JsonNode padding) {
    TokenizerParts parts = old.parts();
    return new Tokenizer(
        new TokenizerParts(
            parts.fileVersion(),
            added,
            parts.normalizer(),
            parts.preTokenizer(),
            model,
            processor,
            parts.decoder(),
            parts.truncation(),
            padding,
            parts.zeroDropout(),
            List.of()),
        "the trimmed tokenizer");
  }
}

package org.merganser.tokenizer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.json.TokenizerWriter;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * A tokenizer without the tokens that {@link VocabularyTrim} removed. It has the remaining tokens
 * in the order of their ids, and, in order, the merges whose three tokens all remain. Everything
 * else is unchanged.
 */
public final class TrimmedVocabulary {
  private final Tokenizer old;
  private final Tokenizer trimmed;
  private final BitSet removed;
  private final int[] newIds;

  TrimmedVocabulary(Tokenizer old, BitSet removed) {
    this.old = old;
    this.removed = removed;
    BpeModel model = model(old.model(), removed);
    // This tokenizer assigns to added tokens the ids that HF assigns, which the file must have.
    Tokenizer numbered = tokenizer(model, old.addedTokens(), null);
    newIds = new int[old.idBound()];
    for (int id = 0; id < newIds.length; id++) {
      String token = removed.get(id) ? null : old.token(id);
      newIds[id] = token == null ? -1 : numbered.id(token);
    }
    trimmed = tokenizer(model, numbered.addedTokens(), newIds);
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

  private static BpeModel model(BpeModel old, BitSet removed) {
    BpeModelBuilder builder = BpeModel.builder();
    int next = 0;
    for (int id = 0; id < old.idBound(); id++) {
      String token = removed.get(id) ? null : old.token(id);
      if (token != null) {
        builder.token(token, next++);
      }
    }
    for (int rank : TokenizerWriter.liveRanks(old)) {
      if (!removed.get(old.mergeLeft(rank))
          && !removed.get(old.mergeRight(rank))
          && !removed.get(old.mergeResult(rank))) {
        builder.merge(TokenizerWriter.left(old, rank), TokenizerWriter.right(old, rank));
      }
    }
    return builder.build(old.options());
  }

  /**
   * The old tokenizer with another model.
   *
   * @param ids the new id by old id, for the components that name ids; null to keep those
   */
  private Tokenizer tokenizer(BpeModel model, List<AddedToken> added, int @Nullable [] ids) {
    TokenizerParts parts = old.parts();
    PostProcessor processor = parts.postProcessor();
    return new Tokenizer(
        new TokenizerParts(
            parts.fileVersion(),
            added,
            parts.normalizer(),
            parts.preTokenizer(),
            model,
            processor == null || ids == null ? processor : renumbered(processor, ids),
            parts.decoder(),
            parts.truncation(),
            ids == null ? parts.padding() : renumbered(parts.padding(), ids),
            parts.zeroDropout(),
            List.of()),
        "the trimmed tokenizer");
  }

  private static PostProcessor renumbered(PostProcessor processor, int[] ids) {
    if (processor instanceof PostProcessor.Bert bert) {
      return new PostProcessor.Bert(renumbered(bert.sep(), ids), renumbered(bert.cls(), ids));
    } else if (processor instanceof PostProcessor.Roberta roberta) {
      return new PostProcessor.Roberta(
          renumbered(roberta.sep(), ids),
          renumbered(roberta.cls(), ids),
          roberta.trimOffsets(),
          roberta.addPrefixSpace());
    } else if (processor instanceof PostProcessor.Template template) {
      SortedMap<String, PostProcessor.SpecialToken> tokens =
          new TreeMap<>(template.specialTokens());
      tokens.replaceAll(
          (id, token) -> {
            List<Integer> renumbered = token.ids().stream().map(i -> renumbered(i, ids)).toList();
            return new PostProcessor.SpecialToken(id, renumbered, token.tokens());
          });
      return new PostProcessor.Template(template.single(), template.pair(), tokens);
    } else if (processor instanceof PostProcessor.Sequence sequence) {
      return new PostProcessor.Sequence(
          sequence.processors().stream().map(part -> renumbered(part, ids)).toList());
    }
    return processor;
  }

  private static PostProcessor.Framing renumbered(PostProcessor.Framing framing, int[] ids) {
    return new PostProcessor.Framing(framing.token(), renumbered(framing.id(), ids));
  }

  private static @Nullable JsonNode renumbered(@Nullable JsonNode padding, int[] ids) {
    if (padding == null || !padding.path("pad_id").isInt()) {
      return padding;
    }
    ObjectNode copy = padding.deepCopy();
    return copy.put("pad_id", renumbered(padding.get("pad_id").intValue(), ids));
  }

  /** An id outside the tokenizer is unchanged. */
  private static int renumbered(int id, int[] ids) {
    return id < 0 || id >= ids.length || ids[id] < 0 ? id : ids[id];
  }
}

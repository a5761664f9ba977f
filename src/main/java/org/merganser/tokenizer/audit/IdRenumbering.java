package org.merganser.tokenizer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerParts;

/** Gives the components of a tokenizer that name ids the new ids of a trimmed vocabulary. */
final class IdRenumbering {
  /** By old id, the new one; −1 for a removed token. */
  private final int[] newIds;

  IdRenumbering(int[] newIds) {
    this.newIds = newIds;
  }

  /** The ids of tokens that the post-processor and the padding of a tokenizer name. */
  static BitSet namedIds(TokenizerParts parts) {
    List<Integer> ids = new ArrayList<>();
    if (parts.postProcessor() != null) {
      addIds(parts.postProcessor(), ids);
    }
    if (parts.padding() != null && parts.padding().path("pad_id").isInt()) {
      ids.add(parts.padding().get("pad_id").intValue());
    }
    BitSet named = new BitSet();
    ids.stream().filter(id -> id >= 0).forEach(named::set);
    return named;
  }

  /** Adds the ids that a processor names. */
  private static void addIds(PostProcessor processor, List<Integer> ids) {
    if (processor instanceof PostProcessor.BertFrame frame) {
      ids.add(frame.sep().id());
      ids.add(frame.cls().id());
    } else if (processor instanceof PostProcessor.Template template) {
      template.specialTokens().values().forEach(token -> ids.addAll(token.ids()));
    } else if (processor instanceof PostProcessor.Sequence sequence) {
      sequence.processors().forEach(part -> addIds(part, ids));
    }
  }

  /** The processor with new ids. */
  PostProcessor renumbered(PostProcessor processor) {
    if (processor instanceof PostProcessor.Bert bert) {
      return new PostProcessor.Bert(renumbered(bert.sep()), renumbered(bert.cls()));
    } else if (processor instanceof PostProcessor.Roberta roberta) {
      return new PostProcessor.Roberta(
          renumbered(roberta.sep()),
          renumbered(roberta.cls()),
          roberta.trimOffsets(),
          roberta.addPrefixSpace());
    } else if (processor instanceof PostProcessor.Template template) {
      SortedMap<String, PostProcessor.SpecialToken> tokens =
          new TreeMap<>(template.specialTokens());
      tokens.replaceAll(
          (name, token) -> {
            List<Integer> ids = token.ids().stream().map(this::renumbered).toList();
            return new PostProcessor.SpecialToken(name, ids, token.tokens());
          });
      return new PostProcessor.Template(template.single(), template.pair(), tokens);
    } else if (processor instanceof PostProcessor.Sequence sequence) {
      return new PostProcessor.Sequence(
          sequence.processors().stream().map(this::renumbered).toList());
    }
    return processor;
  }

  /** The member {@code padding} with a new {@code pad_id}; null for none. */
  @Nullable JsonNode renumbered(@Nullable JsonNode padding) {
    if (padding == null || !padding.path("pad_id").isInt()) {
      return padding;
    }
    ObjectNode copy = padding.deepCopy();
    return copy.put("pad_id", renumbered(padding.get("pad_id").intValue()));
  }

  /** The token with its new id. */
  private PostProcessor.Framing renumbered(PostProcessor.Framing framing) {
    return new PostProcessor.Framing(framing.token(), renumbered(framing.id()));
  }

  /**
   * The new id of a token, which is there since {@link VocabularyTrim} keeps the {@link #namedIds};
   * an id that never had a token is unchanged.
   */
  private int renumbered(int id) {
    boolean hasToken = id >= 0 && id < newIds.length && newIds[id] >= 0;
    return hasToken ? newIds[id] : id;
  }
}

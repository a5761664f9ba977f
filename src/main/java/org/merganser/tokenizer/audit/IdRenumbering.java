package org.merganser.tokenizer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.parts.PostProcessor;

/** Gives the components of a tokenizer that name ids the new ids of a trimmed vocabulary. */
final class IdRenumbering {
  /** By old id, the new one; −1 for a removed token. */
  private final int[] newIds;

  IdRenumbering(int[] newIds) {
    this.newIds = newIds;
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

  /** The new id; an id that is removed or outside the tokenizer is unchanged. */
  private int renumbered(int id) {
    return id < 0 || id >= newIds.length || newIds[id] < 0 ? id : newIds[id];
  }
}

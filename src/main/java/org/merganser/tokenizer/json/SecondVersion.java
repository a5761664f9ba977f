package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * The components of a tokenizer in the form of version 2.0 (HF: {@code tk-serialize/SPEC.md},
 * {@code tk-convert/src/convert.rs}). It differs from that of version 1.0:
 *
 * <ul>
 *   <li>a ByteLevel pre-tokenizer is {@code byte_level} of the model and a Split by GPT-2's regex,
 *   <li>a Metaspace pre-tokenizer is a MetaspaceNormalizer and a Split before its character,
 *   <li>a template has the ids of its tokens without names ({@link SecondVersionTemplate}).
 * </ul>
 *
 * @param normalizer a null node if there is none, like the other components
 * @param byteLevel whether the vocabulary writes bytes as characters of the byte alphabet
 */
record SecondVersion(
    JsonNode normalizer,
    JsonNode preTokenizer,
    JsonNode postProcessor,
    JsonNode decoder,
    boolean byteLevel) {
  /** The type of the normalizer that version 2.0 has for a Metaspace pre-tokenizer. */
  static final String METASPACE = "MetaspaceNormalizer";

  /** The member {@code invert} of a Split that cuts out what matches. */
  private static final boolean NOT_INVERTED = false;

  /** The Split that version 2.0 has for a ByteLevel with {@code use_regex}. */
  static final PreTokenizerSpec.Split GPT2 =
      new PreTokenizerSpec.Split(
          new TextPattern.Regex(SplitPattern.GPT2.regex()), Behavior.ISOLATED, NOT_INVERTED);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * The components of a tokenizer in version 2.0.
   *
   * @throws TokenizerException naming the component that has no such form
   */
  static SecondVersion of(TokenizerParts parts) {
    List<PreTokenizerSpec> cuts = components(parts.preTokenizer());
    boolean byteLevel = replaceByteLevel(cuts);
    JsonNode normalizer = moveMetaspace(cuts, tree(parts.normalizer()));
    requireOnlySecondVersion(cuts);
    JsonNode decoder = tree(parts.decoder());
    // A Metaspace, which alone has a scheme, has no split as a decoder of version 2.0.
    decoder.findParents("prepend_scheme").forEach(node -> ((ObjectNode) node).remove("split"));
    return new SecondVersion(
        normalizer,
        tree(joined(cuts)),
        SecondVersionTemplate.toSecondVersion(parts.postProcessor()),
        decoder,
        byteLevel);
  }

  /** Whether a Metaspace marks the beginning of each word: it may then follow WhitespaceSplit. */
  static boolean isWordMark(PreTokenizerSpec.Metaspace metaspace) {
    return metaspace.prependScheme() == PrependScheme.ALWAYS && metaspace.split();
  }

  /** The pre-tokenizers of a Sequence, or the only one, in a list that the caller may change. */
  static List<PreTokenizerSpec> components(@Nullable PreTokenizerSpec spec) {
    return spec == null ? new ArrayList<>() : new ArrayList<>(spec.components());
  }

  /** The opposite of {@link #components}; null for none. */
  static @Nullable PreTokenizerSpec joined(List<PreTokenizerSpec> cuts) {
    return switch (cuts.size()) {
      case 0 -> null;
      case 1 -> cuts.get(0);
      default -> new PreTokenizerSpec.Sequence(cuts);
    };
  }

  /** The Split that version 2.0 has for a Metaspace with {@code split}. */
  static PreTokenizerSpec splitBefore(String mark) {
    return new PreTokenizerSpec.Split(
        new TextPattern.Literal(mark), Behavior.MERGED_WITH_NEXT, NOT_INVERTED);
  }

  /**
   * Replaces a ByteLevel that is the last cut and adds no space with its Split, if it has one.
   *
   * @return whether there was such a ByteLevel
   */
  private static boolean replaceByteLevel(List<PreTokenizerSpec> cuts) {
    if (cuts.isEmpty()
        || !(cuts.get(cuts.size() - 1) instanceof PreTokenizerSpec.ByteLevel level)
        || level.addPrefixSpace()) {
      return false;
    }
    cuts.remove(cuts.size() - 1);
    if (level.useRegex()) {
      cuts.add(GPT2);
    }
    return true;
  }

  /**
   * Replaces a Metaspace that is the first cut, or the second one after WhitespaceSplit, with a
   * Split.
   *
   * @return the normalizer, with a MetaspaceNormalizer after it if there was such a cut
   */
  private static JsonNode moveMetaspace(List<PreTokenizerSpec> cuts, JsonNode normalizer) {
    boolean ofWords = cuts.size() > 1 && cuts.get(0) instanceof PreTokenizerSpec.WhitespaceSplit;
    int place = ofWords ? 1 : 0;
    if (place == cuts.size()
        || !(cuts.get(place) instanceof PreTokenizerSpec.Metaspace metaspace)
        || (ofWords && !isWordMark(metaspace))) {
      return normalizer;
    }
    cuts.subList(0, place + 1).clear();
    if (metaspace.split()) {
      cuts.add(0, splitBefore(metaspace.replacement()));
    }
    return appended(normalizer, metaspace, ofWords);
  }

  /**
   * Refuses a ByteLevel or Metaspace that {@link #replaceByteLevel} and {@link #moveMetaspace} have
   * left, since version 2.0 has no such pre-tokenizer.
   */
  private static void requireOnlySecondVersion(List<PreTokenizerSpec> cuts) {
    for (PreTokenizerSpec cut : cuts) {
      if (cut instanceof PreTokenizerSpec.ByteLevel || cut instanceof PreTokenizerSpec.Metaspace) {
        throw new TokenizerException(
            "$.pre_tokenizer: %s has no form in version 2.0; it has one for a ByteLevel that is the last and adds no space, and for a Metaspace that is the first or has \"always\" and follows WhitespaceSplit"
                .formatted(TokenizerWriter.component(cut)));
      }
    }
  }

  /** A component as JSON; a null node for none. */
  private static JsonNode tree(@Nullable Object component) {
    return component == null ? NullNode.instance : ComponentJson.MAPPER.valueToTree(component);
  }

  /** The normalizer followed by the MetaspaceNormalizer of a Metaspace. */
  private static JsonNode appended(
      JsonNode normalizer, PreTokenizerSpec.Metaspace metaspace, boolean dropWhitespace) {
    ObjectNode mark = JSON.objectNode().put("type", METASPACE);
    mark.put("replacement", metaspace.replacement());
    mark.set("prepend", tree(metaspace.prependScheme()));
    mark.put("drop_whitespace", dropWhitespace);
    if (normalizer.isNull()) {
      return mark;
    }
    ObjectNode chain = JSON.objectNode().put("type", "Sequence");
    ArrayNode members = chain.putArray("normalizers");
    if (normalizer.has("normalizers")) {
      normalizer.get("normalizers").forEach(members::add);
    } else {
      members.add(normalizer);
    }
    members.add(mark);
    return chain;
  }
}

package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Rewrites the components of a file of version 2.0 as those of version 1.0, which the rest of the
 * code knows; {@link SecondVersion} is the other direction and names the differences.
 */
final class SecondVersionReader {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SecondVersionReader() {}

  /**
   * Rewrites the small parts of a file in place. The pre-tokenizer only receives the defaults of
   * version 2.0 here; {@link #preTokenizer} makes that of version 1.0 of it.
   *
   * @param parts the small parts of the file by name
   * @param tokens the token of an id, or null
   * @return the MetaspaceNormalizer that ended the normalizer and was removed, or null
   * @throws TokenizerException naming a component that version 2.0 does not have
   */
  static @Nullable JsonValue rewrite(
      Map<String, JsonValue> parts, IntFunction<@Nullable String> tokens) {
    addDefaultsOfCuts(parts.get("pre_tokenizer"));
    SecondVersionTemplate.rewriteAsFirstVersion(parts.get("post_processor"), tokens);
    refuseOlderMetaspace(parts.get("decoder"));
    return removeMetaspace(parts);
  }

  /**
   * The pre-tokenizer of version 1.0; null if there is none.
   *
   * @param ofFile the pre-tokenizer of the file
   * @param metaspace the MetaspaceNormalizer that {@link #rewrite} returned
   * @param byteLevel {@code byte_level} of the model
   */
  static @Nullable PreTokenizerSpec preTokenizer(
      @Nullable PreTokenizerSpec ofFile, @Nullable JsonValue metaspace, boolean byteLevel) {
    List<PreTokenizerSpec> cuts = SecondVersion.components(ofFile);
    if (metaspace != null) {
      restoreMetaspace(cuts, metaspace);
    }
    if (byteLevel) {
      restoreByteLevel(cuts);
    }
    return SecondVersion.joined(cuts);
  }

  /**
   * Removes the MetaspaceNormalizer that ends the normalizer, and returns it; null if none does.
   */
  private static @Nullable JsonValue removeMetaspace(Map<String, JsonValue> parts) {
    JsonValue normalizer = parts.get("normalizer");
    if (normalizer == null || !normalizer.node().isObject()) {
      return null;
    }
    if (normalizer.type().equals(SecondVersion.METASPACE)) {
      parts.put("normalizer", new JsonValue(normalizer.file(), "$.normalizer", NullNode.instance));
      return normalizer;
    }
    JsonValue members = normalizer.optional("normalizers");
    if (members == null || members.items().isEmpty()) {
      return null;
    }
    int last = members.items().size() - 1;
    JsonValue lastMember = members.items().get(last);
    if (!lastMember.type().equals(SecondVersion.METASPACE)) {
      return null;
    }
    ((ArrayNode) members.node()).remove(last);
    return lastMember;
  }

  /**
   * Refuses pre-tokenizers that version 2.0 has in two parts, and sets the absent members of Split
   * and Digits to its defaults.
   */
  private static void addDefaultsOfCuts(@Nullable JsonValue value) {
    if (value == null || !(value.node() instanceof ObjectNode node)) {
      return;
    }
    switch (value.type()) {
      case "ByteLevel", "Metaspace" ->
          throw value
              .required("type")
              .because(
                  "version 2.0 has no such pre-tokenizer, but byte_level of the model, "
                      + SecondVersion.METASPACE
                      + " and Split; was the file converted in part?");
      case "Split" -> {
        node.putIfAbsent("behavior", JSON.textNode("Isolated"));
        node.putIfAbsent("invert", JSON.booleanNode(false));
      }
      case "Digits" -> node.putIfAbsent("individual_digits", JSON.booleanNode(false));
      case "Sequence" ->
          value.required("pretokenizers").items().forEach(SecondVersionReader::addDefaultsOfCuts);
      default -> {}
    }
  }

  /** Refuses a Metaspace with the members that versions before 2.0 have. */
  private static void refuseOlderMetaspace(@Nullable JsonValue value) {
    if (value == null || !value.node().isObject()) {
      return;
    }
    if (value.type().equals("Metaspace")) {
      value.required("prepend_scheme");
      for (String older : List.of("add_prefix_space", "str_rep", "split")) {
        JsonValue member = value.optional(older);
        if (member != null) {
          throw member.because("a Metaspace of version 2.0 has no " + older + "; remove it");
        }
      }
    } else if (value.type().equals("Sequence")) {
      value.required("decoders").items().forEach(SecondVersionReader::refuseOlderMetaspace);
    }
  }

  /**
   * Puts the Metaspace of a MetaspaceNormalizer in the place of its Split, or first if it has none;
   * and WhitespaceSplit before it if the MetaspaceNormalizer drops white space.
   *
   * @param mark the MetaspaceNormalizer
   */
  private static void restoreMetaspace(List<PreTokenizerSpec> cuts, JsonValue mark) {
    String replacement = mark.required("replacement").string();
    boolean split = !cuts.isEmpty() && cuts.get(0).equals(SecondVersion.splitBefore(replacement));
    if (split) {
      cuts.remove(0);
    }
    ObjectNode node = JSON.objectNode().put("type", "Metaspace").put("split", split);
    node.put("replacement", replacement);
    node.put("prepend_scheme", prependScheme(mark.required("prepend")));
    PreTokenizerSpec.Metaspace metaspace =
        (PreTokenizerSpec.Metaspace)
            ComponentJson.read(
                new JsonValue(mark.file(), mark.path(), node), PreTokenizerSpec.class);
    cuts.add(0, metaspace);
    JsonValue dropsWhitespace = mark.optional("drop_whitespace");
    if (dropsWhitespace != null && dropsWhitespace.bool()) {
      if (!SecondVersion.isWordMark(metaspace)) {
        throw dropsWhitespace.because(
            "without \"prepend\": \"always\" and a Split before \"%s\", words would be joined; such a file is not supported"
                .formatted(replacement));
      }
      cuts.add(0, new PreTokenizerSpec.WhitespaceSplit());
    }
  }

  /** The scheme of a mark. The member was a boolean before it had the names of 1.0. */
  private static String prependScheme(JsonValue prepend) {
    if (!prepend.node().isBoolean()) {
      return prepend.string();
    }
    return prepend.bool() ? "always" : "never";
  }

  /** Adds the ByteLevel of a byte-level model in the place of its Split, if it has one. */
  private static void restoreByteLevel(List<PreTokenizerSpec> cuts) {
    boolean useRegex = !cuts.isEmpty() && cuts.get(cuts.size() - 1).equals(SecondVersion.GPT2);
    if (useRegex) {
      cuts.remove(cuts.size() - 1);
    }
    boolean addPrefixSpace = false;
    boolean trimOffsets = useRegex; // version 2.0 has no such option, which changes no id
    cuts.add(new PreTokenizerSpec.ByteLevel(addPrefixSpace, trimOffsets, useRegex));
  }
}

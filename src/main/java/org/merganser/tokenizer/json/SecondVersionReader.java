package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   * Rewrites the small parts of a file in place, except the pre-tokenizer: {@link #preTokenizer}
   * completes it.
   *
   * @param parts the small parts of the file by name
   * @param tokens the token of an id, or null
   * @return the MetaspaceNormalizer that ended the normalizer and was removed, or null
   * @throws TokenizerException naming a component that version 2.0 does not have
   */
  static @Nullable JsonValue rewrite(
      Map<String, JsonValue> parts, IntFunction<@Nullable String> tokens) {
    checkCuts(parts.get("pre_tokenizer"));
    rewriteTemplates(parts.get("post_processor"), tokens);
    checkDecoder(parts.get("decoder"));
    return removeMetaspace(parts);
  }

  /** The pre-tokenizer of version 1.0 for that of the file and its MetaspaceNormalizer. */
  static @Nullable PreTokenizerSpec preTokenizer(
      @Nullable PreTokenizerSpec cut, @Nullable JsonValue mark, boolean byteLevel) {
    List<PreTokenizerSpec> cuts = SecondVersion.components(cut);
    if (mark != null) {
      restoreMetaspace(cuts, mark);
    }
    if (byteLevel) {
      restoreByteLevel(cuts);
    }
    return SecondVersion.joined(cuts);
  }

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
    int last = members == null ? 0 : members.items().size() - 1;
    if (members == null
        || last < 0
        || !members.items().get(last).type().equals(SecondVersion.METASPACE)) {
      return null;
    }
    JsonValue mark = members.items().get(last);
    ((ArrayNode) members.node()).remove(last);
    return mark;
  }

  /** Refuses components of two parts, and sets Split and Digits to the defaults of version 2.0. */
  private static void checkCuts(@Nullable JsonValue value) {
    if (value == null || !(value.node() instanceof ObjectNode node)) {
      return;
    }
    switch (value.type()) {
      case "ByteLevel", "Metaspace" ->
          throw value
              .required("type")
              .error(
                  "version 2.0 has no such pre-tokenizer, but byte_level of the model, "
                      + SecondVersion.METASPACE
                      + " and Split; was the file converted in part?");
      case "Split" -> {
        node.putIfAbsent("behavior", JSON.textNode("Isolated"));
        node.putIfAbsent("invert", JSON.booleanNode(false));
      }
      case "Digits" -> node.putIfAbsent("individual_digits", JSON.booleanNode(false));
      case "Sequence" ->
          value.required("pretokenizers").items().forEach(SecondVersionReader::checkCuts);
      default -> {}
    }
  }

  /** Refuses a Metaspace with the members that versions before 2.0 have. */
  private static void checkDecoder(@Nullable JsonValue value) {
    if (value == null || !value.node().isObject()) {
      return;
    }
    if (value.type().equals("Metaspace")) {
      value.required("prepend_scheme");
      for (String older : List.of("add_prefix_space", "str_rep", "split")) {
        JsonValue member = value.optional(older);
        if (member != null) {
          throw member.error("a Metaspace of version 2.0 has no " + older + "; remove it");
        }
      }
    } else if (value.type().equals("Sequence")) {
      value.required("decoders").items().forEach(SecondVersionReader::checkDecoder);
    }
  }

  /** Rewrites a template, which has the ids of its tokens in place of their names. */
  private static void rewriteTemplates(
      @Nullable JsonValue value, IntFunction<@Nullable String> tokens) {
    if (value == null || !(value.node() instanceof ObjectNode node)) {
      return;
    }
    if (value.type().equals("Sequence")) {
      value.required("processors").items().forEach(part -> rewriteTemplates(part, tokens));
    }
    if (!value.type().equals("TemplateProcessing")) {
      return;
    }
    JsonValue table = value.optional("special_tokens");
    if (table != null) {
      throw table.error("a template of version 2.0 has the ids in its pieces and no table");
    }
    ObjectNode named = node.putObject("special_tokens");
    for (String key : List.of("single", "pair")) {
      JsonValue pieces = value.required(key);
      ArrayNode rewritten = JSON.arrayNode();
      pieces.items().forEach(piece -> rewritten.add(rewrittenPiece(piece, tokens, named)));
      node.set(key, rewritten);
    }
  }

  /**
   * A piece of a template as version 1.0 has it.
   *
   * @param named the tokens of the template by name, to which those of the piece are added
   */
  private static ObjectNode rewrittenPiece(
      JsonValue piece, IntFunction<@Nullable String> tokens, ObjectNode named) {
    JsonValue sequence = piece.optional("seq");
    JsonValue ids = piece.optional("ids");
    if ((sequence == null) == (ids == null)) {
      throw piece.wrong("an object with either \"seq\" or \"ids\"");
    }
    JsonValue typeId = piece.optional("type_id");
    ObjectNode part = JSON.objectNode();
    if (sequence != null && !Set.of("A", "B").contains(sequence.string())) {
      throw sequence.wrong("\"A\" or \"B\"");
    }
    part.put("id", sequence != null ? sequence.string() : name(ids, tokens, named));
    part.set("type_id", typeId == null ? JSON.numberNode(0) : typeId.node());
    ObjectNode rewritten = JSON.objectNode();
    rewritten.set(sequence != null ? "Sequence" : "SpecialToken", part);
    return rewritten;
  }

  /** The name of a run of ids: their spellings joined. It is added to {@code named}. */
  private static String name(
      JsonValue ids, IntFunction<@Nullable String> tokens, ObjectNode named) {
    ArrayNode spelled = JSON.arrayNode();
    StringBuilder name = new StringBuilder();
    for (JsonValue id : ids.items()) {
      if (!id.node().isInt() || id.node().intValue() < 0) {
        throw id.wrong("an id");
      }
      String token = tokens.apply(id.node().intValue());
      spelled.add(token == null ? id.node().asText() : token);
      name.append(spelled.get(spelled.size() - 1).textValue());
    }
    // Two runs of ids with equal spelling have two names.
    while (named.has(name.toString())
        && !named.get(name.toString()).get("ids").equals(ids.node())) {
      name.append('_');
    }
    ObjectNode entry = named.putObject(name.toString()).put("id", name.toString());
    entry.set("ids", ids.node());
    entry.set("tokens", spelled);
    return name.toString();
  }

  /** Puts the Metaspace of a MetaspaceNormalizer in the place of its Split. */
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
    JsonValue words = mark.optional("drop_whitespace");
    if (words != null && words.bool()) {
      if (!SecondVersion.isWordMark(metaspace)) {
        throw words.error(
            "without \"prepend\": \"always\" and a Split before \"%s\", words would be joined; such a file is not supported"
                .formatted(replacement));
      }
      cuts.add(0, new PreTokenizerSpec.WhitespaceSplit());
    }
  }

  /** The member was a boolean before it had the names of 1.0. */
  private static String prependScheme(JsonValue prepend) {
    if (!prepend.node().isBoolean()) {
      return prepend.string();
    }
    return prepend.bool() ? "always" : "never";
  }

  /** Adds the ByteLevel of a byte-level model in the place of its Split, if it has one. */
  private static void restoreByteLevel(List<PreTokenizerSpec> cuts) {
    boolean gpt2 = !cuts.isEmpty() && cuts.get(cuts.size() - 1).equals(SecondVersion.GPT2);
    if (gpt2) {
      cuts.remove(cuts.size() - 1);
    }
    cuts.add(new PreTokenizerSpec.ByteLevel(false, gpt2, gpt2));
  }
}

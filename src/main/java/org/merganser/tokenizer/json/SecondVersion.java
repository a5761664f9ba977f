package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * The components of a tokenizer.json of version 2.0 (HF: {@code tk-serialize/SPEC.md}, {@code
 * tk-convert/src/convert.rs}) as those of version 1.0:
 *
 * <ul>
 *   <li>a ByteLevel pre-tokenizer is {@code byte_level} of the model and a Split by GPT-2's regex,
 *   <li>a Metaspace pre-tokenizer is a MetaspaceNormalizer and a Split before its character,
 *   <li>a template has the ids of its tokens without names.
 * </ul>
 *
 * @param byteLevel whether the vocabulary writes bytes as characters of the byte alphabet
 */
record SecondVersion(
    JsonNode normalizer,
    JsonNode preTokenizer,
    JsonNode postProcessor,
    JsonNode decoder,
    boolean byteLevel) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String METASPACE = "MetaspaceNormalizer";
  private static final Set<String> IN_TWO_PARTS = Set.of("ByteLevel", "Metaspace");

  private static final PreTokenizerSpec.Split GPT2 =
      new PreTokenizerSpec.Split(
          new TextPattern.Regex(SplitPattern.GPT2.regex()), Behavior.ISOLATED, false);

  /**
   * @throws TokenizerException naming the component that has no such form
   */
  static SecondVersion of(TokenizerParts parts) {
    List<PreTokenizerSpec> cuts = components(parts.preTokenizer());
    JsonNode normalizer = tree(parts.normalizer());
    boolean byteLevel = false;
    if (!cuts.isEmpty()
        && cuts.get(cuts.size() - 1) instanceof PreTokenizerSpec.ByteLevel level
        && !level.addPrefixSpace()) {
      cuts.remove(cuts.size() - 1);
      byteLevel = true;
      if (level.useRegex()) {
        cuts.add(GPT2);
      }
    }
    int words = cuts.size() > 1 && cuts.get(0) instanceof PreTokenizerSpec.WhitespaceSplit ? 1 : 0;
    if (words < cuts.size()
        && cuts.get(words) instanceof PreTokenizerSpec.Metaspace metaspace
        && (words == 0 || isWordMark(metaspace))) {
      cuts.subList(0, words + 1).clear();
      if (metaspace.split()) {
        cuts.add(0, splitBefore(metaspace.replacement()));
      }
      normalizer = appended(normalizer, metaspace, words > 0);
    }
    for (PreTokenizerSpec cut : cuts) {
      if (IN_TWO_PARTS.contains(cut.getClass().getSimpleName())) {
        throw new TokenizerException(
            "$.pre_tokenizer: %s has no form in version 2.0; it has one for a ByteLevel that is the last and adds no space, and for a Metaspace that is the first or has \"always\" and follows WhitespaceSplit"
                .formatted(TokenizerWriter.component(cut)));
      }
    }
    JsonNode decoder = tree(parts.decoder());
    decoder.findParents("prepend_scheme").forEach(node -> ((ObjectNode) node).remove("split"));
    return new SecondVersion(
        normalizer, tree(joined(cuts)), postProcessor(parts.postProcessor()), decoder, byteLevel);
  }

  private static boolean isWordMark(PreTokenizerSpec.Metaspace metaspace) {
    return metaspace.prependScheme() == PrependScheme.ALWAYS && metaspace.split();
  }

  private static JsonNode tree(@Nullable Object component) {
    return component == null ? NullNode.instance : ComponentJson.MAPPER.valueToTree(component);
  }

  private static List<PreTokenizerSpec> components(@Nullable PreTokenizerSpec spec) {
    return spec == null ? new ArrayList<>() : new ArrayList<>(spec.components());
  }

  private static @Nullable PreTokenizerSpec joined(List<PreTokenizerSpec> cuts) {
    return switch (cuts.size()) {
      case 0 -> null;
      case 1 -> cuts.get(0);
      default -> new PreTokenizerSpec.Sequence(cuts);
    };
  }

  private static PreTokenizerSpec splitBefore(String mark) {
    return new PreTokenizerSpec.Split(
        new TextPattern.Literal(mark), Behavior.MERGED_WITH_NEXT, false);
  }

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

  private static JsonNode postProcessor(@Nullable PostProcessor processor) {
    if (processor == null || !processor.adds()) {
      return NullNode.instance;
    }
    if (processor instanceof PostProcessor.Sequence sequence) {
      return postProcessor(
          sequence.processors().stream().filter(PostProcessor::adds).findFirst().orElseThrow());
    }
    ObjectNode template = JSON.objectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    ArrayNode pair = template.putArray("pair");
    if (processor instanceof PostProcessor.Template named) {
      named.single().forEach(piece -> single.add(piece(named, piece)));
      named.pair().forEach(piece -> pair.add(piece(named, piece)));
      return template;
    }
    boolean bert = processor instanceof PostProcessor.Bert;
    List<Integer> before = processor.idsBefore();
    List<Integer> after = processor.idsAfter();
    List<Integer> middle = new ArrayList<>(after);
    if (!bert) {
      middle.addAll(after);
    }
    int second = bert ? 1 : 0;
    single.add(ids(before, 0)).add(sequence("A", 0)).add(ids(after, 0));
    pair.add(ids(before, 0)).add(sequence("A", 0)).add(ids(middle, 0));
    pair.add(sequence("B", second)).add(ids(after, second));
    return template;
  }

  private static ObjectNode piece(PostProcessor.Template template, PostProcessor.Piece piece) {
    PostProcessor.Reference special = piece.special();
    if (special == null) {
      PostProcessor.Reference sequence = Objects.requireNonNull(piece.sequence());
      return sequence(sequence.id(), sequence.typeId());
    }
    return ids(
        Objects.requireNonNull(template.specialTokens().get(special.id())).ids(), special.typeId());
  }

  private static ObjectNode sequence(String id, int typeId) {
    return typed(JSON.objectNode().put("seq", id), typeId);
  }

  private static ObjectNode ids(List<Integer> ids, int typeId) {
    ObjectNode piece = JSON.objectNode();
    ids.forEach(piece.putArray("ids")::add);
    return typed(piece, typeId);
  }

  private static ObjectNode typed(ObjectNode piece, int typeId) {
    return typeId == 0 ? piece : piece.put("type_id", typeId);
  }

  /**
   * Rewrites components of version 2.0 as those of version 1.0, except the pre-tokenizer: {@link
   * #preTokenizer(PreTokenizerSpec, JsonValue, boolean)} completes it.
   *
   * @param parts the small parts of the file by name
   * @param tokens the token of an id, or null
   * @return the MetaspaceNormalizer that ended the normalizer, or null
   */
  static @Nullable JsonValue lower(
      Map<String, JsonValue> parts, IntFunction<@Nullable String> tokens) {
    refuseTwoParts(parts.get("pre_tokenizer"));
    lowerTemplate(parts.get("post_processor"), tokens);
    requireScheme(parts.get("decoder"));
    JsonValue normalizer = parts.get("normalizer");
    if (normalizer == null || !normalizer.node().isObject()) {
      return null;
    }
    if (normalizer.type().equals(METASPACE)) {
      parts.put("normalizer", new JsonValue(normalizer.file(), "$.normalizer", NullNode.instance));
      return normalizer;
    }
    JsonValue members = normalizer.optional("normalizers");
    int last = members == null ? 0 : members.items().size() - 1;
    if (members == null || last < 0 || !members.items().get(last).type().equals(METASPACE)) {
      return null;
    }
    JsonValue mark = members.items().get(last);
    ((ArrayNode) members.node()).remove(last);
    return mark;
  }

  /** Refuses components of two parts, and sets Split and Digits to the defaults of version 2.0. */
  private static void refuseTwoParts(@Nullable JsonValue value) {
    if (value == null || !(value.node() instanceof ObjectNode node)) {
      return;
    }
    switch (value.type()) {
      case "ByteLevel", "Metaspace" ->
          throw value
              .required("type")
              .error(
                  "version 2.0 has no such pre-tokenizer, but byte_level of the model, "
                      + METASPACE
                      + " and Split; was the file converted in part?");
      case "Split" -> {
        node.putIfAbsent("behavior", JSON.textNode("Isolated"));
        node.putIfAbsent("invert", JSON.booleanNode(false));
      }
      case "Digits" -> node.putIfAbsent("individual_digits", JSON.booleanNode(false));
      case "Sequence" ->
          value.required("pretokenizers").items().forEach(SecondVersion::refuseTwoParts);
      default -> {}
    }
  }

  private static void requireScheme(@Nullable JsonValue value) {
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
      value.required("decoders").items().forEach(SecondVersion::requireScheme);
    }
  }

  private static void lowerTemplate(
      @Nullable JsonValue value, IntFunction<@Nullable String> tokens) {
    if (value == null || !(value.node() instanceof ObjectNode node)) {
      return;
    }
    if (value.type().equals("Sequence")) {
      value.required("processors").items().forEach(part -> lowerTemplate(part, tokens));
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
      ArrayNode lowered = JSON.arrayNode();
      pieces.items().forEach(piece -> lowered.add(lowerPiece(piece, tokens, named)));
      node.set(key, lowered);
    }
  }

  private static ObjectNode lowerPiece(
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
    ObjectNode lowered = JSON.objectNode();
    lowered.set(sequence != null ? "Sequence" : "SpecialToken", part);
    return lowered;
  }

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

  /** The pre-tokenizer of version 1.0 for that of the file and its MetaspaceNormalizer. */
  static @Nullable PreTokenizerSpec preTokenizer(
      @Nullable PreTokenizerSpec cut, @Nullable JsonValue mark, boolean byteLevel) {
    List<PreTokenizerSpec> cuts = components(cut);
    if (mark != null) {
      String replacement = mark.required("replacement").string();
      boolean split = !cuts.isEmpty() && cuts.get(0).equals(splitBefore(replacement));
      if (split) {
        cuts.remove(0);
      }
      // The member was a boolean before it had the names of 1.0.
      JsonValue prepend = mark.required("prepend");
      ObjectNode node = JSON.objectNode().put("type", "Metaspace").put("split", split);
      node.put("replacement", replacement);
      node.put(
          "prepend_scheme",
          prepend.node().isBoolean() ? prepend.bool() ? "always" : "never" : prepend.string());
      PreTokenizerSpec.Metaspace metaspace =
          (PreTokenizerSpec.Metaspace)
              ComponentJson.read(
                  new JsonValue(mark.file(), mark.path(), node), PreTokenizerSpec.class);
      cuts.add(0, metaspace);
      JsonValue words = mark.optional("drop_whitespace");
      if (words != null && words.bool()) {
        if (!isWordMark(metaspace)) {
          throw words.error(
              "without \"prepend\": \"always\" and a Split before \"%s\", words would be joined; such a file is not supported"
                  .formatted(replacement));
        }
        cuts.add(0, new PreTokenizerSpec.WhitespaceSplit());
      }
    }
    if (byteLevel) {
      boolean gpt2 = !cuts.isEmpty() && cuts.get(cuts.size() - 1).equals(GPT2);
      if (gpt2) {
        cuts.remove(cuts.size() - 1);
      }
      cuts.add(new PreTokenizerSpec.ByteLevel(false, gpt2, gpt2));
    }
    return joined(cuts);
  }
}

package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * The post-processors of version 2.0, in which a template has the ids of its tokens without names
 * (HF: {@code tk-serialize/SPEC.md}). {@link SecondVersion} and {@link SecondVersionReader} convert
 * the other components.
 */
final class SecondVersionTemplate {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The type of a template in both versions. */
  private static final String TEMPLATE = "TemplateProcessing";

  // The members of a piece in version 2.0. TYPE_ID is also a member of a reference in version 1.0,
  // and IDS one of a special token.

  private static final String SEQUENCE = "seq";
  private static final String IDS = "ids";
  private static final String TYPE_ID = "type_id";

  private SecondVersionTemplate() {}

  /**
   * The template of version 2.0 for a processor of version 1.0; a null node if the processor adds
   * no ids.
   */
  static JsonNode toSecondVersion(@Nullable PostProcessor processor) {
    if (processor == null || !processor.addsIds()) {
      return NullNode.instance;
    }
    if (processor instanceof PostProcessor.Sequence sequence) {
      // The constructor of a Sequence allows only one that adds ids.
      return toSecondVersion(
          sequence.processors().stream().filter(PostProcessor::addsIds).findFirst().orElseThrow());
    }
    ObjectNode template = JSON.objectNode().put("type", TEMPLATE);
    ArrayNode single = template.putArray("single");
    ArrayNode pair = template.putArray("pair");
    if (processor instanceof PostProcessor.Template first) {
      first.single().forEach(piece -> single.add(piece(first, piece)));
      first.pair().forEach(piece -> pair.add(piece(first, piece)));
    } else {
      addFrames(processor, single, pair);
    }
    return template;
  }

  /**
   * Rewrites a processor of version 2.0 in place as version 1.0 has it; does nothing for null.
   *
   * @param tokens the token of an id, or null
   * @throws TokenizerException naming a piece that version 2.0 does not have
   */
  static void rewriteAsFirstVersion(
      @Nullable JsonValue value, IntFunction<@Nullable String> tokens) {
    if (value == null || !(value.node() instanceof ObjectNode node)) {
      return;
    }
    if (value.type().equals("Sequence")) {
      value.required("processors").items().forEach(part -> rewriteAsFirstVersion(part, tokens));
    }
    if (!value.type().equals(TEMPLATE)) {
      return;
    }
    JsonValue table = value.optional("special_tokens");
    if (table != null) {
      throw table.because("a template of version 2.0 has the ids in its pieces and no table");
    }
    ObjectNode runsByName = node.putObject("special_tokens");
    for (String key : List.of("single", "pair")) {
      JsonValue pieces = value.required(key);
      ArrayNode rewritten = JSON.arrayNode();
      pieces.items().forEach(piece -> rewritten.add(rewrittenPiece(piece, tokens, runsByName)));
      node.set(key, rewritten);
    }
  }

  /** Adds the templates of BERT or RoBERTa, which has {@code sep} twice between two documents. */
  private static void addFrames(PostProcessor processor, ArrayNode single, ArrayNode pair) {
    boolean isBert = processor instanceof PostProcessor.Bert;
    List<Integer> before = processor.idsBefore();
    List<Integer> after = processor.idsAfter();
    List<Integer> middle = new ArrayList<>(after);
    if (!isBert) {
      middle.addAll(after);
    }
    int second = isBert ? 1 : 0; // the segment number of the second document
    single.add(ids(before, 0)).add(sequence("A", 0)).add(ids(after, 0));
    pair.add(ids(before, 0)).add(sequence("A", 0)).add(ids(middle, 0));
    pair.add(sequence("B", second)).add(ids(after, second));
  }

  /** A piece of a template, with ids in place of a special token's name. */
  private static ObjectNode piece(PostProcessor.Template template, PostProcessor.Piece piece) {
    PostProcessor.Reference special = piece.special();
    if (special == null) {
      PostProcessor.Reference sequence = Objects.requireNonNull(piece.sequence());
      return sequence(sequence.id(), sequence.typeId());
    }
    return ids(
        Objects.requireNonNull(template.specialTokens().get(special.id())).ids(), special.typeId());
  }

  /** The piece of a document, {@code A} or {@code B}. */
  private static ObjectNode sequence(String id, int typeId) {
    return withTypeId(JSON.objectNode().put(SEQUENCE, id), typeId);
  }

  /** The piece of a run of ids. */
  private static ObjectNode ids(List<Integer> ids, int typeId) {
    ObjectNode piece = JSON.objectNode();
    ids.forEach(piece.putArray(IDS)::add);
    return withTypeId(piece, typeId);
  }

  /** The piece with its segment number, which is left out if it is 0. */
  private static ObjectNode withTypeId(ObjectNode piece, int typeId) {
    return typeId == 0 ? piece : piece.put(TYPE_ID, typeId);
  }

  /**
   * A piece of a template as version 1.0 has it.
   *
   * @param tokens the token of an id, or null
   * @param runsByName the runs of ids of the template by name, to which that of the piece is added
   */
  private static ObjectNode rewrittenPiece(
      JsonValue piece, IntFunction<@Nullable String> tokens, ObjectNode runsByName) {
    JsonValue sequence = piece.optional(SEQUENCE);
    JsonValue ids = piece.optional(IDS);
    if ((sequence == null) == (ids == null)) {
      throw piece.mustBe("an object with either \"seq\" or \"ids\"");
    }
    JsonValue typeId = piece.optional(TYPE_ID);
    ObjectNode reference = JSON.objectNode();
    if (sequence != null && !Set.of("A", "B").contains(sequence.string())) {
      throw sequence.mustBe("\"A\" or \"B\"");
    }
    reference.put("id", sequence != null ? sequence.string() : addRun(ids, tokens, runsByName));
    reference.set(TYPE_ID, typeId == null ? JSON.numberNode(0) : typeId.node());
    ObjectNode rewritten = JSON.objectNode();
    rewritten.set(sequence != null ? "Sequence" : "SpecialToken", reference);
    return rewritten;
  }

  /** Adds a run of ids under a name, the spellings of their tokens joined; returns the name. */
  private static String addRun(
      JsonValue ids, IntFunction<@Nullable String> tokens, ObjectNode runsByName) {
    ArrayNode spelled = JSON.arrayNode();
    StringBuilder name = new StringBuilder();
    for (JsonValue id : ids.items()) {
      if (!id.node().isInt() || id.node().intValue() < 0) {
        throw id.mustBe("an id");
      }
      String token = tokens.apply(id.node().intValue());
      spelled.add(token == null ? id.node().asText() : token);
      name.append(spelled.get(spelled.size() - 1).textValue());
    }
    // Two runs of ids with equal spelling have two names.
    while (runsByName.has(name.toString())
        && !runsByName.get(name.toString()).get(IDS).equals(ids.node())) {
      name.append('_');
    }
    ObjectNode run = runsByName.putObject(name.toString()).put("id", name.toString());
    run.set(IDS, ids.node());
    run.set("tokens", spelled);
    return name.toString();
  }
}

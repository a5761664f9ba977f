package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.PostProcessor.Piece;
import org.merganser.tokenizer.parts.PostProcessor.SpecialToken;

/** Reads and writes {@code post_processor}. */
final class PostProcessorJson {
  private PostProcessorJson() {}

  static PostProcessor read(JsonValue component) {
    return switch (component.type()) {
      case "ByteLevel" -> new PostProcessor.ByteLevel(PreTokenizerJson.readByteLevel(component));
      case "BertProcessing" -> readFraming(component, null);
      case "RobertaProcessing" ->
          readFraming(
              component,
              new PostProcessor.Roberta(
                  component.required("trim_offsets").bool(),
                  component.required("add_prefix_space").bool()));
      case "TemplateProcessing" -> readTemplate(component);
      case "Sequence" -> readSequence(component.required("processors"));
      default ->
          throw component
              .required("type")
              .unsupported(
                  "ByteLevel",
                  "TemplateProcessing",
                  "BertProcessing",
                  "RobertaProcessing",
                  "Sequence");
    };
  }

  private static PostProcessor readSequence(JsonValue processors) {
    List<PostProcessor> parts = processors.items().stream().map(PostProcessorJson::read).toList();
    if (parts.stream().filter(PostProcessor::adds).count() > 1) {
      throw processors.error(
          "more than one of its processors adds tokens, where HF's library fails");
    }
    return new PostProcessor.Sequence(parts);
  }

  private static PostProcessor readFraming(
      JsonValue component, PostProcessor.@Nullable Roberta roberta) {
    List<JsonValue> cls = pair(component.required("cls"));
    List<JsonValue> sep = pair(component.required("sep"));
    return new PostProcessor.Framing(
        cls.get(0).string(),
        cls.get(1).natural(),
        sep.get(0).string(),
        sep.get(1).natural(),
        roberta);
  }

  private static List<JsonValue> pair(JsonValue token) {
    List<JsonValue> items = token.items();
    if (items.size() != 2) {
      throw token.wrong("an array of a token and its id");
    }
    return items;
  }

  private static PostProcessor readTemplate(JsonValue component) {
    JsonValue table = component.required("special_tokens");
    if (!table.node().isObject()) {
      throw table.wrong("an object");
    }
    List<SpecialToken> specials = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : table.node().properties()) {
      specials.add(readSpecial(table.required(member.getKey()), member.getKey()));
    }
    // Sorted as utils::ordered_map writes them: by the bytes of the key.
    specials.sort(Comparator.comparing(SpecialToken::id, TokenizerWriter::compareUtf8));
    PostProcessor.Template template =
        new PostProcessor.Template(
            readPieces(component.required("single"), table),
            readPieces(component.required("pair"), table),
            List.copyOf(specials));
    long documents = template.single().stream().filter(p -> !p.special()).count();
    if (documents != 1
        || template.single().stream().anyMatch(p -> p.id().equals("B") && !p.special())) {
      throw component
          .required("single")
          .error("it holds " + documents + " sequences; one, \"A\", is what Merganser reproduces");
    }
    return template;
  }

  private static SpecialToken readSpecial(JsonValue token, String key) {
    JsonValue id = token.required("id");
    if (!id.string().equals(key)) {
      throw id.wrong("its own key, \"" + key + "\"");
    }
    List<Integer> ids = token.required("ids").items().stream().map(JsonValue::natural).toList();
    List<String> tokens = token.required("tokens").items().stream().map(JsonValue::string).toList();
    return new SpecialToken(id.string(), ids, tokens);
  }

  private static List<Piece> readPieces(JsonValue template, JsonValue specials) {
    List<Piece> pieces = new ArrayList<>();
    for (JsonValue item : template.items()) {
      JsonValue special = item.optional("SpecialToken");
      JsonValue piece = special != null ? special : item.required("Sequence");
      JsonValue id = piece.required("id");
      if (special != null && specials.optional(id.string()) == null) {
        throw id.wrong("one of special_tokens");
      }
      if (special == null && !id.string().equals("A") && !id.string().equals("B")) {
        throw id.wrong("\"A\" or \"B\"");
      }
      pieces.add(new Piece(special != null, id.string(), piece.required("type_id").natural()));
    }
    return List.copyOf(pieces);
  }

  static void write(@Nullable PostProcessor processor, JsonOutput out) {
    if (processor == null) {
      out.nullValue();
    } else if (processor instanceof PostProcessor.ByteLevel byteLevel) {
      PreTokenizerJson.writeByteLevel(byteLevel.options(), out);
    } else if (processor instanceof PostProcessor.Framing framing) {
      writeFraming(framing, out);
    } else if (processor instanceof PostProcessor.Template template) {
      writeTemplate(template, out);
    } else {
      out.beginObject().member("type", "Sequence").key("processors").beginArray();
      for (PostProcessor part : ((PostProcessor.Sequence) processor).processors()) {
        write(part, out);
      }
      out.endArray().endObject();
    }
  }

  private static void writeFraming(PostProcessor.Framing framing, JsonOutput out) {
    PostProcessor.Roberta roberta = framing.roberta();
    out.beginObject();
    out.member("type", roberta == null ? "BertProcessing" : "RobertaProcessing");
    out.key("sep").beginArray().value(framing.sep()).value(framing.sepId()).endArray();
    out.key("cls").beginArray().value(framing.cls()).value(framing.clsId()).endArray();
    if (roberta != null) {
      out.member("trim_offsets", roberta.trimOffsets());
      out.member("add_prefix_space", roberta.addPrefixSpace());
    }
    out.endObject();
  }

  private static void writeTemplate(PostProcessor.Template template, JsonOutput out) {
    out.beginObject().member("type", "TemplateProcessing");
    writePieces("single", template.single(), out);
    writePieces("pair", template.pair(), out);
    out.key("special_tokens").beginObject();
    for (SpecialToken token : template.specialTokens()) {
      out.key(token.id()).beginObject().member("id", token.id());
      out.key("ids").beginArray();
      token.ids().forEach(id -> out.value(id));
      out.endArray().key("tokens").beginArray();
      token.tokens().forEach(text -> out.value(text));
      out.endArray().endObject();
    }
    out.endObject().endObject();
  }

  private static void writePieces(String key, List<Piece> pieces, JsonOutput out) {
    out.key(key).beginArray();
    for (Piece piece : pieces) {
      out.beginObject().key(piece.special() ? "SpecialToken" : "Sequence").beginObject();
      out.member("id", piece.id()).key("type_id").value(piece.typeId()).endObject().endObject();
    }
    out.endArray();
  }
}

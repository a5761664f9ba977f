package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;

/**
 * The slow twin of {@link SecondVersion}: rewrites a tokenizer.json of version 1.0 in version 2.0
 * on the JSON alone, by the rules that HF's own tests of its conversion state. Where they allow
 * several spellings, it takes one at random.
 */
public final class SecondVersionConverter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** Thrown for a file of version 1.0 without a form in version 2.0. */
  public static final class NoForm extends Exception {
    private static final long serialVersionUID = 1;

    NoForm(String why) {
      super(why);
    }
  }

  private final Random random;

  private SecondVersionConverter(Random random) {
    this.random = random;
  }

  /** The file in version 2.0. */
  public static byte[] convert(byte[] json, Random random) throws NoForm {
    try {
      ObjectNode file = (ObjectNode) JSON.readTree(json);
      new SecondVersionConverter(random).convert(file);
      return JSON.writeValueAsBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void convert(ObjectNode file) throws NoForm {
    file.put("version", "2.0");
    ObjectNode model = (ObjectNode) file.get("model");
    model.put("type", "BPE").put("byte_level", false);
    mergesAsPairs(model);
    JsonNode cut = file.path("pre_tokenizer");
    if (is(cut, "Metaspace")) {
      metaspace(file, cut, false);
    } else if (is(cut, "Sequence")
        && cut.get("pretokenizers").size() == 2
        && is(cut.get("pretokenizers").get(0), "WhitespaceSplit")
        && is(cut.get("pretokenizers").get(1), "Metaspace")) {
      metaspace(file, cut.get("pretokenizers").get(1), true);
    } else {
      byteLevel(file, cut, model);
    }
    refuseRest(file.path("pre_tokenizer"));
    postProcessor(file);
    for (JsonNode decoder : file.path("decoder").findParents("replacement")) {
      metaspaceDecoder((ObjectNode) decoder);
    }
    if (is(file.path("decoder"), "Metaspace")) {
      metaspaceDecoder((ObjectNode) file.get("decoder"));
    }
  }

  private static boolean is(JsonNode component, String type) {
    return component.path("type").asText().equals(type);
  }

  private static void mergesAsPairs(ObjectNode model) {
    ArrayNode pairs = JSON.createArrayNode();
    for (JsonNode merge : model.get("merges")) {
      if (merge.isArray()) {
        pairs.add(merge);
      } else if (!merge.asText().startsWith("#version")) {
        String[] parts = merge.asText().split(" ", -1);
        pairs.addArray().add(parts[0]).add(parts[1]);
      }
    }
    model.set("merges", pairs);
  }

  private static String scheme(JsonNode metaspace) throws NoForm {
    String scheme = metaspace.path("prepend_scheme").asText("always");
    if (metaspace.has("add_prefix_space")
        && !metaspace.get("add_prefix_space").asBoolean()
        && !scheme.equals("never")) {
      throw new NoForm("add_prefix_space");
    }
    return scheme;
  }

  private void metaspace(ObjectNode file, JsonNode metaspace, boolean dropWhitespace)
      throws NoForm {
    String scheme = scheme(metaspace);
    if (!metaspace.path("split").asBoolean(true)) {
      throw new NoForm("split: false");
    }
    if (scheme.equals("first") || dropWhitespace && !scheme.equals("always")) {
      throw new NoForm("prepend_scheme " + scheme);
    }
    ObjectNode mark = JSON.createObjectNode().put("type", "MetaspaceNormalizer");
    mark.set("replacement", metaspace.get("replacement"));
    if (random.nextBoolean()) {
      mark.put("prepend", scheme.equals("always"));
    } else {
      mark.put("prepend", scheme);
    }
    mark.put("drop_whitespace", dropWhitespace);
    JsonNode before = file.path("normalizer");
    if (before.isNull() || before.isMissingNode()) {
      file.set("normalizer", mark);
    } else {
      ObjectNode chain = JSON.createObjectNode().put("type", "Sequence");
      ArrayNode members = chain.putArray("normalizers");
      if (is(before, "Sequence")) {
        before.get("normalizers").forEach(members::add);
      } else {
        members.add(before);
      }
      members.add(mark);
      file.set("normalizer", chain);
    }
    ObjectNode split = split("String", metaspace.get("replacement").asText());
    split.put("behavior", "MergedWithNext");
    file.set("pre_tokenizer", split);
  }

  private ObjectNode split(String kind, String pattern) {
    ObjectNode split = JSON.createObjectNode().put("type", "Split");
    split.putObject("pattern").put(kind, pattern);
    if (random.nextBoolean()) {
      split.put("behavior", "Isolated").put("invert", false);
    }
    return split;
  }

  private void byteLevel(ObjectNode file, JsonNode cut, ObjectNode model) throws NoForm {
    JsonNode level = cut;
    if (is(cut, "Sequence")) {
      ArrayNode members = (ArrayNode) cut.get("pretokenizers");
      level = members.path(members.size() - 1);
      if (!is(level, "ByteLevel")) {
        return;
      }
      members.remove(members.size() - 1);
      if (level.path("use_regex").asBoolean(true)) {
        members.add(split("Regex", GPT2));
      }
      if (members.isEmpty()) {
        file.remove("pre_tokenizer");
      }
    } else if (!is(cut, "ByteLevel")) {
      return;
    } else if (level.path("use_regex").asBoolean(true)) {
      file.set("pre_tokenizer", split("Regex", GPT2));
    } else if (random.nextBoolean()) {
      file.remove("pre_tokenizer");
    } else {
      file.set("pre_tokenizer", NullNode.instance);
    }
    if (level.path("add_prefix_space").asBoolean()) {
      throw new NoForm("add_prefix_space");
    }
    model.put("byte_level", true);
  }

  private static void refuseRest(JsonNode cut) throws NoForm {
    if (is(cut, "ByteLevel") || is(cut, "Metaspace")) {
      throw new NoForm(cut.toString());
    }
    for (JsonNode member : cut.path("pretokenizers")) {
      refuseRest(member);
    }
  }

  private void postProcessor(ObjectNode file) {
    JsonNode processor = file.path("post_processor");
    if (is(processor, "Sequence")) {
      JsonNode adding = NullNode.instance;
      for (JsonNode member : processor.get("processors")) {
        adding = is(member, "ByteLevel") ? adding : member;
      }
      processor = adding;
    }
    if (is(processor, "ByteLevel")) {
      processor = NullNode.instance;
    } else if (is(processor, "BertProcessing") || is(processor, "RobertaProcessing")) {
      ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
      int cls = processor.get("cls").get(1).asInt();
      int sep = processor.get("sep").get(1).asInt();
      for (String key : new String[] {"single", "pair"}) {
        ArrayNode pieces = template.putArray(key);
        pieces.addObject().putArray("ids").add(cls);
        pieces.addObject().put("seq", "A");
        pieces.addObject().putArray("ids").add(sep);
        if (key.equals("pair")) {
          pieces.addObject().put("seq", "B");
          pieces.addObject().putArray("ids").add(sep);
        }
      }
      processor = template;
    } else if (is(processor, "TemplateProcessing")) {
      for (String key : new String[] {"single", "pair"}) {
        ArrayNode pieces = JSON.createArrayNode();
        for (JsonNode piece : processor.get(key)) {
          ObjectNode flat = pieces.addObject();
          JsonNode part = piece.elements().next();
          if (piece.has("Sequence")) {
            flat.set("seq", part.get("id"));
          } else {
            JsonNode table = processor.get("special_tokens");
            flat.set("ids", table.get(part.get("id").asText()).get("ids"));
          }
          if (part.get("type_id").asInt() != 0 || random.nextBoolean()) {
            flat.set("type_id", part.get("type_id"));
          }
        }
        ((ObjectNode) processor).set(key, pieces);
      }
      ((ObjectNode) processor).remove("special_tokens");
    }
    if (processor.isMissingNode() || processor.isNull() && random.nextBoolean()) {
      file.remove("post_processor");
    } else {
      file.set("post_processor", processor);
    }
  }

  private static void metaspaceDecoder(ObjectNode decoder) throws NoForm {
    if (is(decoder, "Metaspace")) {
      decoder.put("prepend_scheme", scheme(decoder));
      decoder.remove("add_prefix_space");
      decoder.remove("str_rep");
      decoder.remove("split");
    }
  }
}

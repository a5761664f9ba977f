package org.merganser.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.merganser.TestResources;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Hand-made tokenizer.json files: any components around two small models, learned here naively from
 * {@link NastyText}.
 */
public final class TestTokenizers {
  static final ObjectMapper JSON = new ObjectMapper();

  static final String BYTE_LEVEL =
      "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':true}";
  static final String PLAIN_BYTE_LEVEL =
      "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':false}";
  static final String DECODER =
      "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}";

  /** Of {@link #randomMerges}: characters, and bytes of space, e acute and two Han characters. */
  private static final List<String> RANDOM_SYMBOLS =
      List.of("a", "b", "e", "1", "!", "Ġ", "Ã", "©", "ä", "¸", "Ń", "▁", "中", "<0xC3>", "\n", "Ċ");

  private static final ObjectNode BYTES = byteModel();
  private static final ObjectNode CHARACTERS = characterModel();

  private final ObjectNode file = JSON.createObjectNode();

  private TestTokenizers(ObjectNode model) {
    file.put("version", "1.0");
    file.putNull("truncation");
    file.putNull("padding");
    file.putArray("added_tokens");
    file.putNull("normalizer");
    file.putNull("pre_tokenizer");
    file.putNull("post_processor");
    file.putNull("decoder");
    file.set("model", model.deepCopy());
  }

  /** All bytes and some hundred merges; pre-tokenizer and decoder are ByteLevel. */
  static TestTokenizers bytes() {
    return new TestTokenizers(BYTES).with("pre_tokenizer", BYTE_LEVEL).with("decoder", DECODER);
  }

  /** SentencePiece's kind: characters, {@code ▁}, byte fallback, {@code <unk>} that is fused. */
  public static TestTokenizers characters() {
    return new TestTokenizers(CHARACTERS);
  }

  /** The file of one that has nothing for a character it does not know. */
  public static byte[] withoutUnknownToken() {
    return characters().model("unk_token", "null").model("byte_fallback", "false").json();
  }

  /** The file of one that writes {@code ▁} for a space, with added tokens. */
  public static byte[] metaspace(String... added) {
    TestTokenizers file =
        characters()
            .with(
                "pre_tokenizer",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}")
            .with(
                "decoder",
                "{'type':'Sequence','decoders':[{'type':'ByteFallback'},{'type':'Metaspace',"
                    + "'replacement':'▁','prepend_scheme':'always','split':true}]}");
    for (String content : added) {
      file.added(token(content, ""));
    }
    return file.json();
  }

  /** The file of a small byte-level one. */
  public static byte[] byteLevel() {
    return bytes().json();
  }

  /** Those of a file of resources by name: what each is based on, and what is another in it. */
  static Map<String, TestTokenizers> all(String resource) {
    Map<String, TestTokenizers> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : resource(resource).properties()) {
      boolean bytes = entry.getValue().get("base").asText().equals("bytes");
      TestTokenizers made = bytes ? bytes() : characters();
      entry.getValue().properties().forEach(part -> made.set(part.getKey(), part.getValue()));
      all.put(entry.getKey(), made);
    }
    return all;
  }

  private void set(String part, JsonNode value) {
    switch (part) {
      case "base" -> {}
      case "model" -> ((ObjectNode) file.get(part)).setAll((ObjectNode) value);
      case "added" ->
          value.properties().forEach(t -> added(token(t.getKey(), t.getValue().asText())));
      default -> file.set(part, value);
    }
  }

  /** The components that a file of resources lists, as texts for {@link #with}. */
  static List<String> components(String resource) {
    List<String> components = new ArrayList<>();
    resource(resource).forEach(json -> components.add(json.toString().replace("'", "\\u0027")));
    return components;
  }

  private static JsonNode resource(String file) {
    try {
      return JSON.readTree(TestResources.text("tokenizer/" + file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file, e);
    }
  }

  /** Tokenizers of the kinds that applications load; "scanner" runs on a scanner. */
  static Map<String, TestTokenizers> ofApplications() {
    return all("applications.json");
  }

  /** Sets a part; quotes may be single. */
  TestTokenizers with(String part, String json) {
    file.set(part, tree(json));
    return this;
  }

  TestTokenizers model(String member, String json) {
    ((ObjectNode) file.get("model")).set(member, tree(json));
    return this;
  }

  /** Replaces the model with one of seven tokens, where a small file matters and its ids do not. */
  TestTokenizers tiny() {
    ObjectNode model = (ObjectNode) file.get("model");
    model.set("vocab", tree("{'<unk>':0,'e':1,'s':2,'h':3,'Ġ':4,'▁':5,'he':6}"));
    model.set("merges", tree("[['h','e']]"));
    return model("unk_token", "'<unk>'");
  }

  /** Keeps the first merges, and the tokens that they make. */
  TestTokenizers merges(int most) {
    ObjectNode model = (ObjectNode) file.get("model");
    ArrayNode merges = (ArrayNode) model.get("merges");
    ObjectNode vocabulary = (ObjectNode) model.get("vocab");
    while (merges.size() > most) {
      JsonNode last = merges.remove(merges.size() - 1);
      vocabulary.remove(last.get(0).asText() + last.get(1).asText());
    }
    // A token may be the result of an earlier merge too.
    for (JsonNode merge : merges) {
      String joined = merge.get(0).asText() + merge.get(1).asText();
      if (!vocabulary.has(joined)) {
        vocabulary.put(joined, vocabulary.size());
      }
    }
    return idsFrom(0);
  }

  /** Numbers the model's tokens from {@code first} on. */
  TestTokenizers idsFrom(int first) {
    ObjectNode vocabulary = (ObjectNode) file.get("model").get("vocab");
    int id = first;
    for (String token : vocabulary.properties().stream().map(Map.Entry::getKey).toList()) {
      vocabulary.put(token, id++);
    }
    return this;
  }

  /**
   * Replaces all merges by random ones of a few symbols, in any order: a token may have several
   * merges, or parts that are merged later than itself. Ids are in any order and have gaps.
   */
  TestTokenizers randomMerges(Random random) {
    merges(0);
    ObjectNode model = (ObjectNode) file.get("model");
    ObjectNode vocabulary = (ObjectNode) model.get("vocab");
    List<String> symbols = new ArrayList<>();
    for (String symbol : RANDOM_SYMBOLS) {
      if (vocabulary.has(symbol)) {
        symbols.add(symbol);
      }
    }
    Collections.shuffle(symbols, random);
    symbols.subList(Math.min(symbols.size(), 2 + random.nextInt(5)), symbols.size()).clear();
    Set<List<String>> pairs = new LinkedHashSet<>();
    for (int i = random.nextInt(40); i >= 0; i--) {
      String left = symbols.get(random.nextInt(symbols.size()));
      String right = symbols.get(random.nextInt(symbols.size()));
      if (left.length() + right.length() <= 9 && pairs.add(List.of(left, right))) {
        symbols.add(left + right);
        vocabulary.put(left + right, 0);
      }
    }
    List<List<String>> order = new ArrayList<>(pairs);
    if (random.nextBoolean()) {
      Collections.shuffle(order, random);
    }
    ArrayNode merges = model.putArray("merges");
    order.forEach(pair -> merges.addArray().add(pair.get(0)).add(pair.get(1)));
    for (int i = random.nextInt(4); i > 0; i--) { // tokens that no merge makes
      String left = symbols.get(random.nextInt(symbols.size()));
      vocabulary.put(left + symbols.get(random.nextInt(symbols.size())), 0);
    }
    List<String> tokens =
        new ArrayList<>(vocabulary.properties().stream().map(Map.Entry::getKey).toList());
    if (random.nextBoolean()) {
      Collections.shuffle(tokens, random);
    }
    int gap = random.nextBoolean() ? 1 : 1 + random.nextInt(300);
    int id = random.nextInt(3) == 0 ? 1 << 16 : 0;
    for (String token : tokens) {
      vocabulary.put(token, id);
      id += 1 + random.nextInt(gap);
    }
    return this;
  }

  TestTokenizers added(AddedToken... tokens) {
    ArrayNode array = (ArrayNode) file.get("added_tokens");
    for (AddedToken token : tokens) {
      ObjectNode node = array.addObject();
      node.put("id", token.id());
      node.put("content", token.content());
      node.put("single_word", token.singleWord());
      node.put("lstrip", token.lstrip());
      node.put("rstrip", token.rstrip());
      node.put("normalized", token.normalized());
      node.put("special", token.special());
    }
    return this;
  }

  /** An added token by its flags: w(ord), l(strip), r(strip), n(ormalized), s(pecial). */
  static AddedToken token(String content, String flags) {
    return new AddedToken(
        9999,
        content,
        flags.contains("w"),
        flags.contains("l"),
        flags.contains("r"),
        flags.contains("n"),
        flags.contains("s"));
  }

  byte[] json() {
    try {
      return JSON.writeValueAsBytes(file);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A file whose ids decode in every version of HF as those of this one do in 0.23, which passes
   * the normalized form of an added token to the decoder: the forms are tokens of the model.
   *
   * @param added the added tokens with their ids
   * @param inTwin takes the new id of each added token
   */
  byte[] decoding(
      List<AddedToken> added, Function<AddedToken, String> form, Map<Integer, Integer> inTwin) {
    ObjectNode twin = file.deepCopy();
    twin.putNull("normalizer");
    twin.putNull("pre_tokenizer");
    ObjectNode vocabulary = (ObjectNode) twin.get("model").get("vocab");
    for (AddedToken token : added) {
      String spelled = form.apply(token);
      if (!vocabulary.has(spelled)) {
        vocabulary.put(spelled, vocabulary.size());
      }
      inTwin.put(token.id(), vocabulary.get(spelled).asInt());
    }
    twin.remove("added_tokens");
    ArrayNode special = twin.putArray("added_tokens");
    for (AddedToken token : added) {
      if (token.special() && vocabulary.has(token.content())) {
        ObjectNode node = special.addObject();
        node.put("id", vocabulary.get(token.content()).asInt());
        node.put("content", token.content());
        List.of("single_word", "lstrip", "rstrip", "normalized").forEach(f -> node.put(f, false));
        node.put("special", true);
      }
    }
    try {
      return JSON.writeValueAsBytes(twin);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the model has no token for a character that it does not know. */
  boolean losesText() {
    return file.get("model").get("unk_token").isNull();
  }

  /** For the description of a failure. */
  String withoutModel() {
    ObjectNode parts = file.deepCopy();
    parts.remove("model");
    return parts.toString();
  }

  public Tokenizer build() {
    return Tokenizer.read(json(), "tokenizer.json");
  }

  public static JsonNode tree(String json) {
    try {
      return JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static ObjectNode byteModel() {
    List<String> alphabet = new ArrayList<>();
    new TreeSet<>(
            java.util.stream.IntStream.range(0, 256).mapToObj(b -> ByteAlphabet.toChar(b)).toList())
        .forEach(c -> alphabet.add(String.valueOf(c)));
    byte[] text = NastyText.all().repeat(2).getBytes(StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>();
    for (String word : ByteAlphabet.toToken(text, 0, text.length).split("(?=Ġ)")) {
      words.add(word);
    }
    return model(alphabet, words, null);
  }

  private static ObjectNode characterModel() {
    List<String> alphabet = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      alphabet.add(CharacterCoverage.fallbackToken(b));
    }
    String text = "▁" + NastyText.all().replace(' ', '▁');
    // Half of the characters only: the others fall back to bytes.
    text.codePoints()
        .distinct()
        .filter(c -> c % 2 == 0 || c < 0x80 || c == '▁')
        .forEach(c -> alphabet.add(Character.toString(c)));
    ObjectNode model = model(alphabet, List.of(text.split("(?=▁)")), "<unk>");
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    return model;
  }

  /** The naive trainer: counts all pairs anew for each of 300 merges. */
  private static ObjectNode model(List<String> alphabet, List<String> words, String unk) {
    List<List<String>> split = new ArrayList<>();
    for (String word : words) {
      List<String> symbols = new ArrayList<>();
      word.codePoints().forEach(c -> symbols.add(Character.toString(c)));
      split.add(symbols);
    }
    List<String> tokens = new ArrayList<>(alphabet);
    List<List<String>> merges = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Map<List<String>, Integer> counts = new LinkedHashMap<>();
      for (List<String> word : split) {
        for (int k = 0; k + 1 < word.size(); k++) {
          if (tokens.contains(word.get(k)) && tokens.contains(word.get(k + 1))) {
            counts.merge(List.of(word.get(k), word.get(k + 1)), 1, Integer::sum);
          }
        }
      }
      if (counts.isEmpty()) {
        break;
      }
      List<String> best =
          counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
      merges.add(best);
      String joined = best.get(0) + best.get(1);
      if (!tokens.contains(joined)) {
        tokens.add(joined);
      }
      for (List<String> word : split) {
        for (int k = 0; k + 1 < word.size(); k++) {
          if (word.get(k).equals(best.get(0)) && word.get(k + 1).equals(best.get(1))) {
            word.set(k, joined);
            word.remove(k + 1);
          }
        }
      }
    }
    ObjectNode model = JSON.createObjectNode();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", unk);
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (String token : tokens) {
      vocabulary.put(token, vocabulary.size());
    }
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(merge -> pairs.addArray().add(merge.get(0)).add(merge.get(1)));
    return model;
  }
}

package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.json.Json;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.TokenizerException;

/** The figures and some tokens of a tokenizer, as JSON and for a person. */
final class TokenizerDescription {
  /** The members of a model that are no options. */
  private static final Set<String> NO_OPTIONS = Set.of("type", "vocab", "merges");

  private final Path file;

  /** The bytes of the file. */
  private final byte[] fileBytes;

  private final Tokenizer tokenizer;

  /** The maximum number of listed tokens of each kind. */
  private final int listed;

  private TokenizerDescription(Path file, byte[] fileBytes, Tokenizer tokenizer, int listed) {
    this.file = file;
    this.fileBytes = fileBytes;
    this.tokenizer = tokenizer;
    this.listed = listed;
  }

  /**
   * Describes a tokenizer.json.
   *
   * @param listed the maximum number of listed tokens of each kind
   */
  static TokenizerDescription read(Path file, int listed) throws IOException {
    byte[] bytes = WholeFile.read(file);
    return new TokenizerDescription(file, bytes, Tokenizer.read(bytes, file.toString()), listed);
  }

  /** The description, with its members in the order in which they are printed. */
  ObjectNode json() {
    ObjectNode result = Json.MAPPER.createObjectNode();
    addFigures(result);
    addComponents(result);
    addTokens(result);
    return result;
  }

  private void addFigures(ObjectNode result) {
    result
        .put("path", file.toString())
        .put("sha256", Sha256.of(fileBytes))
        .put("fileVersion", tokenizer.parts().fileVersion().value())
        .put("ids", tokenizer.idBound())
        .put("modelVocabulary", tokenizer.model().size())
        .put("merges", tokenizer.model().mergeCount());
  }

  /** Adds the parts of the tokenizer as the file has them, and what is unusual about them. */
  private void addComponents(ObjectNode result) {
    JsonNode tree = Json.tree(fileBytes, file.toString(), TokenizerException::new);
    result.set("normalizer", tree.get("normalizer"));
    result.set("preTokenizer", tree.get("pre_tokenizer"));
    result.set("modelOptions", optionsInUse(tree.path("model")));
    result.set("bytesWithoutToken", Json.MAPPER.valueToTree(tokenizer.missingBytes()));
    ArrayNode warnings = result.putArray("warnings");
    tokenizer.missingBytesWarning().ifPresent(warnings::add);
    tokenizer.warnings().forEach(warnings::add);
  }

  /** The options of a model that are neither null nor false. */
  private static ObjectNode optionsInUse(JsonNode model) {
    ObjectNode options = Json.MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> member : model.properties()) {
      boolean isOption = !NO_OPTIONS.contains(member.getKey());
      JsonNode value = member.getValue();
      boolean isFalse = value.isBoolean() && !value.booleanValue();
      if (isOption && !value.isNull() && !isFalse) {
        options.set(member.getKey(), value);
      }
    }
    return options;
  }

  /** Adds the first tokens of each kind. */
  private void addTokens(ObjectNode result) {
    ArrayNode added = result.putArray("addedTokens");
    tokenizer.addedTokens().stream()
        .limit(listed)
        .forEach(
            token ->
                added.add(TokenJson.of(tokenizer, token.id()).put("special", token.special())));
    ArrayNode first = result.putArray("firstMerges");
    firstMergedTokens().forEach(id -> first.add(TokenJson.of(tokenizer, id)));
    ArrayNode longest = result.putArray("longestTokens");
    longestTokens().forEach(id -> longest.add(TokenJson.of(tokenizer, id)));
  }

  /** The ids of the first tokens that merges produce. */
  private IntStream firstMergedTokens() {
    int count = Math.min(listed, tokenizer.model().mergeCount());
    return IntStream.range(0, count).map(tokenizer.model()::mergeResult);
  }

  /** The ids of the tokens with most bytes; of equally long ones the lowest first. */
  private IntStream longestTokens() {
    return IntStream.range(0, tokenizer.idBound())
        .boxed()
        .sorted(Comparator.comparingInt((Integer id) -> -tokenizer.bytes(id).length)) // stable
        .limit(listed)
        .mapToInt(Integer::intValue);
  }

  /** Prints the description for a person, with a line for each member or token. */
  void print(PrintWriter out) {
    ObjectNode description = json();
    out.printf("A tokenizer: %s%n%n", description.remove("path").textValue());
    for (Map.Entry<String, JsonNode> member : description.properties()) {
      String name = member.getKey().replaceAll("[A-Z]", " $0").toLowerCase(Locale.ROOT);
      JsonNode value = member.getValue();
      boolean isListOfTokens = value.path(0).has("id");
      if (isListOfTokens) {
        out.printf("%n%s%n", name);
        value.forEach(token -> printToken(token, out));
      } else {
        String text = value.isTextual() ? value.textValue() : value.toString();
        out.printf("%-22s %s%n", name, TerminalText.line(text));
      }
    }
  }

  private void printToken(JsonNode token, PrintWriter out) {
    int id = token.path("id").intValue();
    out.printf(
        Locale.ROOT,
        "%8d  %s%s%n",
        id,
        TerminalText.printable(tokenizer.bytes(id), tokenizer.token(id)),
        token.path("special").booleanValue() ? "  (special)" : "");
  }
}

package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.DecoderSpec;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * Reads a tokenizer.json as a stream of tokens. Accepts content that HF reads and Merganser
 * reproduces exactly; refuses everything else with its JSON path. Memory is bounded by a small
 * multiple of the file, the stack by the allowed nesting.
 */
public final class TokenizerReader {
  /**
   * The maximum nesting of objects and arrays; serde_json stops at 128, and real files nest to 7.
   */
  static final int MAX_NESTING = 64;

  /** The maximum length of names and strings: that of any reasonable token. */
  private static final int MAX_TOKEN_CHARS = 10_000_000;

  /** The members that are read as trees: all but the model and the added tokens. */
  private static final Set<String> SMALL_PARTS =
      Set.of(
          "version",
          "truncation",
          "padding",
          "role_to_token",
          "normalizer",
          "pre_tokenizer",
          "post_processor",
          "decoder");

  /** The effect of truncation and padding, see {@link #keepUnused}. */
  private static final String CHANGES_LENGTH = "would cut or pad documents";

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNameLength(MAX_TOKEN_CHARS)
                  .maxStringLength(MAX_TOKEN_CHARS)
                  .build())
          // Tokens are names here: a symbol table of half a million entries is too costly.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** The file's name in errors. */
  private final String file;

  private final List<String> warnings = new ArrayList<>();

  /** By name, the members of {@link #SMALL_PARTS} that the file has. */
  private final Map<String, JsonValue> smallParts = new LinkedHashMap<>();

  private List<AddedToken> addedTokens = List.of();

  /** Null until the model is read. */
  private @Nullable ModelReader model;

  private TokenizerReader(String file) {
    this.file = file;
  }

  /**
   * Reads the bytes of a tokenizer.json.
   *
   * @param file the file's name in errors
   * @throws TokenizerException naming the JSON path and the value, or what the file is if it is not
   *     a tokenizer.json
   */
  public static TokenizerParts read(byte[] json, String file) {
    try {
      return readTokenizer(json, file);
    } catch (TokenizerException e) {
      String other = OtherFile.kind(FACTORY, json);
      if (other == null) {
        throw e;
      }
      throw new TokenizerException(
          "%s: %s; a tokenizer.json lies beside the weights of a model, and save_pretrained() of a"
                  .formatted(file, other)
              + " fast tokenizer writes one",
          e);
    }
  }

  /** Reads bytes that should be a tokenizer.json. */
  private static TokenizerParts readTokenizer(byte[] json, String file) {
    requireUtf8(json, file);
    TokenizerReader reader = new TokenizerReader(file);
    try (JsonParser parser = FACTORY.createParser(json)) {
      try {
        return reader.read(parser);
      } catch (StreamConstraintsException e) {
        throw new TokenizerException(
            "%s: %s goes beyond what a tokenizer.json needs: %s"
                .formatted(file, JsonValue.pathOf(parser), e.getOriginalMessage()),
            e);
      } catch (JsonParseException e) {
        throw new TokenizerException(
            "%s: not JSON at line %s, column %s (%s): %s"
                .formatted(
                    file,
                    e.getLocation().getLineNr(),
                    e.getLocation().getColumnNr(),
                    JsonValue.pathOf(parser),
                    e.getOriginalMessage()),
            e);
      }
    } catch (IOException e) {
      throw new TokenizerException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Refuses bytes that are not UTF-8, and a byte order mark. */
  private static void requireUtf8(byte[] json, String file) {
    int illFormed = Utf8.firstIllFormed(json, 0, json.length);
    if (illFormed >= 0) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "%s: byte %s (0x%02X) is not UTF-8; tokenizer.json is UTF-8 throughout",
              file,
              illFormed,
              json[illFormed]));
    }
    int length = BYTE_ORDER_MARK.length;
    if (json.length >= length && Arrays.equals(json, 0, length, BYTE_ORDER_MARK, 0, length)) {
      throw new TokenizerException(
          file + ": begins with a byte order mark, which HF refuses; remove its three bytes");
    }
  }

  /** Reads all members, and makes the parts of them. */
  private TokenizerParts read(JsonParser parser) throws IOException {
    readMembers(parser);
    if (model == null) {
      throw new TokenizerException(file + ": $.model is missing");
    }
    return makeParts(model);
  }

  private void readMembers(JsonParser parser) throws IOException {
    if (parser.nextToken() == null) {
      throw new TokenizerException(file + ": $ is empty; a tokenizer.json is an object");
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw JsonValue.read(parser, file, "$").invalid("; a tokenizer.json is an object");
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String path = JsonValue.member("$", key);
      if (!seen.add(key)) {
        throw new TokenizerException(file + ": " + path + " occurs twice");
      }
      parser.nextToken();
      readMember(parser, key, path);
    }
    if (parser.nextToken() != null) {
      throw new TokenizerException(file + ": more text follows the end of the object");
    }
  }

  /** Reads one member of the file into its field. */
  private void readMember(JsonParser parser, String key, String path) throws IOException {
    if (key.equals("added_tokens")) {
      readAddedTokens(parser, path);
      return;
    }
    if (key.equals("model")) {
      model = ModelReader.read(parser, file, path, warnings);
      return;
    }
    JsonValue value = JsonValue.read(parser, file, path);
    if (!SMALL_PARTS.contains(key)) {
      throw new TokenizerException(notAMember(path));
    }
    smallParts.put(key, value);
  }

  private void readAddedTokens(JsonParser parser, String path) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      throw new TokenizerException(file + ": " + path + " is null; it must be an array");
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw JsonValue.read(parser, file, path).mustBe("an array");
    }
    List<AddedToken> tokens = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonValue token = JsonValue.read(parser, file, path + "[" + tokens.size() + "]");
      tokens.add(ComponentJson.read(token, AddedToken.class));
    }
    addedTokens = List.copyOf(tokens);
  }

  /**
   * The parts of the members that were read. The order of the steps decides which error of several
   * is reported.
   */
  private TokenizerParts makeParts(ModelReader model) {
    BpeModel built = model.build();
    FileVersion version = checkVersion(model);
    boolean isSecond = version == FileVersion.V2;
    JsonValue metaspace =
        isSecond ? SecondVersionReader.rewrite(smallParts, id -> token(built, id)) : null;
    if (!isSecond && smallParts.containsKey("role_to_token")) {
      throw new TokenizerException(notAMember("$.role_to_token"));
    }
    keepUnused("role_to_token", "changes no id");
    PreTokenizerSpec ofFile = readComponent("pre_tokenizer", PreTokenizerSpec.class);
    NormalizerSpec normalizer = readComponent("normalizer", NormalizerSpec.class);
    PreTokenizerSpec preTokenizer =
        isSecond ? SecondVersionReader.preTokenizer(ofFile, metaspace, model.byteLevel()) : ofFile;
    return new TokenizerParts(
        version,
        addedTokens,
        normalizer,
        preTokenizer,
        built,
        readComponent("post_processor", PostProcessor.class),
        readComponent("decoder", DecoderSpec.class),
        keepUnused("truncation", CHANGES_LENGTH),
        keepUnused("padding", CHANGES_LENGTH),
        model.zeroDropout(),
        warnings);
  }

  /** The message that HF does not know a member. */
  private String notAMember(String path) {
    return file + ": " + path + " is not a member of a tokenizer.json; HF refuses it: remove it";
  }

  /**
   * The file's version; 1.0 if it names none.
   *
   * @throws TokenizerException if the version is unknown, or the model lacks what it requires
   */
  private FileVersion checkVersion(ModelReader model) {
    JsonValue member = smallParts.get("version");
    if (member != null && member.string().equals(FileVersion.V2.value())) {
      model.requireSecondVersion();
      return FileVersion.V2;
    }
    if (member != null && !member.string().equals(FileVersion.V1.value())) {
      throw member.mustBe("\"1.0\" or \"2.0\"");
    }
    model.warnOfSecondVersion();
    return FileVersion.V1;
  }

  /** The token of an id in the file; null if it has none. */
  private @Nullable String token(BpeModel model, int id) {
    return addedTokens.stream()
        .filter(token -> token.id() == id)
        .map(AddedToken::content)
        .findFirst()
        .orElse(id < model.idBound() ? model.token(id) : null);
  }

  /** The component of a small part; null if it is absent or {@code null}. */
  private <T> @Nullable T readComponent(String key, Class<T> type) {
    JsonValue value = smallParts.get(key);
    return value == null || value.node().isNull() ? null : ComponentJson.read(value, type);
  }

  /**
   * Warns of a part that has no effect, if it is set, and returns it for writing; null if it is
   * absent.
   *
   * @param effect why it is ignored, after "it"
   */
  private @Nullable JsonNode keepUnused(String key, String effect) {
    JsonValue value = smallParts.get(key);
    if (value != null && !value.node().isNull()) {
      warnings.add(file + ": " + value.path() + " is set: ignored, since it " + effect);
    }
    return value == null ? null : value.node();
  }
}

package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Reads {@code $.model} (HF: {@code models/bpe/serialization.rs}) token by token and merge by merge
 * into the model's builder.
 */
final class ModelReader {
  /**
   * The largest id that is read. Ids are indexes of tables, so an absurd id could cost gigabytes;
   * the largest published vocabularies have about a million.
   */
  static final int MAX_ID = (1 << 24) - 1;

  private final JsonParser parser;

  /** The file's name in errors. */
  private final String file;

  /** The JSON path of the model. */
  private final String path;

  private final List<String> warnings;

  private final BpeModelBuilder builder = BpeModel.builder();
  private boolean hasVocabulary;
  private boolean hasMerges;
  private @Nullable String unkToken;
  private @Nullable String prefix;
  private @Nullable String suffix;
  private boolean fuseUnk;
  private boolean byteFallback;
  private boolean ignoreMerges;
  private boolean zeroDropout;

  /** Whether the model has a {@code type}. */
  private boolean hasType;

  /** Null if the model has no {@code byte_level}, or if that is null. */
  private @Nullable Boolean byteLevel;

  /** The JSON path of the first merge that is a string; null if there is none. */
  private @Nullable String pathOfJoinedMerge;

  private ModelReader(JsonParser parser, String file, String path, List<String> warnings) {
    this.parser = parser;
    this.file = file;
    this.path = path;
    this.warnings = warnings;
  }

  /**
   * Reads a model to its end.
   *
   * @param parser at the first token of the model
   * @param file the file's name in errors
   * @param path the JSON path of the model
   * @param warnings receives a warning for each member that is ignored
   */
  static ModelReader read(JsonParser parser, String file, String path, List<String> warnings)
      throws IOException {
    ModelReader reader = new ModelReader(parser, file, path, warnings);
    reader.readMembers();
    return reader;
  }

  /** The model that was read. */
  BpeModel build() {
    if (!hasVocabulary || !hasMerges) {
      throw new TokenizerException(
          file + ": " + path + (hasVocabulary ? ".merges" : ".vocab") + " is missing");
    }
    try {
      return builder.build(
          new BpeModel.Options(unkToken, prefix, suffix, fuseUnk, byteFallback, ignoreMerges));
    } catch (IllegalArgumentException e) {
      throw refused(path, e);
    }
  }

  /** Whether the model has {@code "dropout": 0.0}, which equals null. */
  boolean zeroDropout() {
    return zeroDropout;
  }

  /**
   * Whether a model of version 2.0 writes bytes as characters of the byte alphabet.
   *
   * @throws TokenizerException as {@link #requireSecondVersion}
   */
  boolean byteLevel() {
    requireSecondVersion();
    return Objects.requireNonNull(byteLevel);
  }

  /**
   * Checks that the model has what version 2.0 requires.
   *
   * @throws TokenizerException naming what this model lacks
   */
  void requireSecondVersion() {
    if (!hasType || byteLevel == null) {
      throw new TokenizerException(
          file + ": " + path + (hasType ? ".byte_level" : ".type") + " is missing in version 2.0");
    }
    if (pathOfJoinedMerge != null) {
      throw new TokenizerException(
          file
              + ": "
              + pathOfJoinedMerge
              + " is a string; merges of version 2.0 are pairs [\"a\", \"b\"]");
    }
  }

  /** Warns, for a file of version 1.0, of the member that only version 2.0 has. */
  void warnOfSecondVersion() {
    if (byteLevel != null) {
      warnIgnored(path + ".byte_level");
    }
  }

  private void readMembers() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw mustBe(path, "an object");
    }
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (!seen.add(key)) {
        throw new TokenizerException(file + ": " + JsonValue.member(path, key) + " occurs twice");
      }
      parser.nextToken();
      String at = JsonValue.member(path, key);
      try {
        readMember(key, at);
      } catch (IllegalArgumentException e) {
        throw refused(at, e);
      }
    }
  }

  /**
   * Reads one member of the model into its field.
   *
   * @param at the JSON path of the member
   */
  private void readMember(String key, String at) throws IOException {
    switch (key) {
      case "vocab" -> readVocabulary(at);
      case "merges" -> readMerges(at);
      case "type" -> readType(JsonValue.read(parser, file, at));
      case "dropout" -> readDropout(JsonValue.read(parser, file, at));
      case "unk_token" -> unkToken = optionalString(at);
      case "continuing_subword_prefix" -> prefix = optionalString(at);
      case "end_of_word_suffix" -> suffix = optionalString(at);
      case "fuse_unk" -> fuseUnk = optionalBool(at);
      case "byte_fallback" -> byteFallback = optionalBool(at);
      case "ignore_merges" -> ignoreMerges = optionalBool(at);
      case "byte_level" -> byteLevel = boolOrNull(at);
      default -> {
        parser.skipChildren();
        warnIgnored(at);
      }
    }
  }

  private void readType(JsonValue type) {
    if (!type.string().equals("BPE")) {
      throw type.unsupported("BPE");
    }
    hasType = true;
  }

  /** Reads {@code dropout}, which must be null or 0. */
  private void readDropout(JsonValue dropout) {
    if (dropout.node().isNull()) {
      return;
    }
    if (!dropout.node().isNumber()) {
      throw dropout.mustBe("null");
    }
    if (dropout.node().doubleValue() != 0) {
      throw dropout.because(
          "dropout leaves out merges at random, which Merganser does not reproduce; null is"
              + " supported");
    }
    zeroDropout = true;
  }

  /** The string at the parser's token; null for null. */
  private @Nullable String optionalString(String at) throws IOException {
    JsonValue value = JsonValue.read(parser, file, at);
    return value.node().isNull() ? null : value.string();
  }

  /** The boolean at the parser's token; false for null. */
  private boolean optionalBool(String at) throws IOException {
    return Boolean.TRUE.equals(boolOrNull(at));
  }

  /** The boolean at the parser's token; null for null. */
  private @Nullable Boolean boolOrNull(String at) throws IOException {
    JsonValue value = JsonValue.read(parser, file, at);
    return value.node().isNull() ? null : value.bool();
  }

  private void readVocabulary(String at) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw mustBe(at, "an object of token and id (a BPE vocabulary)");
    }
    hasVocabulary = true;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String token = parser.currentName();
      parser.nextToken();
      builder.addToken(token, readId(at, token));
    }
  }

  /** Reads the id of a token of the vocabulary {@code at}. */
  private int readId(String at, String token) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() == JsonParser.NumberType.INT
        && parser.getIntValue() >= 0
        && parser.getIntValue() <= MAX_ID) {
      return parser.getIntValue();
    }
    throw mustBe(JsonValue.member(at, token), "an integer from 0 to " + MAX_ID);
  }

  /** Reads the merges, which are all pairs or all strings, by rank. */
  private void readMerges(String at) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw mustBe(at, "an array");
    }
    hasMerges = true;
    JsonToken firstForm = null;
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      JsonToken token = parser.currentToken();
      if (firstForm == null) {
        firstForm = token;
      }
      boolean isMerge = token == JsonToken.START_ARRAY || token == JsonToken.VALUE_STRING;
      if (token != firstForm || !isMerge) {
        throw mustBe(
            elementPath(at, i), "a pair [\"a\", \"b\"] or a string \"a b\", all merges alike");
      }
      if (token == JsonToken.START_ARRAY) {
        readPair(at, i);
      } else {
        if (pathOfJoinedMerge == null) {
          pathOfJoinedMerge = elementPath(at, i);
        }
        addJoinedMerge(parser.getText(), at, i);
      }
    }
  }

  /** The JSON path of an element of an array. */
  private static String elementPath(String at, int element) {
    return at + "[" + element + "]";
  }

  /** Reads a merge that is an array of two tokens. */
  private void readPair(String at, int number) throws IOException {
    List<String> parts = new ArrayList<>(2);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw mustBe(elementPath(elementPath(at, number), parts.size()), "a string");
      }
      parts.add(parser.getText());
    }
    if (parts.size() != 2) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "%s: %s is an array of %d; it must be a pair of two tokens",
              file,
              elementPath(at, number),
              parts.size()));
    }
    builder.addMerge(parts.get(0), parts.get(1));
  }

  /**
   * Adds a merge in the older form: two tokens with a space between them. A string that begins with
   * {@code #version} is a comment, as in merges.txt.
   */
  private void addJoinedMerge(String merge, String at, int number) {
    if (merge.startsWith("#version")) {
      return;
    }
    int space = merge.indexOf(' ');
    if (space < 0 || merge.indexOf(' ', space + 1) >= 0) {
      throw new TokenizerException(
          "%s: %s is \"%s\"; it must be two tokens with one space between them"
              .formatted(file, elementPath(at, number), TokenizerException.shortened(merge)));
    }
    builder.addMerge(merge.substring(0, space), merge.substring(space + 1));
  }

  /** Warns of a member that has no effect. */
  private void warnIgnored(String at) {
    warnings.add(file + ": " + at + " is nothing that HF's BPE reads: ignored, as there");
  }

  /** The error that the model's builder refuses a value. */
  private TokenizerException refused(String at, IllegalArgumentException e) {
    return new TokenizerException(file + ": " + at + ": " + e.getMessage(), e);
  }

  /** The error that the value at the parser's token is not what is allowed. */
  private TokenizerException mustBe(String at, String allowed) throws IOException {
    return JsonValue.read(parser, file, at).mustBe(allowed);
  }
}

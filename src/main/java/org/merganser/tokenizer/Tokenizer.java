package org.merganser.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.checksum.WholeFile;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.scan.CutRule;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.json.JsonOutput;
import org.merganser.tokenizer.json.TokenizerReader;
import org.merganser.tokenizer.json.TokenizerWriter;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.AddedVocabulary;
import org.merganser.tokenizer.parts.ComponentChecks;
import org.merganser.tokenizer.parts.DecodeTable;
import org.merganser.tokenizer.parts.DecoderSpec;
import org.merganser.tokenizer.parts.DocumentCuts;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * A tokenizer.json: encodes text to ids and decodes ids, with the ids of HF's Rust library or an
 * error that names what is not supported. Immutable and thread-safe; {@link #newEncoder} builds an
 * encoder for one thread.
 */
public final class Tokenizer {
  private final TokenizerParts parts;
  private final AddedVocabulary added;
  private final List<AddedToken> addedTokens;
  private final List<String> warnings;
  private final boolean byteLevel;

  /** Encodes strings for calls without an encoder of their own; null until the first of these. */
  private volatile @Nullable TextEncoder textEncoder;

  /** The bytes of each id; null until the first call that needs them. */
  private volatile @Nullable DecodeTable decodeTable;

  /**
   * A tokenizer of parts that were read or built.
   *
   * @param file the tokenizer's name in errors
   * @throws TokenizerException naming a component that cannot be used, alone or beside the others
   */
  public Tokenizer(TokenizerParts parts, String file) {
    this.parts = parts;
    List<String> noticed = new ArrayList<>(parts.warnings());
    try {
      ComponentChecks.checkSteps(parts);
      requireUsable(parts);
      ComponentChecks.checkCombination(parts);
      this.added =
          new AddedVocabulary(
              parts.addedTokens(), parts.model(), parts.normalizer(), file, noticed);
    } catch (IllegalArgumentException e) {
      throw new TokenizerException(file + ": " + e.getMessage(), e);
    }
    this.addedTokens = added.tokens();
    this.warnings = Collections.unmodifiableList(noticed);
    this.byteLevel = parts.preTokenizer() != null && parts.preTokenizer().byteLevel();
  }

  /**
   * Reads a tokenizer.json.
   *
   * @throws TokenizerException naming the JSON path and the value if the file is not a
   *     tokenizer.json or has a feature that is not reproduced exactly
   */
  public static Tokenizer read(Path file) {
    try {
      Path name = file.getFileName();
      return read(WholeFile.read(file), name == null ? file.toString() : name.toString());
    } catch (NoSuchFileException e) {
      throw new TokenizerException(
          file + ": there is no such file" + HubName.advice(file.toString()), e);
    } catch (IOException e) {
      throw new TokenizerException(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * Reads the bytes of a tokenizer.json.
   *
   * @param name the file's name in errors
   * @throws TokenizerException as {@link #read(Path)}
   */
  public static Tokenizer read(byte[] json, String name) {
    return new Tokenizer(TokenizerReader.read(json, name), name);
  }

  /** The file in version 1.0, byte for byte as HF's library writes it. */
  public byte[] toJson() {
    return toJson(FileVersion.V1);
  }

  /**
   * The file in a version of its format. The bytes of 1.0 are those that HF's library writes; those
   * of 2.0 follow HF's specification.
   *
   * @throws TokenizerException naming a component that version 2.0 cannot express
   */
  public byte[] toJson(FileVersion version) {
    return TokenizerWriter.write(parts, addedTokens, JsonOutput.PRETTY, version);
  }

  /** The content of the file, with the added tokens and ids as the file lists them. */
  public TokenizerParts parts() {
    return parts;
  }

  /**
   * Warnings about the file: ignored members (truncation, padding), ids that HF assigns
   * differently. Each is one sentence with the file and the JSON path.
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * One more than the largest id, added tokens included: the rows that an embedding table needs.
   */
  public int idBound() {
    return Math.max(parts.model().idBound(), added.idBound());
  }

  /** The id of a token (added tokens first), or -1. */
  public int id(String token) {
    int id = added.id(token);
    return id >= 0 ? id : parts.model().id(token);
  }

  /** Whether an id has a token; false for a gap and for an id outside [0, {@link #idBound}). */
  public boolean hasToken(int id) {
    return isAdded(id) || parts.model().hasToken(id);
  }

  /** The number of ids that have a token, added tokens included: {@link #idBound} less the gaps. */
  public int tokenCount() {
    return (int) IntStream.range(0, idBound()).filter(this::hasToken).count();
  }

  /** Whether the token of an id is one of {@link #addedTokens}. */
  public boolean isAdded(int id) {
    return added.token(id) != null;
  }

  /** The token of an id as tokenizer.json spells it; null if the id has none. */
  public @Nullable String token(int id) {
    AddedToken token = added.token(id);
    return token != null ? token.content() : parts.model().token(id);
  }

  /**
   * The bytes of an id in text, before the decoder joins them; empty for a gap. The caller owns the
   * array.
   *
   * @throws IndexOutOfBoundsException if {@code id} is not in [0, {@link #idBound})
   */
  public byte[] bytes(int id) {
    return decodeTable().bytes(id);
  }

  /** The added tokens by id, with the ids that HF assigns. */
  public List<AddedToken> addedTokens() {
    return addedTokens;
  }

  /** The vocabulary and merges, without added tokens. */
  public BpeModel model() {
    return parts.model();
  }

  /** The normalizer; null if the file has none. */
  public @Nullable NormalizerSpec normalizer() {
    return parts.normalizer();
  }

  /**
   * The pre-tokenizer; null if the file has none: text between added tokens is then one pretoken.
   */
  public @Nullable PreTokenizerSpec preTokenizer() {
    return parts.preTokenizer();
  }

  /**
   * The decoder; null if the file has none: {@link #decode} then joins the tokens' spellings with
   * spaces.
   */
  public @Nullable DecoderSpec decoder() {
    return parts.decoder();
  }

  /** The normalizer as JSON on one line; {@code null} for none. */
  public String normalizerJson() {
    return TokenizerWriter.component(parts.normalizer());
  }

  /** The pre-tokenizer as JSON on one line; {@code null} for none. */
  public String preTokenizerJson() {
    return TokenizerWriter.component(parts.preTokenizer());
  }

  /** Whether the model sees bytes (a ByteLevel is in the pre-tokenizer), not characters. */
  public boolean byteLevel() {
    return byteLevel;
  }

  /**
   * The bytes, ascending, without a token (in a vocabulary of characters: without a {@code <0xXX>}
   * token of byte fallback). Empty if the vocabulary can encode all text.
   */
  public int[] missingBytes() {
    boolean usesByteAlphabet = byteLevel || parts.normalizesToBytes();
    return parts.model().missingBytes(usesByteAlphabet).stream().toArray();
  }

  /**
   * A sentence about the {@link #missingBytes} of a byte-level vocabulary and their effect; empty
   * if none is missing, and for any other vocabulary. HF's library refuses such a file from version
   * 1.0 on.
   */
  public Optional<String> missingBytesWarning() {
    int[] missing = byteLevel ? missingBytes() : new int[0];
    if (missing.length == 0) {
      return Optional.empty();
    }
    String listed =
        IntStream.of(missing).mapToObj("0x%02X"::formatted).collect(Collectors.joining(" "));
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%d of the 256 byte tokens are missing (%s): text with these bytes cannot be"
                + " encoded, and HF's tokenizers refuse the file from 1.0 on",
            missing.length,
            listed));
  }

  /**
   * Where a document may be cut so that its parts have the ids of the complete document, in every
   * treatment of special tokens; empty if no rule allows a place.
   */
  public Optional<CutRule> cutRule() {
    return DocumentCuts.rule(parts.normalizer(), parts.preTokenizer(), addedTokens);
  }

  /**
   * The ids of a text. Special tokens in it are text, and none is added; {@link #newTextEncoder}
   * has other choices.
   *
   * @throws UnencodableException if the vocabulary has no token for a character of the text
   * @throws org.merganser.text.regex.RegexLimitException if a regex backtracks over the text beyond
   *     the bound
   * @throws org.merganser.text.normalize.NormalizerLimitException if the normalizers make the text
   *     longer than {@code GrowthLimit} allows
   */
  public int[] encode(String text) {
    return textEncoder().encode(text);
  }

  /** See {@link TextEncoder#count}. */
  public int count(CharSequence text) {
    return textEncoder().count(text);
  }

  /** See {@link TextEncoder#countUpTo}. */
  public int countUpTo(CharSequence text, int limit) {
    return textEncoder().countUpTo(text, limit);
  }

  /** See {@link TextEncoder#encodeWithOffsets}. */
  public Encoding encodeWithOffsets(CharSequence text) {
    return textEncoder().encodeWithOffsets(text);
  }

  /** See {@link TextEncoder#truncate}. */
  public String truncate(String text, int maxTokens) {
    return textEncoder().truncate(text, maxTokens);
  }

  /**
   * A new thread-safe encoder of strings. It has caches of its own: build one and share it.
   *
   * @param specialText the treatment of special tokens in text; HF's default is {@link
   *     SpecialText#PARSE}
   * @param addSpecialTokens whether the post-processor's template is applied (BOS, EOS); HF's
   *     default is true
   */
  public TextEncoder newTextEncoder(SpecialText specialText, boolean addSpecialTokens) {
    // Finding the rule takes some hundredths of a second, so all sessions share it.
    Optional<CutRule> rule = cutRule();
    return new TextEncoder(
        () -> newTextSession(specialText, addSpecialTokens, rule),
        FrameIds.of(parts, addSpecialTokens));
  }

  /**
   * A new session of a {@link TextEncoder}.
   *
   * @param rule the {@link #cutRule}
   */
  TextSession newTextSession(
      SpecialText specialText, boolean addSpecialTokens, Optional<CutRule> rule) {
    boolean encoderAddsTokens = false;
    var encoder = new Encoder(parts, added, byteLevel, specialText, encoderAddsTokens);
    var offsets =
        new OffsetEncoder(parts, added, byteLevel, specialText, addSpecialTokens, encoder.bpe());
    return new TextSession(encoder, offsets, rule.orElse(null));
  }

  /** An encoder that adds no special tokens, for one thread. */
  public Encoder newEncoder(SpecialText specialText) {
    boolean addSpecialTokens = false;
    return newEncoder(specialText, addSpecialTokens);
  }

  /**
   * A new encoder for one thread.
   *
   * @param addSpecialTokens as in {@link #newTextEncoder}
   */
  public Encoder newEncoder(SpecialText specialText, boolean addSpecialTokens) {
    return new Encoder(parts, added, byteLevel, specialText, addSpecialTokens);
  }

  /**
   * Decodes ids to bytes: UTF-8 if the ids form complete characters; bytes that HF replaces with
   * U+FFFD are kept.
   *
   * @param skipSpecialTokens whether the text of special tokens is left out
   * @throws IllegalArgumentException naming the first id that has no token
   */
  public byte[] decode(IdBuffer ids, boolean skipSpecialTokens) {
    return decodeTable().decode(ids.ids(), ids.size(), skipSpecialTokens).toByteArray();
  }

  /**
   * Decodes ids to text, special tokens included, with U+FFFD for each maximal part that is not
   * UTF-8.
   *
   * @throws IllegalArgumentException naming the first id that has no token
   */
  public String decode(int[] ids) {
    boolean skipSpecialTokens = false;
    return decode(ids, skipSpecialTokens);
  }

  /**
   * Decodes ids to text, with U+FFFD for each maximal part that is not UTF-8. HF's byte fallback
   * has one U+FFFD for each byte if a run of such tokens is not UTF-8.
   *
   * @param skipSpecialTokens whether the text of special tokens is left out
   * @throws IllegalArgumentException naming the first id that has no token
   */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    ByteBuilder bytes = decodeTable().decode(ids, ids.length, skipSpecialTokens);
    ByteBuilder text = new ByteBuilder(bytes.length());
    Utf8.replaceIllFormed(bytes.bytes(), 0, bytes.length(), text);
    return new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8);
  }

  /**
   * A new decoder for one thread that takes ids one at a time.
   *
   * @param skipSpecialTokens whether the text of special tokens is left out
   */
  public StreamingDecoder newStreamingDecoder(boolean skipSpecialTokens) {
    return new StreamingDecoder(decodeTable(), skipSpecialTokens);
  }

  /** Builds components once, so that an unusable one is refused now and not by a worker. */
  private static void requireUsable(TokenizerParts parts) {
    if (parts.normalizer() != null) {
      parts.normalizer().build();
    }
    if (parts.preTokenizer() != null) {
      parts.preTokenizer().build();
    }
  }

  /** The shared encoder, built by the first call. */
  private TextEncoder textEncoder() {
    TextEncoder encoder = textEncoder;
    if (encoder == null) {
      synchronized (this) {
        encoder = textEncoder;
        if (encoder == null) {
          boolean addSpecialTokens = false;
          encoder = newTextEncoder(SpecialText.TEXT, addSpecialTokens);
          textEncoder = encoder;
        }
      }
    }
    return encoder;
  }

  /** The table of bytes, built by the first call. */
  private DecodeTable decodeTable() {
    DecodeTable table = decodeTable;
    if (table == null) {
      // Two threads may both build it: a table is quick to build, and both are equal.
      table = new DecodeTable(parts, added, idBound(), byteLevel);
      decodeTable = table;
    }
    return table;
  }
}

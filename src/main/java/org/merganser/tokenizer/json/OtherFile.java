package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes what a file is that was named in place of a tokenizer.json. {@link TokenizerReader}
 * asks only after reading has failed, so a right file costs nothing.
 */
final class OtherFile {
  /** The number of bytes at the beginning by which any format but JSON is recognized. */
  private static final int HEAD = 4096;

  /** A line of tiktoken's ranks: a token's bytes in base64, and its rank. */
  private static final Pattern RANK_LINE = Pattern.compile("[A-Za-z0-9+/]+=* \\d+");

  private OtherFile() {}

  /**
   * What the file is, as the end of a sentence; null if it seems to be a tokenizer.json.
   *
   * @param factory makes the parser of a tokenizer.json
   */
  static @Nullable String kind(JsonFactory factory, byte[] file) {
    String head = new String(file, 0, Math.min(HEAD, file.length), StandardCharsets.ISO_8859_1);
    String text = head.strip();
    if (text.isEmpty()) {
      return "is empty";
    }
    String format = knownFormat(text, head);
    if (format != null) {
      return format;
    }
    boolean hasByteOrderMark = text.startsWith("\u00ef\u00bb\u00bf"); // its three bytes
    if (text.startsWith("[") || hasByteOrderMark) {
      return null; // the reader says what is wrong with it
    }
    if (!text.startsWith("{")) {
      return "is text and no JSON object; is it a part of a corpus?";
    }
    List<String> lines = text.lines().limit(2).toList();
    if (lines.size() == 2 && lines.get(0).endsWith("}") && lines.get(1).startsWith("{")) {
      return "has JSON lines, as a corpus has";
    }
    return kindOfObject(factory, file);
  }

  /**
   * The format of a file that is not JSON, by its beginning; null if it is none of these.
   *
   * @param text the beginning without white space at its ends
   * @param head the beginning, a {@code char} for each byte
   */
  private static @Nullable String knownFormat(String text, String head) {
    if (text.startsWith("version https://git-lfs")) {
      return "is a pointer of Git LFS, and the file itself was not fetched: git lfs pull";
    }
    String lowerCase = text.toLowerCase(Locale.ROOT);
    if (lowerCase.startsWith("<!doctype") || lowerCase.startsWith("<html")) {
      return "is a web page: download the file itself (the link \"raw\" or \"download\")";
    }
    if (text.startsWith("#version:")) {
      return "is a merges.txt";
    }
    if (RANK_LINE.matcher(text.lines().findFirst().orElse("")).matches()) {
      return "is a file of ranks of tiktoken, which has neither pattern nor special tokens";
    }
    if (head.startsWith("\n") && head.contains("<unk>")) {
      return "is a model of SentencePiece (tokenizer.model); a fast tokenizer of transformers"
          + " converts it and writes a tokenizer.json";
    }
    if (head.startsWith("PAR1")) {
      return "is a Parquet file";
    }
    if (head.startsWith("PK")) {
      return "is a zip archive or weights of PyTorch";
    }
    return head.startsWith("\u001f\u008b") ? "is compressed with gzip: gunzip it first" : null;
  }

  /** What a JSON object is, by the names of its members; null if it may be a tokenizer.json. */
  private static @Nullable String kindOfObject(JsonFactory factory, byte[] file) {
    Set<String> names = new HashSet<>();
    boolean onlyNumbers = true;
    try (JsonParser parser = factory.createParser(file)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        names.add(parser.currentName());
        onlyNumbers &= parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
        parser.skipChildren();
      }
    } catch (JsonEOFException e) {
      return "is cut short: its JSON ends at byte %s before it is complete; copy it again"
          .formatted(file.length);
    } catch (JsonProcessingException | CharConversionException e) {
      return null; // the reader names the place
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory are always readable", e);
    }
    return kindByNames(names, onlyNumbers);
  }

  /**
   * What a JSON object with these members is; null if it may be a tokenizer.json.
   *
   * @param onlyNumbers whether every member is an integer
   */
  private static @Nullable String kindByNames(Set<String> names, boolean onlyNumbers) {
    if (names.contains("model")) {
      return null;
    }
    if (!names.isEmpty() && onlyNumbers) {
      return "is a vocab.json: tokens and ids, without merges";
    }
    if (names.contains("tokenizer_class") || names.contains("added_tokens_decoder")) {
      return "is a tokenizer_config.json";
    }
    if (names.contains("architectures") || names.contains("model_type")) {
      return "is the config.json of a model";
    }
    if (names.contains("eos_token") || names.contains("bos_token")) {
      return "is a special_tokens_map.json";
    }
    return "is a JSON object without $.model, the vocabulary and merges of a tokenizer.json";
  }
}

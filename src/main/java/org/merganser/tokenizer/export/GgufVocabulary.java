package org.merganser.tokenizer.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.json.TokenizerWriter;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * A vocabulary-only GGUF file (version 3; ggml's docs/gguf.md): the keys {@code tokenizer.ggml.*}
 * that llama.cpp reads a tokenizer from, and no tensor. llama.cpp doesn't load tokenizer.json, and
 * its converter refuses vocabularies that it doesn't know by a hash.
 *
 * <p>Ids are the same for every text, but for two things of llama.cpp: its Unicode tables are of
 * another version, and it folds {@code 's} and its like for ASCII alone ({@code 'ſ} is none).
 */
public final class GgufVocabulary {
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** Token types of llama.h. */
  private static final int NORMAL = 1;

  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;

  private final ByteBuilder out = new ByteBuilder(1 << 20);
  private int keys;

  private GgufVocabulary() {}

  /**
   * Why llama.cpp would not give the same ids, in a sentence; null when it does.
   *
   * @param normalizedText whether all text will be normalized already
   */
  public static @Nullable String refusal(Tokenizer tokenizer, boolean normalizedText) {
    try {
      check(tokenizer, normalizedText);
      return null;
    } catch (TokenizerException e) {
      return e.getMessage();
    }
  }

  /** The file for text of any form; null where llama.cpp would not give the same ids. */
  static byte @Nullable [] orNull(Tokenizer tokenizer, @Nullable String endOfDocument) {
    try {
      return of(tokenizer, endOfDocument, false);
    } catch (TokenizerException refused) {
      return null; // refusal says why to whoever asks
    }
  }

  /**
   * The file.
   *
   * @param endOfDocument becomes the token that ends a text where given; else the one that the
   *     post-processor puts behind a text, else the first special token
   * @param normalizedText whether all text will be normalized already
   * @throws TokenizerException saying what llama.cpp cannot express
   */
  public static byte[] of(
      Tokenizer tokenizer, @Nullable String endOfDocument, boolean normalizedText) {
    GgufFrame frame = check(tokenizer, normalizedText);
    GgufVocabulary file = new GgufVocabulary();
    file.string("general.architecture", frame.architecture());
    file.string("general.name", "merganser vocabulary");
    file.string("general.type", "model");
    file.string("tokenizer.ggml.model", "gpt2");
    file.string("tokenizer.ggml.pre", frame.pre());
    file.tokens(tokenizer);
    file.merges(tokenizer.model());
    int end = endOfDocument == null ? frame.eos() : tokenizer.id(endOfDocument);
    if (end < 0) {
      end =
          tokenizer.addedTokens().stream()
              .filter(AddedToken::special)
              .mapToInt(AddedToken::id)
              .findFirst()
              .orElse(-1);
    }
    int eos = frame.eos() >= 0 ? frame.eos() : end; // what is put behind a text must be the eos
    file.id("tokenizer.ggml.bos_token_id", frame.bos() >= 0 ? frame.bos() : end);
    file.id("tokenizer.ggml.eos_token_id", eos);
    file.bool("tokenizer.ggml.add_bos_token", frame.bos() >= 0);
    file.bool("tokenizer.ggml.add_eos_token", frame.eos() >= 0);
    file.bool("tokenizer.ggml.add_space_prefix", false);
    GgufVocabulary whole = new GgufVocabulary();
    whole.out.append("GGUF".getBytes(StandardCharsets.US_ASCII));
    whole.int32(3);
    whole.int64(0); // tensors
    whole.int64(file.keys);
    whole.out.append(file.out.bytes(), 0, file.out.length());
    while (whole.out.length() % 32 != 0) {
      whole.out.append((byte) 0); // to the place of tensor data, which there is none of
    }
    return whole.out.toByteArray();
  }

  private static GgufFrame check(Tokenizer tokenizer, boolean normalizedText) {
    BpeModel.Options options = tokenizer.model().options();
    if (!tokenizer.byteLevel()
        || isSet(options.continuingSubwordPrefix())
        || isSet(options.endOfWordSuffix())
        || options.unkToken() != null && tokenizer.missingBytes().length > 0) {
      throw new TokenizerException(
          "only byte-level BPE is exported as GGUF: bytes as ByteLevel has them, no affixes, no"
              + " unk_token");
    }
    checkAdded(tokenizer.addedTokens());
    BpeModel model = tokenizer.model();
    for (int rank : TokenizerWriter.liveRanks(model)) {
      if (model.hasCharacter(model.mergeLeft(rank), ' ')
          || model.hasCharacter(model.mergeRight(rank), ' ')) {
        throw new TokenizerException(
            "merge " + rank + " has a token with a space, which GGUF's merges cannot say");
      }
    }
    // All tokens differ: the model's do, and an added token that is in the model has its id.
    int empty = model.id("");
    if (empty >= 0) {
      throw new TokenizerException("the token of id " + empty + " is empty");
    }
    return GgufFrame.of(tokenizer, normalizedText);
  }

  private static boolean isSet(@Nullable String affix) {
    return affix != null && !affix.isEmpty();
  }

  /**
   * llama.cpp looks for added tokens one after the other, the longest first, in what is left of the
   * text: that is leftmost-longest unless two of them can overlap.
   */
  private static void checkAdded(List<AddedToken> tokens) {
    List<String> contents = new ArrayList<>();
    for (AddedToken token : tokens) {
      if (token.singleWord() || token.lstrip() || token.rstrip()) {
        throw new TokenizerException(
            "added token \""
                + token.content()
                + "\" has single_word, lstrip or rstrip, which llama.cpp doesn't know");
      }
      contents.add(token.content());
    }
    Map<String, String> beginnings = new HashMap<>();
    for (String content : contents) {
      for (int length = 1; length < content.length(); length++) {
        beginnings.putIfAbsent(content.substring(0, length), content);
      }
    }
    for (String content : contents) {
      for (int from = 1; from < content.length(); from++) {
        String other = beginnings.get(content.substring(from));
        if (other != null && !other.equals(content)) {
          throw new TokenizerException(
              ("added tokens \"%s\" and \"%s\" can overlap in a text, and llama.cpp takes"
                      + " the longer one where HF takes the first")
                  .formatted(content, other));
        }
      }
    }
  }

  private void tokens(Tokenizer tokenizer) {
    int count = tokenizer.idBound();
    int[] types = new int[count];
    key("tokenizer.ggml.tokens", ARRAY);
    int32(STRING);
    int64(count);
    List<AddedToken> added = tokenizer.addedTokens();
    int next = 0;
    for (int id = 0; id < count; id++) {
      if (next < added.size() && added.get(next).id() == id) {
        AddedToken token = added.get(next++);
        types[id] = token.special() ? CONTROL : USER_DEFINED;
        text(token.content());
      } else if (tokenizer.model().hasToken(id)) {
        types[id] = NORMAL;
        int at = length();
        tokenizer.model().appendToken(id, out);
        end(at);
      } else {
        types[id] = UNUSED;
        text("[gap_" + id + "]");
      }
    }
    key("tokenizer.ggml.token_type", ARRAY);
    int32(INT32);
    int64(count);
    for (int type : types) {
      int32(type);
    }
  }

  private void merges(BpeModel model) {
    int[] ranks = TokenizerWriter.liveRanks(model);
    key("tokenizer.ggml.merges", ARRAY);
    int32(STRING);
    int64(ranks.length);
    for (int rank : ranks) {
      int at = length();
      model.appendToken(model.mergeLeft(rank), out);
      out.append((byte) ' ');
      model.appendToken(model.mergeRight(rank), out);
      end(at);
    }
  }

  private void string(String name, String value) {
    key(name, STRING);
    text(value);
  }

  private void id(String name, int id) {
    if (id >= 0) {
      key(name, UINT32);
      int32(id);
    }
  }

  private void bool(String name, boolean value) {
    key(name, BOOL);
    out.append((byte) (value ? 1 : 0));
  }

  private void key(String name, int type) {
    text(name);
    int32(type);
    keys++;
  }

  private void text(String value) {
    int at = length();
    out.append(value.getBytes(StandardCharsets.UTF_8));
    end(at);
  }

  /** Leaves room for the length of a text; returns where that begins. */
  private int length() {
    int64(0);
    return out.length();
  }

  /** Sets the length of the text that began there. */
  private void end(int from) {
    put(out.length() - from, from - Long.BYTES);
  }

  private void int32(int value) {
    int at = out.length();
    out.ensure(Integer.BYTES);
    out.setLength(at + Integer.BYTES);
    put(value, at);
  }

  private void put(int value, int at) {
    byte[] bytes = out.bytes();
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
    bytes[at + 2] = (byte) (value >>> 16);
    bytes[at + 3] = (byte) (value >>> 24);
  }

  private void int64(long value) {
    int32((int) value);
    int32((int) (value >>> 32));
  }
}

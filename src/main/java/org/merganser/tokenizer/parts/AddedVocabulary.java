package org.merganser.tokenizer.parts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;

/**
 * The added tokens with the ids that HF assigns and the matchers of the two passes (HF: {@code
 * tokenizer/added_vocabulary.rs}). Immutable.
 */
public final class AddedVocabulary {

  /**
   * The tokens of one pass over the text.
   *
   * @param isNormalized whether the pass searches normalized text, and not raw text
   * @param matcher finds the tokens
   * @param tokens pattern i of the matcher is token i
   */
  public record Pass(boolean isNormalized, TokenMatcher matcher, List<AddedToken> tokens) {}

  /** By content, the id of each token. */
  private final Map<String, Integer> ids = new HashMap<>();

  /** By id, the token that was registered last. */
  private final TreeMap<Integer, AddedToken> byId = new TreeMap<>();

  /** By id, the normalized content of a token, if it differs from the content. */
  private final Map<Integer, String> normalizedForms = new HashMap<>();

  /** The contents of special tokens. */
  private final Set<String> special = new HashSet<>();

  /** The smallest id; 0 without added tokens. */
  private final int lowest;

  /** The largest id; -1 without added tokens. */
  private final int highest;

  private final @Nullable Pass raw;
  private final @Nullable Pass normalized;

  /**
   * Registers tokens in order: a content that is in the model's vocabulary has the model's id. Any
   * other content receives the id after the largest of the added tokens before it, but at least the
   * size of the vocabulary. The id in the file is ignored, as in HF; a different one is a warning.
   *
   * @param requested the tokens with the ids of the file
   * @param model null if there is no vocabulary yet: a token then keeps its id, if it has one
   * @param normalizer rewrites the content of tokens that are searched in normalized text
   * @param file the file's name in errors
   * @param warnings receives a sentence for each token that is ignored or has another id
   * @throws TokenizerException if two tokens are equal after normalization, or one is then empty;
   *     or if those of a pass have more than {@link TokenMatcher#MOST_BYTES} together
   */
  public AddedVocabulary(
      List<AddedToken> requested,
      @Nullable BpeModel model,
      @Nullable NormalizerSpec normalizer,
      String file,
      List<String> warnings) {
    Normalizer built = normalizer == null ? null : normalizer.build();
    int next = model == null ? 0 : model.size();
    for (AddedToken token : requested) {
      String content = token.content();
      if (content.isEmpty()) {
        warnings.add(
            file + ": the added token with id " + token.id() + " is empty: ignored, as HF does");
        continue;
      }
      int id = assignedId(token, model, next);
      next = Math.max(next, id + 1);
      if (id != token.id()) {
        warnings.add(
            ("%s: the added token \"%s\" names id %s and gets %s, as in HF (the"
                    + " model's own id or the next free one)")
                .formatted(file, TokenizerException.shortened(content), token.id(), id));
      }
      register(token.withId(id), built);
    }
    lowest = byId.isEmpty() ? 0 : byId.firstKey();
    highest = byId.isEmpty() ? -1 : byId.lastKey();
    raw = pass(/* isNormalized= */ false, file);
    normalized = pass(/* isNormalized= */ true, file);
  }

  /** The tokens searched before the normalizer; null if there are none. */
  public @Nullable Pass raw() {
    return raw;
  }

  /** The tokens searched after the normalizer; null if there are none. */
  public @Nullable Pass normalized() {
    return normalized;
  }

  /** All tokens by id. */
  public List<AddedToken> tokens() {
    return Collections.unmodifiableList(new ArrayList<>(byId.values()));
  }

  /** The id of a token, or -1. */
  public int id(String content) {
    Integer id = ids.get(content);
    return id == null ? -1 : id;
  }

  /** The token of an id; null if no added token has it. */
  public @Nullable AddedToken token(int id) {
    // Called for every id of a vocabulary: the added ids are mostly a range before or after it.
    return id < lowest || id > highest ? null : byId.get(id);
  }

  /** One more than the largest id; 0 without added tokens. */
  public int idBound() {
    return highest + 1;
  }

  /**
   * The form in which HF (since 0.23) passes a token to the decoder: the normalized one; null if no
   * added token has the id.
   */
  public @Nullable String formForDecoder(int id) {
    AddedToken token = token(id);
    return token == null ? null : form(token);
  }

  /** Whether a token with this content is left out if special tokens are skipped. */
  public boolean isSpecial(String content) {
    return special.contains(content);
  }

  /**
   * The id that HF assigns to a token: that of an earlier token with its content, else the model's,
   * else {@code next}. Without a model the token's own id takes the place of the model's.
   */
  private int assignedId(AddedToken token, @Nullable BpeModel model, int next) {
    Integer known = ids.get(token.content());
    if (known != null) {
      return known;
    }
    int ownOrModels = model == null ? token.id() : model.id(token.content());
    return ownOrModels >= 0 ? ownOrModels : next;
  }

  /** Registers a token under its id; it replaces an earlier entry of the same content. */
  private void register(AddedToken token, @Nullable Normalizer normalizer) {
    String content = token.content();
    int id = token.id();
    ids.put(content, id);
    byId.put(id, token);
    if (token.special()) {
      special.add(content);
    }
    normalizedForms.remove(id);
    if (token.normalized() && normalizer != null) {
      String form = normalize(normalizer, content);
      if (!form.equals(content)) {
        normalizedForms.put(id, form);
      }
    }
  }

  /** The normalized content. */
  private static String normalize(Normalizer normalizer, String content) {
    byte[] text = content.getBytes(StandardCharsets.UTF_8);
    ByteBuilder out = new ByteBuilder(text.length);
    return normalizer.normalize(text, 0, text.length, out)
        ? new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8)
        : content;
  }

  /**
   * The pass of the tokens whose {@code normalized} is {@code isNormalized}; null if there are
   * none.
   *
   * @throws TokenizerException if two tokens have the same form, or one has none, or they are too
   *     long together
   */
  private @Nullable Pass pass(boolean isNormalized, String file) {
    List<AddedToken> tokens = new ArrayList<>();
    List<byte[]> patterns = new ArrayList<>();
    Map<String, AddedToken> seen = new HashMap<>();
    for (AddedToken token : byId.values()) {
      if (token.normalized() != isNormalized) {
        continue;
      }
      String form = form(token);
      AddedToken twin = seen.put(form, token);
      if (form.isEmpty() || twin != null) {
        String problem = twin == null ? "empty" : "the same as \"" + twin.content() + "\"";
        throw unusableForm(token, problem, file);
      }
      // If one entry of a content is special, HF treats all as special; it writes the last entry.
      tokens.add(special.contains(token.content()) ? token.asSpecial() : token);
      patterns.add(form.getBytes(StandardCharsets.UTF_8));
    }
    checkLength(patterns, file);
    return tokens.isEmpty()
        ? null
        : new Pass(isNormalized, new TokenMatcher(patterns), List.copyOf(tokens));
  }

  private static TokenizerException unusableForm(AddedToken token, String problem, String file) {
    return new TokenizerException(
        ("%s: the added token \"%s\" is %s after normalization, which HF refuses too; set"
                + " \"normalized\": false or remove it")
            .formatted(file, token.content(), problem));
  }

  private static void checkLength(List<byte[]> patterns, String file) {
    long bytes = patterns.stream().mapToLong(pattern -> pattern.length).sum();
    if (bytes > TokenMatcher.MOST_BYTES) {
      throw new TokenizerException(
          "%s: its added tokens have %s bytes; at most %s are allowed"
              .formatted(file, bytes, TokenMatcher.MOST_BYTES));
    }
  }

  /** The content as it is searched in the text of the token's pass. */
  private String form(AddedToken token) {
    return normalizedForms.getOrDefault(token.id(), token.content());
  }
}

package org.merganser.bpe.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteAlphabet;

/** The growing vocabulary: tokens by id, ids by token. */
public final class GrowingVocabulary {
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();

  /** The id of a token, added if it is new. */
  public int add(String token) {
    Integer known = ids.putIfAbsent(token, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(token);
    return tokens.size() - 1;
  }

  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  public String token(int id) {
    return tokens.get(id);
  }

  public int[] lengths() {
    return tokens.stream().mapToInt(GrowingVocabulary::length).toArray();
  }

  /**
   * Allows pairs whose token has fewer characters than a limit, null for none; as in HF, two single
   * characters are always allowed.
   */
  public PairRule shorterThan(@Nullable Integer maxTokenLength) {
    if (maxTokenLength == null) {
      return (left, right) -> true;
    }
    return (left, right) -> {
      int length = length(token(left)) + length(token(right));
      return length <= 2 || length < maxTokenLength;
    };
  }

  private static int length(String token) {
    return token.codePointCount(0, token.length());
  }

  public int size() {
    return tokens.size();
  }

  List<String> tokens() {
    return List.copyOf(tokens);
  }

  /**
   * Adds special tokens in order, then the alphabet by code point of the byte-level character (HF's
   * {@code add_special_tokens} and {@code compute_alphabet}).
   *
   * @param seen the occurrences of each byte in the corpus
   */
  void addSpecialsAndAlphabet(TrainerSettings settings, long[] seen) {
    settings.specialTokens().forEach(this::add);
    for (int codePoint : alphabet(settings, seen)) {
      add(Character.toString(codePoint));
    }
  }

  private record Candidate(int codePoint, boolean initial, long count) {}

  private static int[] alphabet(TrainerSettings settings, long[] seen) {
    Map<Integer, Candidate> all = new TreeMap<>();
    boolean bytes = settings.alphabet() == TrainerSettings.Alphabet.BYTES;
    for (int b = 0; b < 256; b++) {
      if (bytes || seen[b] > 0) {
        int c = ByteAlphabet.toChar(b);
        all.put(c, new Candidate(c, bytes, seen[b]));
      }
    }
    for (String character : settings.characters()) {
      int c = character.codePointAt(0);
      int b = ByteAlphabet.toByte(c);
      all.put(c, new Candidate(c, true, b < 0 ? 0 : seen[b]));
    }
    Integer limit = settings.limitAlphabet();
    return all.values().stream()
        .sorted(
            Comparator.comparing(Candidate::initial)
                .thenComparing(Candidate::count)
                .reversed()
                .thenComparing(Candidate::codePoint))
        .limit(limit == null ? Integer.MAX_VALUE : limit)
        .mapToInt(Candidate::codePoint)
        .sorted()
        .toArray();
  }

  /** The id of each byte's character, -1 if the vocabulary lacks it. */
  int[] byteIds() {
    int[] byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = id(String.valueOf(ByteAlphabet.toChar(b)));
    }
    return byteIds;
  }
}

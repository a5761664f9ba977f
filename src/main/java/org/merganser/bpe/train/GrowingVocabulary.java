package org.merganser.bpe.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteAlphabet;

/** The vocabulary of a training, to which tokens are added: tokens by id, ids by token. */
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

  /** The token of an id. */
  public String token(int id) {
    return tokens.get(id);
  }

  /** By id, the number of characters of the token: the bytes of text of one that is not special. */
  public int[] lengths() {
    return tokens.stream().mapToInt(GrowingVocabulary::length).toArray();
  }

  /**
   * A rule that allows pairs whose token has fewer characters than a limit; as in HF, two single
   * characters are always allowed.
   *
   * @param maxTokenLength null for no limit
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

  /** The number of tokens. */
  public int size() {
    return tokens.size();
  }

  /** A copy of the tokens, by id. */
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

  /** The id of each byte's character, -1 if the vocabulary lacks it. */
  int[] byteIds() {
    int[] byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = ids.getOrDefault(String.valueOf(ByteAlphabet.toChar(b)), -1);
    }
    return byteIds;
  }

  /** The code points of the alphabet, ascending: the most frequent candidates within the limit. */
  private static int[] alphabet(TrainerSettings settings, long[] seen) {
    Integer limit = settings.limitAlphabet();
    return candidates(settings, seen).stream()
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

  /** The bytes and characters that the settings allow, by code point. */
  private static Collection<Candidate> candidates(TrainerSettings settings, long[] seen) {
    Map<Integer, Candidate> all = new TreeMap<>();
    boolean allBytes = settings.alphabet() == TrainerSettings.Alphabet.BYTES;
    for (int b = 0; b < 256; b++) {
      if (allBytes || seen[b] > 0) {
        int c = ByteAlphabet.toChar(b);
        all.put(c, new Candidate(c, allBytes, seen[b]));
      }
    }
    for (String character : settings.characters()) {
      int c = character.codePointAt(0);
      int b = ByteAlphabet.toByte(c);
      all.put(c, new Candidate(c, true, b < 0 ? 0 : seen[b]));
    }
    return all.values();
  }

  /** The number of characters of a token. */
  private static int length(String token) {
    return token.codePointCount(0, token.length());
  }

  /**
   * A candidate for the alphabet.
   *
   * @param initial whether it is in the initial alphabet, which counts as most frequent
   * @param count its occurrences in the corpus
   */
  private record Candidate(int codePoint, boolean initial, long count) {}
}

package org.merganser.report.statistics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TokenMatcher;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;
import org.merganser.tokenizer.parts.AddedToken;

/** The special tokens of two tokenizers, and how often their text occurs. For one thread. */
final class SpecialTokensFound {
  /** A tokenizer file may hold any number of them. */
  private static final int MOST_LISTED = 1_000;

  private final Tokenizer a;
  private final Tokenizer b;
  private final Map<String, Integer> idsA;
  private final Map<String, Integer> idsB;
  private final List<String> all;
  private final TokenMatcher matcher;
  private final long[] occurrences;

  SpecialTokensFound(Tokenizer a, Tokenizer b) {
    this.a = a;
    this.b = b;
    idsA = ids(a);
    idsB = ids(b);
    Set<String> either = new LinkedHashSet<>(idsA.keySet());
    either.addAll(idsB.keySet());
    all = List.copyOf(either);
    matcher =
        new TokenMatcher(all.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
    occurrences = new long[all.size()];
  }

  private static Map<String, Integer> ids(Tokenizer tokenizer) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    tokenizer.addedTokens().stream()
        .filter(AddedToken::special)
        .forEach(token -> ids.put(token.content(), token.id()));
    return ids;
  }

  /** Counts the text of special tokens in {@code text[from, to)}. */
  void count(byte[] text, int from, int to) {
    long found;
    for (int at = from; (found = matcher.find(text, at, to)) >= 0; ) {
      occurrences[(int) found]++;
      at = (int) (found >>> 32) + matcher.length((int) found);
    }
  }

  boolean areIn(byte[] text, int from, int to) {
    return matcher.find(text, from, to) >= 0;
  }

  Comparison.SpecialTokens result() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparing((Integer i) -> isInBoth(all.get(i)))
            .thenComparing(i -> -occurrences[i])
            .thenComparing(Comparator.naturalOrder()));
    int both = (int) all.stream().filter(this::isInBoth).count();
    return new Comparison.SpecialTokens(
        both,
        idsA.size() - both,
        idsB.size() - both,
        order.stream().limit(MOST_LISTED).map(this::row).toList());
  }

  private boolean isInBoth(String token) {
    return idsA.containsKey(token) && idsB.containsKey(token);
  }

  private Comparison.SpecialToken row(int i) {
    String token = all.get(i);
    return new Comparison.SpecialToken(
        token,
        idsA.get(token),
        idsB.get(token),
        idsA.containsKey(token) ? Integer.valueOf(1) : asText(a, token),
        idsB.containsKey(token) ? Integer.valueOf(1) : asText(b, token),
        occurrences[i]);
  }

  private static @Nullable Integer asText(Tokenizer tokenizer, String token) {
    byte[] text = token.getBytes(StandardCharsets.UTF_8);
    IdBuffer ids = new IdBuffer(16);
    try {
      tokenizer.newEncoder(SpecialText.TEXT).encode(text, 0, text.length, ids);
      return ids.size();
    } catch (UnencodableException e) {
      return null; // there is no number of tokens to tell
    }
  }
}

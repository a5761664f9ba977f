package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.report.RoundedFractions;
import org.merganser.report.ShortName;
import org.merganser.report.measure.Sentences;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/** Finds where two tokenizers, A and B, differ on texts. Not thread-safe. */
final class DifferenceMeter {
  /** A segment ends with the first sentence that ends after this many bytes. */
  private static final int SEGMENT_BYTES = 160;

  /** A segment with fewer tokens is no example: a large ratio of small numbers says little. */
  private static final int LEAST_TOKENS_OF_EXAMPLE = 20;

  /** A longer segment is no example. */
  private static final int MOST_BYTES_OF_EXAMPLE = 4 * SEGMENT_BYTES;

  /** The number of special tokens that are listed. */
  private static final int MOST_SPECIAL = 1_000;

  /** Sums over the segments of a kind, and the one with the largest difference. */
  private static final class KindCounter {
    long bytes;
    long tokensA;
    long tokensB;
    Difference.@Nullable Text example;

    /** The absolute logarithm of the ratio of tokens in the example; -1 without one. */
    double distance = -1;
  }

  private final ComparedTokenizer a;
  private final ComparedTokenizer b;

  /** By name of the {@link TextKind}. */
  private final Map<String, KindCounter> kinds = new TreeMap<>();

  DifferenceMeter(ComparedTokenizer a, ComparedTokenizer b) {
    this.a = a;
    this.b = b;
  }

  /** Cuts {@code text[from, to)}, well-formed UTF-8, at the ends of sentences and compares. */
  void add(String document, byte[] text, int from, int to) {
    int[] start = {-1}; // of the segment; -1 before its first sentence
    Sentences.split(
        text,
        from,
        to,
        (begin, end) -> {
          if (start[0] < 0) {
            start[0] = begin;
          }
          if (end - start[0] >= SEGMENT_BYTES) {
            addSegment(document, text, start[0], end);
            start[0] = -1;
          }
        });
    if (start[0] >= 0) {
      addSegment(document, text, start[0], to);
    }
  }

  /** The differences on all texts so far. */
  Difference result() {
    Set<String> inA = a.vocabulary();
    Set<String> inB = b.vocabulary();
    int shared = (int) inA.stream().filter(inB::contains).count();
    return new Difference(
        shared,
        RoundedFractions.ratio(shared, (long) inA.size() + inB.size() - shared),
        usesIn(a, inB),
        usesIn(b, inA),
        specialTokens(),
        kinds());
  }

  /** Counts a segment, which becomes the example of its kind if it differs most so far. */
  private void addSegment(String document, byte[] text, int from, int to) {
    int tokensA = a.encode(text, from, to);
    int tokensB = b.encode(text, from, to);
    String shown = new String(text, from, to - from, StandardCharsets.UTF_8);
    KindCounter kind = kinds.computeIfAbsent(TextKind.of(shown), name -> new KindCounter());
    kind.bytes += to - from;
    kind.tokensA += tokensA;
    kind.tokensB += tokensB;
    double distance = Math.abs(StrictMath.log((double) tokensA / Math.max(1, tokensB)));
    if (Math.max(tokensA, tokensB) >= LEAST_TOKENS_OF_EXAMPLE
        && to - from <= MOST_BYTES_OF_EXAMPLE
        && distance > kind.distance) {
      kind.distance = distance;
      kind.example =
          new Difference.Text(ShortName.of(document), shown, tokensA, tokensB, a.ends(), b.ends());
    }
  }

  /** The share of a tokenizer's tokens, counted by use, that a vocabulary has. */
  private static @Nullable BigDecimal usesIn(ComparedTokenizer side, Set<String> vocabulary) {
    long shared = 0;
    for (int id = 0; id < side.uses.bound(); id++) {
      if (side.uses.count(id) > 0 && vocabulary.contains(side.text(id))) {
        shared = Math.addExact(shared, side.uses.count(id));
      }
    }
    return RoundedFractions.ratio(shared, side.uses.total());
  }

  /** The special tokens that both have, and those that only one of them has. */
  private Difference.SpecialTokens specialTokens() {
    List<String> ofA = specialTokens(a.tokenizer);
    List<String> ofB = specialTokens(b.tokenizer);
    return new Difference.SpecialTokens(
        (int) ofA.stream().filter(Set.copyOf(ofB)::contains).count(),
        without(ofA, Set.copyOf(ofB)),
        without(ofB, Set.copyOf(ofA)));
  }

  /** The texts of a tokenizer's special tokens, by id. */
  private static List<String> specialTokens(Tokenizer tokenizer) {
    return tokenizer.addedTokens().stream()
        .filter(AddedToken::special)
        .map(AddedToken::content)
        .toList();
  }

  /** The tokens that are not excluded, {@link #MOST_SPECIAL} at most. */
  private static List<String> without(List<String> tokens, Set<String> excluded) {
    return tokens.stream().filter(token -> !excluded.contains(token)).limit(MOST_SPECIAL).toList();
  }

  /** The kinds of text, those with the largest difference first. */
  private List<Difference.Kind> kinds() {
    long all = kinds.values().stream().mapToLong(kind -> kind.bytes).sum();
    List<Difference.Kind> rows = new ArrayList<>();
    kinds.forEach(
        (name, kind) ->
            rows.add(
                new Difference.Kind(
                    name,
                    kind.bytes,
                    RoundedFractions.ratio(kind.bytes, all),
                    kind.tokensA,
                    kind.tokensB,
                    RoundedFractions.ratio(kind.bytes, kind.tokensA),
                    RoundedFractions.ratio(kind.bytes, kind.tokensB),
                    kind.example)));
    rows.sort(
        Comparator.comparingLong(
            (Difference.Kind kind) -> -Math.abs(kind.tokensA() - kind.tokensB())));
    return rows;
  }
}

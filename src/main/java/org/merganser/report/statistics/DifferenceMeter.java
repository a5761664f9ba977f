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

/** Finds where two tokenizers differ on texts. Not thread-safe. */
final class DifferenceMeter {
  private static final int SEGMENT_BYTES = 160;
  private static final int LEAST_TOKENS = 20;
  private static final int MOST_SPECIAL = 1_000;

  private final ComparedTokenizer a;
  private final ComparedTokenizer b;
  private final Map<String, OfKind> kinds = new TreeMap<>();

  private static final class OfKind {
    long bytes;
    long tokensA;
    long tokensB;
    double distance = -1; // of the example
    Difference.@Nullable Text example;
  }

  DifferenceMeter(ComparedTokenizer a, ComparedTokenizer b) {
    this.a = a;
    this.b = b;
  }

  /** Cuts {@code text[from, to)}, well-formed UTF-8, at the ends of sentences and compares. */
  void add(String document, byte[] text, int from, int to) {
    int[] start = {-1};
    Sentences.split(
        text,
        from,
        to,
        (begin, end) -> {
          start[0] = start[0] < 0 ? begin : start[0];
          if (end - start[0] >= SEGMENT_BYTES) {
            addSegment(document, text, start[0], end);
            start[0] = -1;
          }
        });
    if (start[0] >= 0) {
      addSegment(document, text, start[0], to);
    }
  }

  private void addSegment(String document, byte[] text, int from, int to) {
    int tokensA = a.encode(text, from, to);
    int tokensB = b.encode(text, from, to);
    String shown = new String(text, from, to - from, StandardCharsets.UTF_8);
    OfKind kind = kinds.computeIfAbsent(TextKind.of(shown), first -> new OfKind());
    kind.bytes += to - from;
    kind.tokensA += tokensA;
    kind.tokensB += tokensB;
    double distance = Math.abs(StrictMath.log((double) tokensA / Math.max(1, tokensB)));
    if (Math.max(tokensA, tokensB) >= LEAST_TOKENS // fewer tokens are not significant
        && to - from <= 4 * SEGMENT_BYTES
        && distance > kind.distance) {
      kind.distance = distance;
      kind.example =
          new Difference.Text(ShortName.of(document), shown, tokensA, tokensB, a.ends(), b.ends());
    }
  }

  Difference result() {
    Set<String> inA = a.vocabulary();
    Set<String> inB = b.vocabulary();
    int shared = (int) inA.stream().filter(inB::contains).count();
    return new Difference(
        shared,
        RoundedFractions.ratio(shared, (long) inA.size() + inB.size() - shared),
        usesIn(a, inB),
        usesIn(b, inA),
        special(),
        kinds());
  }

  private static @Nullable BigDecimal usesIn(ComparedTokenizer of, Set<String> others) {
    long shared = 0;
    for (int id = 0; id < of.uses.bound(); id++) {
      if (of.uses.count(id) > 0 && others.contains(of.text(id))) {
        shared = Math.addExact(shared, of.uses.count(id));
      }
    }
    return RoundedFractions.ratio(shared, of.uses.total());
  }

  private Difference.SpecialTokens special() {
    List<String> ofA = special(a.tokenizer);
    List<String> ofB = special(b.tokenizer);
    return new Difference.SpecialTokens(
        (int) ofA.stream().filter(Set.copyOf(ofB)::contains).count(),
        without(ofA, Set.copyOf(ofB)),
        without(ofB, Set.copyOf(ofA)));
  }

  private static List<String> special(Tokenizer tokenizer) {
    return tokenizer.addedTokens().stream()
        .filter(AddedToken::special)
        .map(AddedToken::content)
        .toList();
  }

  private static List<String> without(List<String> all, Set<String> others) {
    return all.stream().filter(token -> !others.contains(token)).limit(MOST_SPECIAL).toList();
  }

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

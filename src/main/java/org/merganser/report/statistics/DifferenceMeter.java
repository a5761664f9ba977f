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
import org.merganser.message.ShortName;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.Sentences;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Finds where two tokenizers, A and B, differ on texts. It encodes segments of the texts; the uses
 * of tokens in the complete texts are those that {@link VocabularyMeter} counts. Not thread-safe.
 */
final class DifferenceMeter {
  /** A segment ends with the sentence with which it has at least this many bytes. */
  static final int SEGMENT_BYTES = 160;

  /** A segment with fewer tokens is no example: a large ratio of small numbers says little. */
  private static final int LEAST_TOKENS_OF_EXAMPLE = 20;

  /** A longer segment is no example. */
  private static final int MOST_BYTES_OF_EXAMPLE = 4 * SEGMENT_BYTES;

  /** The most special tokens of one tokenizer that are listed. */
  static final int MOST_SPECIAL = 1_000;

  /** Sums over the segments of a kind, and the one with the largest ratio of tokens. */
  private static final class KindCounter {
    long bytes;
    long tokensA;
    long tokensB;
    Difference.@Nullable Text example;

    /** The {@link #logRatio} of the example; -1 without one. */
    double logRatio = -1;
  }

  private final ComparedTokenizer a;
  private final ComparedTokenizer b;

  /** By name of the {@link TextKind}. */
  private final Map<String, KindCounter> kinds = new TreeMap<>();

  DifferenceMeter(ComparedTokenizer a, ComparedTokenizer b) {
    this.a = a;
    this.b = b;
  }

  /**
   * Cuts {@code text[from, to)}, well-formed UTF-8, into segments, and adds each. Both tokenizers
   * encode the segments, so they no longer hold the tokens of the complete text.
   */
  void add(String document, byte[] text, int from, int to) {
    Segmenter segmenter = new Segmenter(document, text);
    Sentences.split(text, from, to, segmenter);
    segmenter.end(to);
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

  /** Counts a segment, which becomes the example of its kind if its ratio of tokens is larger. */
  private void addSegment(String document, byte[] text, int from, int to) {
    int tokensA = a.encode(text, from, to);
    int tokensB = b.encode(text, from, to);
    String shown = new String(text, from, to - from, StandardCharsets.UTF_8);
    KindCounter kind = kinds.computeIfAbsent(TextKind.of(shown), name -> new KindCounter());
    kind.bytes += to - from;
    kind.tokensA += tokensA;
    kind.tokensB += tokensB;
    double logRatio = logRatio(tokensA, tokensB);
    if (Math.max(tokensA, tokensB) >= LEAST_TOKENS_OF_EXAMPLE
        && to - from <= MOST_BYTES_OF_EXAMPLE
        && logRatio > kind.logRatio) {
      kind.logRatio = logRatio;
      kind.example =
          new Difference.Text(
              ShortName.of(document),
              shown,
              tokensA,
              tokensB,
              a.ends(text, from, to),
              b.ends(text, from, to));
    }
  }

  /**
   * The logarithm of the larger number divided by the smaller one. Without tokens of B it is as for
   * one; without tokens of A it is infinite.
   */
  private static double logRatio(int tokensA, int tokensB) {
    return Math.abs(StrictMath.log((double) tokensA / Math.max(1, tokensB)));
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
    Set<String> inA = Set.copyOf(ofA);
    Set<String> inB = Set.copyOf(ofB);
    int both = (int) ofA.stream().filter(inB::contains).count();
    return new Difference.SpecialTokens(both, without(ofA, inB), without(ofB, inA));
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

  /**
   * The kinds of text, those with the largest difference between the numbers of tokens first; of
   * equal differences, the names in the order of the alphabet.
   */
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

  /**
   * Joins the sentences of a text to segments. White space between two segments is in neither; that
   * at the end of the text belongs to a last segment that is still short.
   */
  private final class Segmenter implements Sentences.Sink {
    private final String document;
    private final byte[] text;

    /** Where the current segment begins; -1 before its first sentence. */
    private int start = -1;

    Segmenter(String document, byte[] text) {
      this.document = document;
      this.text = text;
    }

    @Override
    public void sentence(int from, int to) {
      if (start < 0) {
        start = from;
      }
      if (to - start >= SEGMENT_BYTES) {
        end(to);
      }
    }

    /** Ends the current segment at {@code to}, if there is one. */
    void end(int to) {
      if (start >= 0) {
        addSegment(document, text, start, to);
        start = -1;
      }
    }
  }
}

package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.dataset.BoundedGroups;
import org.merganser.dataset.IdHistogram;
import org.merganser.report.RoundedFractions;
import org.merganser.report.ShortName;
import org.merganser.report.measure.Sentences;
import org.merganser.report.measure.TokenBytes;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/** Runs two tokenizers over the same texts and compares. For one thread. */
public final class TokenizerComparison {
  private static final int EXAMPLES = 3;
  private static final int STRETCH = 160;
  private static final int LEAST_TOKENS = 20;

  private static final Pattern WORD_OR_SIGN =
      Pattern.compile("([\\p{L}\\p{M}\\p{N}_]+)|([^\\s\\p{L}\\p{M}\\p{N}_])\\2*");

  /** The kind of stretches that hold what one of the two may take for a special token. */
  private static final String SPECIAL_TEXT = "text of special tokens";

  private final Side a;
  private final Side b;
  private final SpecialTokensFound special;
  private final BoundedGroups<long[]> byGroup =
      new BoundedGroups<>(() -> new long[3], TokenizerComparison::addTo);
  private final Map<String, OfKind> kinds = new TreeMap<>();
  private long documents;
  private long bytes;

  /** One of the two, and what it made of the texts so far. */
  private static final class Side {
    private final NamedTokenizer named;
    private final Tokenizer tokenizer;
    private final Encoder encoder;
    private final TokenBytes tokens;
    private final IdHistogram uses = new IdHistogram();
    private final IdBuffer ids = new IdBuffer(1024);

    Side(NamedTokenizer named) {
      this.named = named;
      this.tokenizer = named.tokenizer();
      this.encoder = tokenizer.newEncoder(SpecialText.TEXT);
      this.tokens = new TokenBytes(tokenizer);
    }

    int encode(byte[] text, int from, int to) {
      ids.clear();
      encoder.encode(text, from, to, ids);
      return ids.size();
    }

    /** Where the tokens of the last text end in it. */
    List<Integer> ends() {
      List<Integer> ends = new ArrayList<>();
      int end = 0;
      for (int i = 0; i < ids.size(); i++) {
        end += tokens.length(ids.ids()[i]);
        ends.add(end);
      }
      return ends;
    }

    Set<String> vocabulary() {
      Set<String> texts = new HashSet<>();
      VocabularyAnalysis.idsOf(tokenizer).forEach(id -> texts.add(text(id)));
      return texts;
    }

    String text(int id) {
      return new String(tokens.of(id), StandardCharsets.ISO_8859_1);
    }

    /** The share of uses of tokens whose bytes are among {@code others}. */
    @Nullable BigDecimal usesIn(Set<String> others) {
      long shared = 0;
      for (int id = 0; id < uses.bound(); id++) {
        if (uses.count(id) > 0 && others.contains(text(id))) {
          shared = Math.addExact(shared, uses.count(id));
        }
      }
      return RoundedFractions.ratio(shared, uses.total());
    }
  }

  /** What both made of the stretches of one kind. */
  private static final class OfKind {
    private final long[] sums = new long[3]; // bytes, tokens of A, tokens of B
    private final PriorityQueue<Far> furthest = new PriorityQueue<>(Far.NEAREST_FIRST);
  }

  /**
   * A stretch of text on which the two differ.
   *
   * @param words how often each word and sign is in it
   */
  private record Far(
      double distance, long order, Comparison.Text text, Map<String, Integer> words) {
    static final Comparator<Far> NEAREST_FIRST =
        Comparator.comparingDouble(Far::distance)
            .thenComparing(Comparator.comparingLong(Far::order).reversed());

    /** Whether the two have a third of their words in common. */
    boolean isLike(Far other) {
      int common = 0;
      int all = 0;
      Set<String> either = new HashSet<>(words.keySet());
      either.addAll(other.words.keySet());
      for (String word : either) {
        int here = words.getOrDefault(word, 0);
        int there = other.words.getOrDefault(word, 0);
        common += Math.min(here, there);
        all += Math.max(here, there);
      }
      return 3 * common >= all;
    }
  }

  public TokenizerComparison(NamedTokenizer first, NamedTokenizer second) {
    a = new Side(first);
    b = new Side(second);
    special = new SpecialTokensFound(a.tokenizer, b.tokenizer);
  }

  /**
   * Compares on {@code text[from, to)}, well-formed UTF-8.
   *
   * @throws org.merganser.tokenizer.UnencodableException when one of the two lacks a character
   */
  public void add(String docId, @Nullable String group, byte[] text, int from, int to) {
    long tokensA = a.encode(text, from, to);
    long tokensB = b.encode(text, from, to);
    a.uses.addAll(a.ids.ids(), a.ids.size());
    b.uses.addAll(b.ids.ids(), b.ids.size());
    special.count(text, from, to);
    documents++;
    bytes += to - from;
    if (group != null) {
      long[] sums = byGroup.of(group);
      sums[0] += to - from;
      sums[1] += tokensA;
      sums[2] += tokensB;
    }
    if (Utf8.firstIllFormed(text, from, to) >= 0) {
      return; // counted, but bytes that are no characters are no text to show
    }
    int[] start = {-1};
    Sentences.split(
        text,
        from,
        to,
        (begin, end) -> {
          start[0] = start[0] < 0 ? begin : start[0];
          if (end - start[0] >= STRETCH) {
            stretch(docId, text, start[0], end);
            start[0] = -1;
          }
        });
    if (start[0] >= 0) {
      stretch(docId, text, start[0], to);
    }
  }

  private void stretch(String docId, byte[] text, int from, int to) {
    int tokensA = a.encode(text, from, to);
    int tokensB = b.encode(text, from, to);
    String shown = new String(text, from, to - from, StandardCharsets.UTF_8);
    String name = special.areIn(text, from, to) ? SPECIAL_TEXT : TextKind.of(shown);
    OfKind kind = kinds.computeIfAbsent(name, first -> new OfKind());
    addTo(kind.sums, new long[] {to - from, tokensA, tokensB});
    if (Math.max(tokensA, tokensB) < LEAST_TOKENS || to - from > 4 * STRETCH) {
      return; // too short to say anything, or too long to be shown
    }
    double distance = Math.abs(StrictMath.log((double) tokensA / Math.max(1, tokensB)));
    Far nearest = kind.furthest.peek();
    if (kind.furthest.size() == EXAMPLES && nearest != null && nearest.distance() >= distance) {
      return;
    }
    Far far =
        new Far(
            distance,
            documents << 32 | from,
            new Comparison.Text(ShortName.of(docId), shown, tokensA, tokensB, a.ends(), b.ends()),
            words(shown));
    List<Far> like = kind.furthest.stream().filter(far::isLike).toList();
    if (like.stream().anyMatch(other -> other.distance() >= distance)) {
      return;
    }
    kind.furthest.removeAll(like);
    kind.furthest.add(far);
    if (kind.furthest.size() > EXAMPLES) {
      kind.furthest.remove();
    }
  }

  /**
   * How often each word is in the text, and each sign, of which a run counts once: lines of tildes,
   * however long, copies of a line, and lines of one pattern are alike, and one of them is shown.
   */
  private static Map<String, Integer> words(String text) {
    Map<String, Integer> words = new HashMap<>();
    Matcher found = WORD_OR_SIGN.matcher(text);
    while (found.find()) {
      words.merge(found.group(1) == null ? found.group(2) : found.group(1), 1, Integer::sum);
    }
    return words;
  }

  private static long[] addTo(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], more[i]);
    }
    return sums;
  }

  public Comparison result() {
    Set<String> inA = a.vocabulary();
    Set<String> inB = b.vocabulary();
    int shared = (int) inA.stream().filter(inB::contains).count();
    List<Comparison.Row> rows = new ArrayList<>();
    byGroup
        .toMap()
        .forEach(
            (group, sums) ->
                rows.add(
                    new Comparison.Row(
                        group,
                        sums[0],
                        sums[1],
                        sums[2],
                        RoundedFractions.ratio(sums[0], sums[1]),
                        RoundedFractions.ratio(sums[0], sums[2]))));
    return new Comparison(
        a.named.name(),
        b.named.name(),
        a.named.sha256(),
        b.named.sha256(),
        (int) VocabularyAnalysis.idsOf(a.tokenizer).count(),
        (int) VocabularyAnalysis.idsOf(b.tokenizer).count(),
        shared,
        RoundedFractions.ratio(shared, (long) inA.size() + inB.size() - shared),
        a.usesIn(inB),
        b.usesIn(inA),
        documents,
        bytes,
        a.uses.total(),
        b.uses.total(),
        RoundedFractions.ratio(bytes, a.uses.total()),
        RoundedFractions.ratio(bytes, b.uses.total()),
        special.result(),
        rows,
        kinds());
  }

  private List<Comparison.Kind> kinds() {
    long all = kinds.values().stream().mapToLong(kind -> kind.sums[0]).sum();
    List<Comparison.Kind> rows = new ArrayList<>();
    kinds.forEach(
        (name, kind) ->
            rows.add(
                new Comparison.Kind(
                    name,
                    kind.sums[0],
                    RoundedFractions.ratio(kind.sums[0], all),
                    kind.sums[1],
                    kind.sums[2],
                    RoundedFractions.ratio(kind.sums[0], kind.sums[1]),
                    RoundedFractions.ratio(kind.sums[0], kind.sums[2]),
                    kind.furthest.stream()
                        .sorted(Far.NEAREST_FIRST.reversed())
                        .map(Far::text)
                        .toList())));
    rows.sort(
        Comparator.comparingLong(
            (Comparison.Kind kind) -> -Math.abs(kind.tokensA() - kind.tokensB())));
    return rows;
  }
}

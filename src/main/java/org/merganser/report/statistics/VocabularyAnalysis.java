package org.merganser.report.statistics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.merganser.dataset.IdHistogram;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TokenBytes;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.UnusedTokens;
import org.merganser.tokenizer.parts.AddedToken;

/** Goes through a vocabulary token by token. */
public final class VocabularyAnalysis {
  private static final int LONGEST = 30;
  private static final int NUMBERS = 1000;

  private final Tokenizer tokenizer;
  private final IdHistogram histogram;
  private final UnusedTokens unusedTokens;
  private final TokenBytes bytes;
  private final BitSet addedIds = new BitSet();

  private final KindList residue = new KindList();
  private final KindList unreachable = new KindList();
  private final KindList absent = new KindList();
  private final KindList unexamined = new KindList();
  private final KindList partial = new KindList();
  private final KindList whiteSpace = new KindList();
  private final long[][] byScript = new long[Scripts.count()][2];
  private int size;
  private int used;
  private int unusedAdded;
  private int unusedBytes;
  private long partialUses;

  private VocabularyAnalysis(
      Tokenizer tokenizer, IdHistogram histogram, UnusedTokens unusedTokens, TokenBytes bytes) {
    this.tokenizer = tokenizer;
    this.histogram = histogram;
    this.unusedTokens = unusedTokens;
    this.bytes = bytes;
    for (AddedToken token : tokenizer.addedTokens()) {
      addedIds.set(token.id());
    }
  }

  /** The figures of a vocabulary with how often each token occurs. */
  static VocabularyFigures of(
      Tokenizer tokenizer, IdHistogram histogram, UnusedTokens unusedTokens, TokenBytes bytes) {
    return new VocabularyAnalysis(tokenizer, histogram, unusedTokens, bytes).run();
  }

  /** The ids that have a token. */
  public static IntStream idsOf(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.idBound()).filter(tokenizer::hasToken);
  }

  private VocabularyFigures run() {
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (tokenizer.hasToken(id)) {
        look(id);
      }
    }
    List<Integer> longest = longest();
    return new VocabularyFigures(
        size,
        addedIds.cardinality(),
        tokenizer.model().mergeCount(),
        used,
        RoundedFractions.ratio(used, size),
        size - used,
        unusedAdded,
        unusedBytes,
        residue.kind(),
        unreachable.kind(),
        absent.kind(),
        unexamined.kind(),
        partial.kind(),
        partialUses,
        longest.isEmpty() ? 0 : bytes.length(longest.get(0)),
        longest,
        whiteSpace.kind(),
        numbers(),
        scripts());
  }

  private void look(int id) {
    size++;
    long count = histogram.count(id);
    if (count > 0) {
      used++;
    } else {
      unused(id);
    }
    byte[] text = bytes.of(id);
    if (addedIds.get(id)) {
      return;
    }
    if (UnusedTokens.isPartial(text)) {
      partial.add(id);
      partialUses = Math.addExact(partialUses, count);
      return;
    }
    if (isWhiteSpace(text)) {
      whiteSpace.add(id);
    }
    int script = Scripts.ofText(text, 0, text.length);
    if (script >= 0) {
      byScript[script][0]++;
      byScript[script][1] = Math.addExact(byScript[script][1], count);
    }
  }

  private void unused(int id) {
    switch (unusedTokens.kind(id)) {
      case ADDED -> unusedAdded++;
      case SYMBOL -> unusedBytes++;
      case UNEXAMINED -> unexamined.add(id);
      case UNREACHABLE -> unreachable.add(id);
      case RESIDUE -> residue.add(id);
      case ABSENT -> absent.add(id);
    }
  }

  private static boolean isWhiteSpace(byte[] utf8) {
    int at = 0;
    while (at < utf8.length && UnicodeCategories.isWhiteSpace(Utf8.codePoint(utf8, at))) {
      at += CodePoints.length(utf8[at]);
    }
    return at > 0 && at == utf8.length;
  }

  private List<Integer> longest() {
    Comparator<Integer> byLength =
        Comparator.<Integer>comparingInt(bytes::length)
            .thenComparing(Comparator.<Integer>naturalOrder().reversed());
    PriorityQueue<Integer> queue = new PriorityQueue<>(byLength);
    int least = 0; // of a token that may be among the longest
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (bytes.length(id) >= least && tokenizer.hasToken(id) && !addedIds.get(id)) {
        queue.add(id);
        if (queue.size() > LONGEST) {
          queue.remove();
          least = bytes.length(queue.element());
        }
      }
    }
    List<Integer> longest = new ArrayList<>(queue);
    longest.sort(byLength.reversed());
    return longest;
  }

  /**
   * Bytes of the longest token that is no ruled line and no indentation: of those, most bytes are
   * the byte before once more. Added tokens are not looked at.
   */
  static int longestText(Tokenizer tokenizer, TokenBytes bytes) {
    BitSet added = new BitSet();
    tokenizer.addedTokens().forEach(token -> added.set(token.id()));
    int longest = 0;
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (bytes.length(id) > longest && !added.get(id) && !isMostlyRepeated(bytes.of(id))) {
        longest = bytes.length(id);
      }
    }
    return longest;
  }

  private static boolean isMostlyRepeated(byte[] text) {
    int repeats = 0;
    for (int i = 1; i < text.length; i++) {
      repeats += text[i] == text[i - 1] ? 1 : 0;
    }
    return 2 * repeats > text.length;
  }

  private VocabularyFigures.Numbers numbers() {
    int[] found = new int[4];
    List<Integer> missing = new ArrayList<>();
    for (int number = 0; number < NUMBERS; number++) {
      String digits = Integer.toString(number);
      if (tokenizer.id(digits) >= 0) {
        found[digits.length()]++;
      } else {
        missing.add(number);
      }
    }
    return new VocabularyFigures.Numbers(found[1], found[2], found[3], missing);
  }

  private List<VocabularyFigures.ScriptShare> scripts() {
    List<VocabularyFigures.ScriptShare> shares = new ArrayList<>();
    for (int script = 0; script < byScript.length; script++) {
      if (byScript[script][0] > 0) {
        shares.add(
            new VocabularyFigures.ScriptShare(
                Scripts.name(script), (int) byScript[script][0], byScript[script][1]));
      }
    }
    shares.sort(
        Comparator.comparingInt(VocabularyFigures.ScriptShare::tokens)
            .reversed()
            .thenComparing(VocabularyFigures.ScriptShare::script));
    return shares;
  }

  private static final class KindList {
    private final List<Integer> ids = new ArrayList<>();
    private int count;

    void add(int id) {
      count++;
      if (ids.size() < VocabularyFigures.LISTED) {
        ids.add(id);
      }
    }

    VocabularyFigures.Kind kind() {
      return new VocabularyFigures.Kind(count, ids);
    }
  }
}

package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.manifest.Manifest;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TextSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.Statistics.Check;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.UnusedTokens;

/**
 * Judges the figures of a run by fixed thresholds; a failed check has advice. Failed checks come
 * first. Both they and the others are in this order: lost or changed text, unusual documents, cost
 * ({@code even-use}, {@code fair-groups}), use of the vocabulary.
 */
final class Verdict {
  /** The advice for a tokenizer whose ids cannot be decoded to their text. */
  private static final String NO_DECODER =
      "tokenizer.json has no decoder, so decoding joins the spellings of tokens by spaces; the ids"
          + " are right: add the decoder to the file, for ByteLevel {\"type\": \"ByteLevel\"}";

  // Limits of shares of the vocabulary.
  private static final BigDecimal MOST_UNUSED = new BigDecimal("0.05");
  private static final BigDecimal MOST_UNREACHABLE = new BigDecimal("0.001");
  private static final BigDecimal MOST_RARE = new BigDecimal("0.2");

  // Limits of shares of the documents.
  private static final BigDecimal MOST_EQUAL = new BigDecimal("0.01");
  private static final BigDecimal MOST_EMPTY = new BigDecimal("0.01");
  private static final BigDecimal MOST_SHORT = new BigDecimal("0.1");

  /** The share of all tokens that one of fewer than {@link #MANY} documents may have. */
  private static final BigDecimal LARGEST_OF_FEW = new BigDecimal("0.5");

  /** The share of all tokens that one of {@link #MANY} or more documents may have. */
  static final BigDecimal LARGEST_OF_MANY = new BigDecimal("0.1");

  /** With fewer documents, the largest one is not judged. */
  private static final int FEW = 10;

  /** With fewer documents, one of them may well have a tenth of all tokens. */
  static final int MANY = 100;

  /** The limit of a token's bytes. */
  private static final BigDecimal LONGEST_TOKEN = new BigDecimal(64);

  /** The minimum of {@link VocabularyUse#renyiEfficiency}. */
  private static final BigDecimal LEAST_RENYI = new BigDecimal("0.3");

  /** The limit of the cost of a byte of the most expensive group, divided by the average cost. */
  private static final BigDecimal MOST_COST_RATIO = new BigDecimal(2);

  /** A group with a smaller share of the text is not judged. */
  private static final double LEAST_SHARE_OF_GROUP = 0.01;

  private final StatisticsMaker.Counted counted;
  private final TokenBytes bytes;
  private final VocabularyFigures vocabulary;
  private final VocabularyUse use;
  private final List<Check> checks = new ArrayList<>();

  /** No checks so far; the arguments are those of {@link #of}. */
  private Verdict(
      StatisticsMaker.Counted counted,
      TokenBytes bytes,
      VocabularyFigures vocabulary,
      VocabularyUse use) {
    this.counted = counted;
    this.bytes = bytes;
    this.vocabulary = vocabulary;
    this.use = use;
  }

  /**
   * The checks of a run.
   *
   * @param counted the counts of the run
   * @param bytes of its tokens
   * @param vocabulary the composition of its vocabulary
   * @param use how the corpus uses the vocabulary
   * @param groups the most expensive first
   */
  static List<Check> of(
      StatisticsMaker.Counted counted,
      TokenBytes bytes,
      VocabularyFigures vocabulary,
      VocabularyUse use,
      List<Statistics.GroupRow> groups) {
    Verdict verdict = new Verdict(counted, bytes, vocabulary, use);
    verdict.checkLossless();
    verdict.checkDeadLetters();
    verdict.checkDocuments();
    verdict.checkEvenUse();
    verdict.checkGroups(groups);
    verdict.checkTokens();
    return verdict.checks.stream().sorted(Comparator.comparing(Check::passed)).toList();
  }

  /** Checks that text is complete and unchanged in the ids. */
  private void checkLossless() {
    Tokenizer tokenizer = counted.tokenizer();
    boolean hasDecoder = tokenizer.decoder() != null;
    boolean keepsBytes = tokenizer.byteLevel() && tokenizer.normalizer() == null;
    if (counted.measured().checked() > 0) {
      checkRoundTrip(counted.measured(), hasDecoder);
    }
    if (!hasDecoder) {
      String wanted = keepsBytes ? "ByteLevel" : "one that undoes the pre-tokenizer";
      String found = "tokenizer.json has no decoder";
      checks.add(new Check("decoder", false, null, null, found, wanted, NO_DECODER));
    }
    if (keepsBytes) {
      checkEveryByte();
    }
    int missing = tokenizer.missingBytes().length;
    addAtMost(
        "byte-alphabet",
        BigDecimal.valueOf(missing),
        BigDecimal.ZERO,
        Phrase.of("%d of 256 bytes have no token", missing),
        "train with initialAlphabet: bytes, or text that needs them cannot be encoded");
  }

  /** Checks that decoded texts have the same ids again. */
  private void checkRoundTrip(TextSums measured, boolean hasDecoder) {
    addAtMost(
        "round-trip",
        BigDecimal.valueOf(measured.changed()),
        BigDecimal.ZERO,
        Phrase.of(
            "%,d of %,d measured texts change when decoded and encoded again",
            measured.changed(), measured.checked()),
        hasDecoder ? "this is a defect: please report it with one of the documents" : NO_DECODER);
  }

  /**
   * Checks that the tokens have as many bytes as the text, for a tokenizer that keeps all bytes.
   */
  private void checkEveryByte() {
    long ofTokens = bytesOfTokens(counted.histogram(), bytes);
    long ofText = counted.totals().textBytes();
    addAtMost(
        "every-byte",
        BigDecimal.valueOf(Math.abs(ofTokens - ofText)),
        BigDecimal.ZERO,
        Phrase.of("the tokens have %,d bytes, the text has %,d", ofTokens, ofText),
        "this is a defect: please report it");
  }

  /** The bytes of all counted tokens, without special ones. */
  private static long bytesOfTokens(IdHistogram histogram, TokenBytes bytes) {
    long sum = 0;
    for (int id = 0; id < histogram.bound(); id++) {
      if (histogram.count(id) > 0 && !bytes.isSpecial(id)) {
        long ofToken = Math.multiplyExact(histogram.count(id), (long) bytes.length(id));
        sum = Math.addExact(sum, ofToken);
      }
    }
    return sum;
  }

  /** Checks that no record is a dead letter. */
  private void checkDeadLetters() {
    long dead = counted.totals().dead();
    addAtMost(
        "dead-letters",
        BigDecimal.valueOf(dead),
        BigDecimal.ZERO,
        dead == 0 ? "0" : Phrase.of("%,d: %s", dead, reasons(counted.totals().deadLetters())),
        "look into " + Manifest.DEAD_LETTERS + "/: each names the record and the reason");
  }

  /** The number of dead letters of each reason, in words. */
  private static String reasons(SortedMap<String, Long> deadLetters) {
    return deadLetters.entrySet().stream()
        .map(reason -> Phrase.of("%,d %s", reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }

  /**
   * Checks that few documents repeat others or are nearly empty, and none is most of the corpus.
   */
  private void checkDocuments() {
    UnusualDocuments unusual = counted.unusual();
    long all = counted.lengths().all().documents();
    checkEqualTexts(unusual.equal(), all);
    addAtMost(
        "empty-documents",
        unusual.empty().share(),
        MOST_EMPTY,
        Phrase.of("%,d of %,d documents have no text", unusual.empty().documents(), all),
        "does corpus.textField name the field with the text? Else remove these records");
    addAtMost(
        "short-documents",
        unusual.veryShort().share(),
        MOST_SHORT,
        Phrase.of(
            "%,d of %,d documents have text of fewer than %d tokens",
            unusual.veryShort().documents(), all, unusual.shortBelow()),
        "is each a document, or a line of one? corpus.format and corpus.separator decide that");
    UnusualDocuments.Largest largest = unusual.largest();
    if (largest != null && all >= FEW) {
      addAtMost(
          "largest-document",
          largest.share(),
          all >= MANY ? LARGEST_OF_MANY : LARGEST_OF_FEW,
          Phrase.of(
              "the largest document has %.1f %% of the tokens: %s of %s",
              100 * RoundedFractions.asDouble(largest.share()), largest.id(), largest.file()),
          "is it one document? corpus.format and corpus.separator decide where documents end");
    }
  }

  /** Checks that few documents have the text of an earlier one, unless the job leaves them out. */
  private void checkEqualTexts(UnusualDocuments.Equal equal, long all) {
    addAtMost(
        "equal-texts",
        equal.leftOut() ? BigDecimal.ZERO : equal.share(),
        MOST_EQUAL,
        equalTexts(equal, all),
        "set corpus.deduplicate: exact, which keeps the first document of each text; with"
            + " corpus.append, remove equal documents before the run");
  }

  /** The number of documents with the text of an earlier one, in words. */
  private static String equalTexts(UnusualDocuments.Equal equal, long all) {
    if (equal.leftOut()) {
      return Phrase.of(
          "corpus.deduplicate left out %s with the text of an earlier one",
          Plural.of(equal.documents(), "document"));
    }
    String estimate =
        equal.sampledOneIn() == 1
            ? ""
            : Phrase.of(", an estimate from one text in %,d", equal.sampledOneIn());
    return Phrase.of(
        "%,d of %,d documents have the text of an earlier one%s%s",
        equal.documents(), all, estimate, mostFrequent(equal.mostFrequent()));
  }

  /** The end of a sentence with the most frequent text; empty if it is unknown. */
  private static String mostFrequent(@Nullable List<UnusualDocuments.Text> texts) {
    if (texts == null || texts.isEmpty()) {
      return "";
    }
    UnusualDocuments.Text first = texts.get(0);
    return Phrase.of(
        "; the text of %s of %s occurs most often (%s%,d times)",
        first.id(), first.file(), first.sampledOneIn() == 1 ? "" : "about ", first.documents());
  }

  /** Checks that the tokens are used about equally often. */
  private void checkEvenUse() {
    BigDecimal renyi = use.renyiEfficiency();
    if (renyi != null) {
      boolean isEven = renyi.compareTo(LEAST_RENYI) >= 0;
      String found = Phrase.of("Rényi efficiency %.3f", renyi);
      String wanted = "at least " + LEAST_RENYI;
      String advice = "a few tokens make up most of the text: look at the most frequent ones";
      checks.add(new Check("even-use", isEven, renyi, LEAST_RENYI, found, wanted, advice));
    }
  }

  /** Checks that no group with enough text pays much more than the average. */
  private void checkGroups(List<Statistics.GroupRow> groups) {
    double leastBytes = LEAST_SHARE_OF_GROUP * counted.totals().textBytes();
    List<Statistics.GroupRow> judged =
        groups.stream().filter(group -> group.bytes() >= leastBytes).toList();
    if (judged.size() > 1) {
      Statistics.GroupRow mostExpensive = judged.get(0);
      addAtMost(
          "fair-groups",
          mostExpensive.costRatio(),
          MOST_COST_RATIO,
          Phrase.of(
              "%s pays %.2f times the average for a byte, of groups with at least 1 %% of the text",
              mostExpensive.group(), RoundedFractions.asDouble(mostExpensive.costRatio())),
          "more text of that group in training, or a larger vocabulary");
    }
  }

  /**
   * Checks that tokens can be produced and are short; and that they are used, unless the vocabulary
   * is a loaded one, whose size was not chosen for the corpus.
   */
  private void checkTokens() {
    if (!counted.loaded()) {
      checkUnusedTokens();
    }
    checkUnreachableTokens();
    checkLongestToken();
    if (!counted.loaded()) {
      checkRareTokens();
    }
  }

  /** Checks that most tokens occur in the corpus. */
  private void checkUnusedTokens() {
    int absent = vocabulary.absentTokens();
    BigDecimal share = RoundedFractions.ratio(absent, vocabulary.size());
    addAtMost(
        "unused-tokens",
        share,
        MOST_UNUSED,
        Phrase.of(
            "%.1f %% of the vocabulary never occurs (%,d tokens; bytes and added tokens not"
                + " counted)",
            100 * RoundedFractions.asDouble(share), absent),
        "a smaller vocabulary, or training on text like this");
  }

  /** Checks that text can produce nearly all tokens. */
  private void checkUnreachableTokens() {
    int unexamined = vocabulary.countUnused(UnusedTokens.Kind.UNEXAMINED);
    int unreachable = vocabulary.countUnused(UnusedTokens.Kind.UNREACHABLE);
    String restriction = "";
    if (unexamined > 0) {
      restriction =
          "; "
              + Plural.of(unexamined, "token")
              + " not examined, since the text of such is too long";
    }
    addAtMost(
        "unreachable-tokens",
        RoundedFractions.ratio(unreachable, vocabulary.size()),
        MOST_UNREACHABLE,
        Plural.of(unreachable, "token") + " that no text can produce" + restriction,
        "the merges were learned with another pattern or normalizer than the tokenizer has now");
  }

  /** Checks that no token is a long passage of text. */
  private void checkLongestToken() {
    int longest = VocabularyFigures.longestText(counted.tokenizer(), bytes);
    addAtMost(
        "longest-token",
        BigDecimal.valueOf(longest),
        LONGEST_TOKEN,
        Plural.of(longest, "byte") + ", ruled lines and indentation not counted",
        counted.deduplicated()
            ? "documents repeat the same long text: set tokenizer.train.maxTokenLength"
            : "the corpus repeats itself: deduplicate it, or set tokenizer.train.maxTokenLength");
  }

  /** Checks that most tokens occur often enough to be learned from. */
  private void checkRareTokens() {
    BigDecimal share = use.rareShare();
    addAtMost(
        "rare-tokens",
        share,
        MOST_RARE,
        Phrase.of(
            "%.1f %% of the vocabulary occurs fewer than %d times",
            100 * RoundedFractions.asDouble(share), PieceSums.RARE),
        "a smaller vocabulary, or more text: a model learns little about a token it seldom sees");
  }

  /**
   * Adds a check with a maximum.
   *
   * @param name such as {@code round-trip}
   * @param value null, which passes, if there is nothing to judge
   * @param limit the maximum: a share if it is less than 1
   * @param found the figure in words
   * @param advice the next step if the check fails
   */
  private void addAtMost(
      String name, @Nullable BigDecimal value, BigDecimal limit, String found, String advice) {
    boolean passed = value == null || value.compareTo(limit) <= 0;
    checks.add(new Check(name, passed, value, limit, found, wanted(limit), advice));
  }

  /** A maximum in words. */
  private static String wanted(BigDecimal limit) {
    if (limit.signum() == 0) {
      return "none";
    }
    boolean isShare = limit.compareTo(BigDecimal.ONE) < 0;
    String percent = limit.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    return "at most " + (isShare ? percent : limit);
  }
}

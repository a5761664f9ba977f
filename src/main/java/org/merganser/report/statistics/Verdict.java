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
 * first, in this order: lost or changed text, unusual documents, cost, use of the vocabulary.
 */
record Verdict(
    StatisticsMaker.Counted counted,
    TokenBytes bytes,
    VocabularyFigures vocabulary,
    VocabularyUse use,
    List<Check> checks) {
  private static final String NO_DECODER =
      "tokenizer.json has no decoder, so decoding joins the spellings of tokens by spaces; the ids"
          + " are right: add the decoder to the file, for ByteLevel {\"type\": \"ByteLevel\"}";
  private static final BigDecimal MOST_UNUSED = new BigDecimal("0.05");
  private static final BigDecimal MOST_UNREACHABLE = new BigDecimal("0.001");
  private static final BigDecimal LONGEST = new BigDecimal(64);
  private static final BigDecimal DEAREST = new BigDecimal(2);

  private static final BigDecimal MOST_EQUAL = new BigDecimal("0.01");
  private static final BigDecimal MOST_EMPTY = new BigDecimal("0.01");
  private static final BigDecimal MOST_SHORT = new BigDecimal("0.1");

  /** The share of all tokens that one document may have, of a few documents and of many. */
  private static final BigDecimal LARGEST_OF_FEW = new BigDecimal("0.5");

  private static final BigDecimal LARGEST_OF_MANY = new BigDecimal("0.1");
  private static final int FEW = 10;
  private static final int MANY = 100;

  private static final double LEAST_SHARE = 0.01;

  private static final BigDecimal MOST_RARE = new BigDecimal("0.2");
  private static final BigDecimal LEAST_RENYI = new BigDecimal("0.3");

  /**
   * @param groups the most expensive first
   */
  static List<Check> of(
      StatisticsMaker.Counted counted,
      TokenBytes bytes,
      VocabularyFigures vocabulary,
      VocabularyUse use,
      List<Statistics.GroupRow> groups) {
    Verdict verdict = new Verdict(counted, bytes, vocabulary, use, new ArrayList<>());
    verdict.lossless();
    verdict.deadLetters();
    verdict.documents();
    verdict.cost(groups);
    verdict.tokens();
    return verdict.checks.stream().sorted(Comparator.comparing(Check::passed)).toList();
  }

  private void lossless() {
    Tokenizer tokenizer = counted.tokenizer();
    TextSums measured = counted.measured();
    boolean hasDecoder = tokenizer.decoder() != null;
    boolean keepsBytes = tokenizer.byteLevel() && tokenizer.normalizer() == null;
    if (measured.checked() > 0) {
      atMost(
          "round-trip",
          BigDecimal.valueOf(measured.changed()),
          BigDecimal.ZERO,
          Phrase.of(
              "%,d of %,d measured texts change when decoded and encoded again",
              measured.changed(), measured.checked()),
          hasDecoder ? "this is a defect: please report it with one of the documents" : NO_DECODER);
    }
    if (!hasDecoder) {
      String wanted = keepsBytes ? "ByteLevel" : "one that undoes the pre-tokenizer";
      String found = "tokenizer.json has no decoder";
      checks.add(new Check("decoder", false, null, null, found, wanted, NO_DECODER));
    }
    if (keepsBytes) {
      long joined = joined(counted.histogram(), bytes);
      long text = counted.totals().textBytes();
      atMost(
          "every-byte",
          BigDecimal.valueOf(Math.abs(joined - text)),
          BigDecimal.ZERO,
          Phrase.of("the tokens have %,d bytes, the text has %,d", joined, text),
          "this is a defect: please report it");
    }
    int missing = tokenizer.missingBytes().length;
    atMost(
        "byte-alphabet",
        BigDecimal.valueOf(missing),
        BigDecimal.ZERO,
        Phrase.of("%d of 256 bytes have no token", missing),
        "train with initialAlphabet: bytes, or text that needs them cannot be encoded");
  }

  private static long joined(IdHistogram histogram, TokenBytes bytes) {
    long sum = 0;
    for (int id = 0; id < histogram.bound(); id++) {
      if (histogram.count(id) > 0 && !bytes.isSpecial(id)) {
        long all = Math.multiplyExact(histogram.count(id), (long) bytes.length(id));
        sum = Math.addExact(sum, all);
      }
    }
    return sum;
  }

  private void deadLetters() {
    long dead = counted.totals().dead();
    atMost(
        "dead-letters",
        BigDecimal.valueOf(dead),
        BigDecimal.ZERO,
        dead == 0 ? "0" : Phrase.of("%,d: %s", dead, reasons(counted.totals().deadLetters())),
        "look into " + Manifest.DEAD_LETTERS + "/: each names the record and the reason");
  }

  private static String reasons(SortedMap<String, Long> deadLetters) {
    return deadLetters.entrySet().stream()
        .map(reason -> Phrase.of("%,d %s", reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }

  private void documents() {
    UnusualDocuments unusual = counted.unusual();
    long all = counted.lengths().all().documents();
    UnusualDocuments.Equal equal = unusual.equal();
    atMost(
        "equal-texts",
        equal.leftOut() ? BigDecimal.ZERO : equal.share(),
        MOST_EQUAL,
        equalTexts(equal, all),
        "set corpus.deduplicate: exact, which keeps the first document of each text; with"
            + " corpus.append, remove equal documents before the run");
    atMost(
        "empty-documents",
        unusual.empty().share(),
        MOST_EMPTY,
        Phrase.of("%,d of %,d documents have no text", unusual.empty().documents(), all),
        "does corpus.textField name the field with the text? Else remove these records");
    atMost(
        "short-documents",
        unusual.veryShort().share(),
        MOST_SHORT,
        Phrase.of(
            "%,d of %,d documents have text of fewer than %d tokens",
            unusual.veryShort().documents(), all, unusual.shortBelow()),
        "is each a document, or a line of one? corpus.format and corpus.separator decide that");
    UnusualDocuments.Largest largest = unusual.largest();
    if (largest != null && all >= FEW) {
      atMost(
          "largest-document",
          largest.share(),
          all >= MANY ? LARGEST_OF_MANY : LARGEST_OF_FEW,
          Phrase.of(
              "the largest document has %.1f %% of the tokens: %s of %s",
              100 * RoundedFractions.asDouble(largest.share()), largest.id(), largest.file()),
          "is it one document? corpus.format and corpus.separator decide where documents end");
    }
  }

  private static String equalTexts(UnusualDocuments.Equal equal, long all) {
    if (equal.leftOut()) {
      return Phrase.of(
          "corpus.deduplicate left out %s with the text of an earlier one",
          Plural.of(equal.documents(), "document"));
    }
    List<UnusualDocuments.Text> texts = equal.mostFrequent();
    String estimate =
        equal.sampledOneIn() == 1
            ? ""
            : Phrase.of(", an estimate from one text in %,d", equal.sampledOneIn());
    String most =
        texts == null || texts.isEmpty()
            ? ""
            : Phrase.of(
                "; the text of %s of %s occurs most often (%s%,d times)",
                texts.get(0).id(),
                texts.get(0).file(),
                texts.get(0).sampledOneIn() == 1 ? "" : "about ",
                texts.get(0).documents());
    return Phrase.of(
        "%,d of %,d documents have the text of an earlier one%s%s",
        equal.documents(), all, estimate, most);
  }

  private void tokens() {
    int unexamined = vocabulary.unused(UnusedTokens.Kind.UNEXAMINED);
    int unreachable = vocabulary.unused(UnusedTokens.Kind.UNREACHABLE);
    int idle = vocabulary.idle();
    int longest = VocabularyFigures.longestText(counted.tokenizer(), bytes);
    if (!counted.loaded()) {
      BigDecimal unused = RoundedFractions.ratio(idle, vocabulary.size());
      atMost(
          "unused-tokens",
          unused,
          MOST_UNUSED,
          Phrase.of(
              "%.1f %% of the vocabulary never occurs (%,d tokens; bytes and added tokens not"
                  + " counted)",
              100 * RoundedFractions.asDouble(unused), idle),
          "a smaller vocabulary, or training on text like this");
    }
    atMost(
        "unreachable-tokens",
        RoundedFractions.ratio(unreachable, vocabulary.size()),
        MOST_UNREACHABLE,
        Plural.of(unreachable, "token")
            + " that no text can produce"
            + (unexamined == 0
                ? ""
                : "; "
                    + Plural.of(unexamined, "token")
                    + " not examined, since the text of such is too long"),
        "the merges were learned with another pattern or normalizer than the tokenizer has now");
    atMost(
        "longest-token",
        BigDecimal.valueOf(longest),
        LONGEST,
        Plural.of(longest, "byte") + ", ruled lines and indentation not counted",
        counted.deduplicated()
            ? "documents repeat the same long text: set tokenizer.train.maxTokenLength"
            : "the corpus repeats itself: deduplicate it, or set tokenizer.train.maxTokenLength");
    if (!counted.loaded()) {
      BigDecimal rare = use.rareShare();
      atMost(
          "rare-tokens",
          rare,
          MOST_RARE,
          Phrase.of(
              "%.1f %% of the vocabulary occurs fewer than %d times",
              100 * RoundedFractions.asDouble(rare), PieceSums.RARE),
          "a smaller vocabulary, or more text: a model learns little about a token it seldom sees");
    }
  }

  private void cost(List<Statistics.GroupRow> groups) {
    BigDecimal renyi = use.renyiEfficiency();
    if (renyi != null) {
      boolean even = renyi.compareTo(LEAST_RENYI) >= 0;
      String found = Phrase.of("Rényi efficiency %.3f", renyi);
      String wanted = "at least " + LEAST_RENYI;
      String advice = "a few tokens make up most of the text: look at the most frequent ones";
      checks.add(new Check("even-use", even, renyi, LEAST_RENYI, found, wanted, advice));
    }
    List<Statistics.GroupRow> judged =
        groups.stream()
            .filter(group -> group.bytes() >= LEAST_SHARE * counted.totals().textBytes())
            .toList(); // the most expensive first, as in the list of groups
    if (judged.size() > 1) {
      Statistics.GroupRow dearest = judged.get(0);
      atMost(
          "fair-groups",
          dearest.costRatio(),
          DEAREST,
          Phrase.of(
              "%s pays %.2f times the average for a byte, of groups with at least 1 %% of the text",
              dearest.group(), RoundedFractions.asDouble(dearest.costRatio())),
          "more text of that group in training, or a larger vocabulary");
    }
  }

  private void atMost(
      String name, @Nullable BigDecimal value, BigDecimal limit, String found, String advice) {
    String percent = limit.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    String most = "at most " + (limit.compareTo(BigDecimal.ONE) < 0 ? percent : limit);
    boolean passed = value == null || value.compareTo(limit) <= 0;
    String wanted = limit.signum() == 0 ? "none" : most;
    checks.add(new Check(name, passed, value, limit, found, wanted, advice));
  }
}

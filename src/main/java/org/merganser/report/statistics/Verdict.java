package org.merganser.report.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.merganser.dataset.InputRange;
import org.merganser.report.Plural;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TextSums;
import org.merganser.report.statistics.Statistics.Check;
import org.merganser.tokenizer.audit.UnusedTokens;

/**
 * Judges the figures of a run by fixed thresholds; a failed check gives advice. Failed checks come
 * first, in this order: lost or changed text, cost, use of the vocabulary.
 */
final class Verdict {
  private static final String NO_DECODER =
      "tokenizer.json has no decoder, so decoding joins the spellings of tokens by spaces; the ids"
          + " are right: add the decoder to the file, for ByteLevel {\"type\": \"ByteLevel\"}";
  private static final double MOST_UNUSED = 0.05;
  private static final double MOST_UNREACHABLE = 0.001;
  private static final int LONGEST = 64;
  private static final double DEAREST = 2;

  /** A group with a smaller share of the text is not judged. */
  private static final double LEAST_SHARE = 0.01;

  private static final double MOST_RARE = 0.2;
  private static final double LEAST_RENYI = 0.3;

  private final List<Check> checks = new ArrayList<>();

  private Verdict() {}

  /** The facts that are judged. */
  record Facts(
      long documents,
      long bytes,
      long tokens,
      long joinedBytes,
      boolean bytesAreKept,
      boolean hasDecoder,
      boolean deduplicated,
      int missingBytes,
      SortedMap<String, Long> deadLetters,
      TextSums measured,
      VocabularyFigures vocabulary,
      int longestText,
      VocabularyUse use,
      List<Statistics.GroupRow> groups) {}

  static List<Check> of(Facts facts) {
    Verdict verdict = new Verdict();
    verdict.lossless(facts);
    verdict.deadLetters(facts);
    verdict.cost(facts);
    verdict.vocabulary(facts);
    return verdict.checks.stream().sorted(Comparator.comparing(Check::passed)).toList();
  }

  private void lossless(Facts facts) {
    TextSums measured = facts.measured();
    if (measured.checked() > 0) {
      check(
          "round-trip",
          measured.changed() == 0,
          format(
              "%,d of %,d measured texts change when decoded and encoded again",
              measured.changed(), measured.checked()),
          "none",
          facts.hasDecoder()
              ? "this is a defect: please report it with one of the documents"
              : NO_DECODER);
    }
    if (!facts.hasDecoder()) {
      check(
          "decoder",
          false,
          "tokenizer.json has no decoder",
          facts.bytesAreKept() ? "ByteLevel" : "one that undoes the pre-tokenizer",
          NO_DECODER);
    }
    if (facts.bytesAreKept()) {
      check(
          "every-byte",
          facts.joinedBytes() == facts.bytes(),
          format(
              "the tokens stand for %,d bytes, the text has %,d",
              facts.joinedBytes(), facts.bytes()),
          "equal",
          "this is a defect: please report it");
    }
    check(
        "byte-alphabet",
        facts.missingBytes() == 0,
        format("%d of 256 bytes have no token", facts.missingBytes()),
        "none",
        "train with initialAlphabet: bytes, or text that needs them cannot be encoded");
  }

  private void deadLetters(Facts facts) {
    long dead = InputRange.sum(facts.deadLetters());
    check(
        "dead-letters",
        dead == 0,
        dead == 0 ? "0" : format("%,d: %s", dead, reasons(facts.deadLetters())),
        "none",
        "look into dead-letters/: each says what was wrong with which record");
  }

  private static String reasons(SortedMap<String, Long> deadLetters) {
    return deadLetters.entrySet().stream()
        .map(reason -> format("%,d %s", reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }

  private void vocabulary(Facts facts) {
    VocabularyFigures v = facts.vocabulary();
    int unexamined = v.unused(UnusedTokens.Kind.UNEXAMINED);
    int unreachable = v.unused(UnusedTokens.Kind.UNREACHABLE);
    int idle = v.idle();
    double rare = RoundedFractions.asDouble(facts.use().rareShare());
    check(
        "unused-tokens",
        idle <= MOST_UNUSED * v.size(),
        format(
            "%s of the vocabulary never occurs (%,d tokens; bytes and added tokens not counted)",
            percent(idle, v.size()), idle),
        "at most 5 %",
        "a smaller vocabulary, or training on text like this");
    check(
        "unreachable-tokens",
        unreachable <= MOST_UNREACHABLE * v.size(),
        Plural.of(unreachable, "token")
            + " that no text gives"
            + (unexamined == 0
                ? ""
                : "; "
                    + Plural.of(unexamined, "token")
                    + " not examined, since the text of such is too long"),
        "at most 0.1 %",
        "the merges were learned with another pattern or normalizer than the tokenizer has now");
    check(
        "longest-token",
        facts.longestText() <= LONGEST,
        Plural.of(facts.longestText(), "byte") + ", ruled lines and indentation not counted",
        "at most " + LONGEST,
        facts.deduplicated()
            ? "documents repeat the same long text: set tokenizer.train.maxTokenLength"
            : "the corpus repeats itself: deduplicate it, or set tokenizer.train.maxTokenLength");
    check(
        "rare-tokens",
        !(rare > MOST_RARE),
        format("%.1f %% of the vocabulary occurs fewer than %d times", 100 * rare, PieceSums.RARE),
        "at most 20 %",
        "a smaller vocabulary, or more text: a model learns little about a token it seldom sees");
  }

  private void cost(Facts facts) {
    double renyi = RoundedFractions.asDouble(facts.use().renyiEfficiency());
    if (!Double.isNaN(renyi)) {
      check(
          "even-use",
          renyi >= LEAST_RENYI,
          format("Rényi efficiency %.3f", renyi),
          "at least " + LEAST_RENYI,
          "a few tokens make up most of the text: look at the most frequent ones");
    }
    List<Statistics.GroupRow> judged =
        facts.groups().stream()
            .filter(group -> group.bytes() >= LEAST_SHARE * facts.bytes())
            .toList(); // the dearest first, as they are given
    if (judged.size() > 1) {
      Statistics.GroupRow dearest = judged.get(0);
      double ratio = RoundedFractions.asDouble(dearest.costRatio());
      check(
          "fair-groups",
          ratio <= DEAREST,
          format("%s pays %.2f times the tokens for a byte", dearest.group(), ratio),
          "at most 2 times the average, of groups with at least 1 % of the text",
          "more text of that group in training, or a larger vocabulary");
    }
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static String percent(long part, long whole) {
    return format("%.1f %%", whole == 0 ? 0 : 100.0 * part / whole);
  }

  private void check(String name, boolean passed, String found, String wanted, String advice) {
    checks.add(new Check(name, passed, found, wanted, passed ? "" : advice));
  }
}

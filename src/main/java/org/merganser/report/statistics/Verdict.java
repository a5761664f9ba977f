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

/**
 * Judges the figures of a run by fixed thresholds; each check says what to do where it fails. What
 * failed comes first: lost or changed text before cost, cost before the use of the vocabulary, and
 * among those of one kind what concerns the larger share of the text or of the vocabulary.
 */
final class Verdict {
  private static final String NO_DECODER =
      "tokenizer.json has no decoder, so decoding joins the spellings of tokens by spaces; the ids"
          + " are right: add the decoder to the file, for ByteLevel {\"type\": \"ByteLevel\"}";
  private static final double MOST_UNUSED = 0.05;
  private static final double MOST_UNREACHABLE = 0.001;
  private static final int LONGEST = 64;
  private static final double DEAREST = 2;

  /** A group of less text than this share of all is not judged. */
  private static final double LEAST_SHARE = 0.01;

  private static final double MOST_RARE = 0.2;
  private static final double LEAST_RENYI = 0.3;

  /** What a check is about, what matters most first. */
  private enum Concern {
    LOSS,
    COST,
    VOCABULARY
  }

  private record Weighted(Concern concern, double share, Check check) {
    static final Comparator<Weighted> ORDER =
        Comparator.comparing((Weighted each) -> each.check().passed())
            .thenComparing(each -> each.check().passed() ? Concern.LOSS : each.concern())
            .thenComparingDouble(each -> each.check().passed() ? 0 : -each.share());
  }

  private final List<Weighted> checks = new ArrayList<>();

  private Verdict() {}

  /** What is judged. */
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
      int rare,
      List<Statistics.GroupRow> groups) {}

  static List<Check> of(Facts facts) {
    Verdict verdict = new Verdict();
    verdict.lossless(facts);
    verdict.deadLetters(facts);
    verdict.vocabulary(facts);
    verdict.groups(facts);
    return verdict.checks.stream().sorted(Weighted.ORDER).map(Weighted::check).toList();
  }

  private void lossless(Facts facts) {
    TextSums measured = facts.measured();
    if (measured.checked() > 0) {
      check(
          Concern.LOSS,
          1,
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
          Concern.LOSS,
          1,
          "decoder",
          false,
          "tokenizer.json has no decoder",
          facts.bytesAreKept() ? "ByteLevel" : "one that undoes the pre-tokenizer",
          NO_DECODER);
    }
    if (facts.bytesAreKept()) {
      check(
          Concern.LOSS,
          1,
          "every-byte",
          facts.joinedBytes() == facts.bytes(),
          format(
              "the tokens stand for %,d bytes, the text has %,d",
              facts.joinedBytes(), facts.bytes()),
          "equal",
          "this is a defect: please report it");
    }
    check(
        Concern.LOSS,
        1,
        "byte-alphabet",
        facts.missingBytes() == 0,
        format("%d of 256 bytes have no token", facts.missingBytes()),
        "none",
        "train with initialAlphabet: bytes, or text that needs them cannot be encoded");
  }

  private void deadLetters(Facts facts) {
    long dead = InputRange.sum(facts.deadLetters());
    check(
        Concern.LOSS,
        (double) dead / (dead + facts.documents()),
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
    int unexamined = v.unexamined().count();
    int idle = v.residue().count() + v.unreachable().count() + v.absent().count() + unexamined;
    check(
        Concern.VOCABULARY,
        (double) idle / v.size(),
        "unused-tokens",
        idle <= MOST_UNUSED * v.size(),
        format(
            "%s of the vocabulary never occurs (%,d tokens; bytes and added tokens not counted)",
            percent(idle, v.size()), idle),
        "at most 5 %",
        "a smaller vocabulary, or training on text like this");
    check(
        Concern.VOCABULARY,
        (double) v.unreachable().count() / v.size(),
        "unreachable-tokens",
        v.unreachable().count() <= MOST_UNREACHABLE * v.size(),
        Plural.of(v.unreachable().count(), "token")
            + " that no text gives"
            + (unexamined == 0
                ? ""
                : "; "
                    + Plural.of(unexamined, "token")
                    + " not examined, since the text of such is too long"),
        "at most 0.1 %",
        "the merges were learned with another pattern or normalizer than the tokenizer has now");
    check(
        Concern.VOCABULARY,
        1.0 / v.size(),
        "longest-token",
        facts.longestText() <= LONGEST,
        Plural.of(facts.longestText(), "byte") + ", ruled lines and indentation not counted",
        "at most " + LONGEST,
        facts.deduplicated()
            ? "documents repeat the same long text: set tokenizer.train.maxTokenLength"
            : "the corpus repeats itself: deduplicate it, or set tokenizer.train.maxTokenLength");
    check(
        Concern.VOCABULARY,
        (double) facts.rare() / v.size(),
        "rare-tokens",
        facts.rare() <= MOST_RARE * v.size(),
        format(
            "%s of the vocabulary occurs fewer than %d times",
            percent(facts.rare(), v.size()), PieceSums.RARE),
        "at most 20 %",
        "a smaller vocabulary, or more text: a model learns little about a token it seldom sees");
    double renyi = RoundedFractions.asDouble(facts.use().renyiEfficiency());
    if (!Double.isNaN(renyi)) {
      check(
          Concern.COST,
          1,
          "even-use",
          renyi >= LEAST_RENYI,
          format("Rényi efficiency %.3f", renyi),
          "at least " + LEAST_RENYI,
          "a few tokens make up most of the text: look at the most frequent ones");
    }
  }

  private void groups(Facts facts) {
    List<Statistics.GroupRow> judged =
        facts.groups().stream()
            .filter(group -> group.bytes() >= LEAST_SHARE * facts.bytes())
            .toList(); // the dearest first, as they are given
    if (judged.size() > 1) {
      List<Statistics.GroupRow> dear =
          judged.stream()
              .filter(group -> !(RoundedFractions.asDouble(group.costRatio()) <= DEAREST))
              .toList();
      Statistics.GroupRow dearest = judged.get(0);
      double ratio = RoundedFractions.asDouble(dearest.costRatio());
      long bytes = dear.stream().mapToLong(Statistics.GroupRow::bytes).sum();
      check(
          Concern.COST,
          (double) bytes / facts.bytes(),
          "fair-groups",
          dear.isEmpty(),
          format("%s pays %.2f times the tokens for a byte", dearest.group(), ratio)
              + (dear.isEmpty()
                  ? ""
                  : format(
                      "; groups that pay more than twice the average have %s of the text",
                      percent(bytes, facts.bytes()))),
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

  private void check(
      Concern concern,
      double share,
      String name,
      boolean passed,
      String found,
      String wanted,
      String advice) {
    Check check = new Check(name, passed, found, wanted, passed ? "" : advice);
    checks.add(new Weighted(concern, share, check));
  }
}

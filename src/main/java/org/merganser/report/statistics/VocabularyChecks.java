package org.merganser.report.statistics;

import java.math.BigDecimal;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.audit.UnusedTokens;

/**
 * The checks of a {@link Verdict} that the tokens of the vocabulary can be produced, are used, and
 * are short.
 *
 * @param counted the counts of the run
 * @param bytes of its tokens
 * @param vocabulary the composition of its vocabulary
 * @param use how the corpus uses the vocabulary
 * @param checks receives the checks
 */
record VocabularyChecks(
    StatisticsMaker.Counted counted,
    TokenBytes bytes,
    VocabularyFigures vocabulary,
    VocabularyUse use,
    CheckList checks) {
  // Limits of shares of the vocabulary.
  private static final BigDecimal MOST_UNUSED = new BigDecimal("0.05");
  private static final BigDecimal MOST_UNREACHABLE = new BigDecimal("0.001");
  private static final BigDecimal MOST_RARE = new BigDecimal("0.2");

  /** The limit of a token's bytes. */
  private static final BigDecimal LONGEST_TOKEN = new BigDecimal(64);

  /**
   * Adds the checks. How much of a loaded vocabulary is used is not judged, since its size was not
   * chosen for the corpus.
   */
  void add() {
    if (!counted.loaded()) {
      addUnusedTokens();
    }
    addUnreachableTokens();
    addLongestToken();
    if (!counted.loaded()) {
      addRareTokens();
    }
  }

  /** Checks that most tokens occur in the corpus. */
  private void addUnusedTokens() {
    int absent = vocabulary.absentTokens();
    BigDecimal share = RoundedFractions.ratio(absent, vocabulary.size());
    checks.addShare(
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
  private void addUnreachableTokens() {
    int unexamined = vocabulary.countUnused(UnusedTokens.Kind.UNEXAMINED);
    int unreachable = vocabulary.countUnused(UnusedTokens.Kind.UNREACHABLE);
    String restriction =
        unexamined == 0
            ? ""
            : "; %s not examined, since the text of such is too long"
                .formatted(Plural.of(unexamined, "token"));
    checks.addShare(
        "unreachable-tokens",
        RoundedFractions.ratio(unreachable, vocabulary.size()),
        MOST_UNREACHABLE,
        Plural.of(unreachable, "token") + " that no text can produce" + restriction,
        "the merges were learned with another pattern or normalizer than the tokenizer has now");
  }

  /** Checks that no token is a long passage of text. */
  private void addLongestToken() {
    int longest = VocabularyFigures.longestText(counted.tokenizer(), bytes);
    checks.addAtMost(
        "longest-token",
        BigDecimal.valueOf(longest),
        LONGEST_TOKEN,
        Plural.of(longest, "byte") + ", ruled lines and indentation not counted",
        counted.deduplicated()
            ? "documents repeat the same long text: set tokenizer.train.maxTokenLength"
            : "the corpus repeats itself: deduplicate it, or set tokenizer.train.maxTokenLength");
  }

  /** Checks that most tokens occur often enough to be learned from. */
  private void addRareTokens() {
    BigDecimal share = use.rareShare();
    checks.addShare(
        "rare-tokens",
        share,
        MOST_RARE,
        Phrase.of(
            "%.1f %% of the vocabulary occurs fewer than %d times",
            100 * RoundedFractions.asDouble(share), PieceSums.RARE),
        "a smaller vocabulary, or more text: a model learns little about a token it seldom sees");
  }
}

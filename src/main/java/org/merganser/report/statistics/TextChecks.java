package org.merganser.report.statistics;

import java.util.SortedMap;
import java.util.stream.Collectors;
import org.merganser.message.Phrase;
import org.merganser.output.ListedFolders;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TextSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;

/**
 * The checks of a {@link Verdict} that all text of the corpus is in the ids, and unchanged.
 *
 * @param counted the counts of the run
 * @param bytes of its tokens
 * @param checks receives the checks
 */
record TextChecks(StatisticsMaker.Counted counted, TokenBytes bytes, CheckList checks) {
  /** The advice for a tokenizer whose ids cannot be decoded to their text. */
  private static final String NO_DECODER =
      "tokenizer.json has no decoder, so decoding joins the spellings of tokens by spaces; the ids"
          + " are right: add the decoder to the file, for ByteLevel {\"type\": \"ByteLevel\"}";

  /** Adds the checks of text that is changed or lost, then that of the dead letters. */
  void add() {
    Tokenizer tokenizer = counted.tokenizer();
    boolean hasDecoder = tokenizer.decoder() != null;
    boolean keepsBytes = tokenizer.byteLevel() && tokenizer.normalizer() == null;
    if (counted.measured().checked() > 0) {
      addRoundTrip(counted.measured(), hasDecoder);
    }
    if (!hasDecoder) {
      String wanted = keepsBytes ? "ByteLevel" : "one that undoes the pre-tokenizer";
      checks.addMissing("decoder", "tokenizer.json has no decoder", wanted, NO_DECODER);
    }
    if (keepsBytes) {
      addEveryByte();
    }
    int missing = tokenizer.missingBytes().length;
    checks.addNone(
        "byte-alphabet",
        missing,
        Phrase.of("%d of 256 bytes have no token", missing),
        "train with initialAlphabet: bytes, or text that needs them cannot be encoded");
    addDeadLetters();
  }

  /** Checks that decoded texts have the same ids again. */
  private void addRoundTrip(TextSums measured, boolean hasDecoder) {
    checks.addNone(
        "round-trip",
        measured.changed(),
        Phrase.of(
            "%,d of %,d measured texts change when decoded and encoded again",
            measured.changed(), measured.checked()),
        hasDecoder ? "this is a defect: please report it with one of the documents" : NO_DECODER);
  }

  /**
   * Checks that the tokens have as many bytes as the text, for a tokenizer that keeps all bytes.
   */
  private void addEveryByte() {
    long ofTokens = bytesOfTokens(counted.histogram(), bytes);
    long ofText = counted.totals().textBytes();
    checks.addNone(
        "every-byte",
        Math.abs(ofTokens - ofText),
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
  private void addDeadLetters() {
    long dead = counted.totals().dead();
    checks.addNone(
        "dead-letters",
        dead,
        dead == 0 ? "0" : Phrase.of("%,d: %s", dead, reasons(counted.totals().deadLetters())),
        "look into " + ListedFolders.DEAD_LETTERS + "/: each names the record and the reason");
  }

  /** The number of dead letters of each reason, in words. */
  private static String reasons(SortedMap<String, Long> deadLetters) {
    return deadLetters.entrySet().stream()
        .map(reason -> Phrase.of("%,d %s", reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }
}

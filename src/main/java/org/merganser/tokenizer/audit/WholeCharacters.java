package org.merganser.tokenizer.audit;

import java.util.function.Predicate;
import org.merganser.text.unicode.Utf8;

/** Puts bytes before and behind those of a token of partial UTF-8, so that all are characters. */
final class WholeCharacters {
  /** Sequences that are looked at, most of them not well-formed: some hundredths of a second. */
  private static final int MOST_TRIED = 300_000;

  /** Bytes of them, for tokens that are long. */
  private static final int MOST_BYTES = 1 << 25;

  private static final int FIRST_LEAD = 0xC2;
  private static final int LAST_LEAD = 0xF4;
  private static final int CONTINUATIONS = 64;
  private static final int LONGEST = 4;

  private final byte[] token;
  private final Predicate<byte[]> visitor;
  private final int most;
  private int tried;
  private boolean found;
  private boolean stopped;

  private WholeCharacters(byte[] token, Predicate<byte[]> visitor) {
    this.token = token;
    this.visitor = visitor;
    this.most = Math.max(1, Math.min(MOST_TRIED, MOST_BYTES / token.length));
  }

  /** What is known of the sequences that were looked for. */
  enum Result {
    /** There is none: the bytes stand side by side in no UTF-8 text. */
    NONE,
    /** Some were visited. */
    SOME
  }

  /**
   * Visits shortest well-formed sequences with the token inside until the visitor answers false.
   *
   * @param token not well-formed by itself
   */
  static Result visit(byte[] token, Predicate<byte[]> visitor) {
    WholeCharacters search = new WholeCharacters(token, visitor);
    search.run();
    return search.found || search.stopped ? Result.SOME : Result.NONE;
  }

  private void run() {
    int first = 0;
    while (first < token.length && isContinuation(token[first])) {
      first++;
    }
    if (first >= LONGEST) {
      return;
    }
    if (first == token.length) {
      for (int before = 1; before + first <= LONGEST; before++) {
        for (int behind = 0; before + first + behind <= LONGEST; behind++) {
          complete(before, behind);
        }
      }
      return;
    }
    int last = token.length - 1;
    while (isContinuation(token[last])) {
      last--;
    }
    int lead = token[last] & 0xFF;
    int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : LONGEST;
    int missing = length - (token.length - last);
    if (missing < 0) {
      return;
    }
    if (first == 0) {
      complete(0, missing);
    } else {
      for (int before = 1; before + first <= LONGEST; before++) {
        complete(before, missing);
      }
    }
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  /** Tries all beginnings and ends of so many bytes. */
  private void complete(int before, int behind) {
    byte[] text = new byte[before + token.length + behind];
    System.arraycopy(token, 0, text, before, token.length);
    int leads = before == 0 ? 1 : LAST_LEAD - FIRST_LEAD + 1;
    long beginnings = leads * power(before - 1);
    for (long b = 0; b < beginnings && !stopped; b++) {
      if (before > 0) {
        text[0] = (byte) (FIRST_LEAD + b % leads);
        continuations(b / leads, text, 1, before);
      }
      for (long e = 0; e < power(behind) && !stopped; e++) {
        continuations(e, text, before + token.length, text.length);
        look(text);
      }
    }
  }

  private static long power(int digits) {
    long power = 1;
    for (int i = 0; i < digits; i++) {
      power *= CONTINUATIONS;
    }
    return power;
  }

  private static void continuations(long number, byte[] text, int from, int to) {
    long rest = number;
    for (int i = from; i < to; i++) {
      text[i] = (byte) (0x80 | rest % CONTINUATIONS);
      rest /= CONTINUATIONS;
    }
  }

  private void look(byte[] text) {
    if (Utf8.firstIllFormed(text, 0, text.length) < 0) {
      found = true;
      stopped = !visitor.test(text.clone());
    }
    stopped |= ++tried == most;
  }
}

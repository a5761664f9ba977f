package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.text.scan.CutRule;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/**
 * Decides where a document above the limit is cut: at the last allowed place in each cell of a grid
 * over the document. Cell k covers bytes {@code [(k-1)·cell, k·cell)} of the document and has a cut
 * only if the document continues after it; the part that begins in it is part k. So the parts
 * depend only on the document's bytes and the limit, and reading from the middle finds the same
 * parts. If a cell has no allowed place, the part before it continues (and the number is skipped),
 * up to a limit of its own.
 *
 * @param rule allows places; null allows none
 * @param limit of a document that is not cut, in bytes; 1 or more, as {@link UnitReader} checks
 * @param wholeLimit of a document, or part, that cannot be cut, in bytes, at least {@code limit}; a
 *     larger one is a dead letter
 */
record CutGrid(@Nullable CutRule rule, long limit, long wholeLimit) {
  /** Follows the value of {@link #wholeLimit} in messages: its key and maximum. */
  static final String WHOLE_LIMIT_KEY =
      " (corpus.maxWholeDocumentBytes, at most " + CorpusSettings.MAX_DOCUMENT_BYTES + ")";

  /** Smaller cells mean finer ranges and less memory, larger ones fewer parts. */
  private static final long MAX_CELL = 8L << 20;

  /** How many of the last bytes of a cell are searched first: they nearly always have a cut. */
  private static final int NEAR = 1 << 16;

  /** The most continuation bytes of a character. */
  private static final int MOST_CONTINUATION = 3;

  /** A grid that allows no place to cut. */
  static CutGrid withoutCuts(long limit, long wholeLimit) {
    return new CutGrid(null, limit, wholeLimit);
  }

  /** Whether there may be a place to cut. */
  boolean allowsCuts() {
    return rule != null;
  }

  /**
   * The bytes of a cell. Two limits that have the same cells cut a document above both into the
   * same parts.
   */
  long cell() {
    // Half the limit, since a part that begins in one cell and ends in the next has at most two.
    return Math.max(1, Math.min(limit / 2, MAX_CELL));
  }

  /**
   * The index of the cut in a cell that is {@code text[from, to)}, or -1. A cut rule holds for
   * well-formed text, so only the text after the last ill-formed bytes is searched.
   */
  int cut(byte[] text, int from, int to) {
    if (rule == null) {
      return -1;
    }
    int near = Math.max(from, to - NEAR);
    int cut = lastCut(rule, text, near, to);
    return cut < 0 && near > from ? lastCut(rule, text, from, to) : cut;
  }

  /**
   * The last cut in {@code text[from, to)}, which may begin and end within a character; -1 for
   * none.
   */
  private static int lastCut(CutRule rule, byte[] text, int from, int to) {
    int start = from;
    while (start < to
        && start < from + MOST_CONTINUATION
        && CodePoints.isContinuation(text[start])) {
      start++;
    }
    int bad = Utf8.firstIllFormed(text, start, to);
    while (bad >= 0) {
      int next = bad + Math.max(1, Utf8.illFormedLength(text, bad, to));
      if (next >= to) {
        break; // no cut comes after the last bytes, which may be a character that the cell cuts
      }
      start = next;
      bad = Utf8.firstIllFormed(text, start, to);
    }
    return start >= to ? -1 : rule.lastCut(text, start, to);
  }
}

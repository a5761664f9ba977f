package org.merganser.text.pretokenize;

import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.TextMatcher;

/**
 * Cuts at the matches of a pattern. The text is a sequence of segments: the matches, which are the
 * delimiters, and the gaps between them ({@code invert} swaps their roles). The behavior decides
 * which segments are joined or removed, exactly as in HF's {@code NormalizedString::split}.
 */
public final class DelimiterPreTokenizer implements PreTokenizer {
  private final TextMatcher matcher;
  private final Behavior behavior;
  private final boolean invert;
  private final PretokenBatch batch = new PretokenBatch();

  /** Whether there is a pretoken to which a later segment may be joined. */
  private boolean pending;

  /** Where this pretoken begins. */
  private int pendingStart;

  /** Where this pretoken ends so far. */
  private int pendingEnd;

  /** Whether the last segment of the pending pretoken is a delimiter. */
  private boolean pendingDelimiter;

  /** Cuts at delimiters that are the matches of a pattern. */
  DelimiterPreTokenizer(TextMatcher matcher, Behavior behavior) {
    this(matcher, behavior, /* invert= */ false);
  }

  /**
   * Cuts at delimiters that are the matches of a pattern or the gaps between them.
   *
   * @param invert whether the gaps are the delimiters
   */
  public DelimiterPreTokenizer(TextMatcher matcher, Behavior behavior, boolean invert) {
    this.matcher = matcher;
    this.behavior = behavior;
    this.invert = invert;
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    if (from == to) {
      return;
    }
    batch.open(text, sink);
    pending = false;
    pendingDelimiter = false;
    int at = from;
    matcher.reset(text, from, to);
    while (matcher.find()) {
      if (at != matcher.start()) {
        addSegment(at, matcher.start(), invert);
      }
      addSegment(matcher.start(), matcher.end(), !invert);
      at = matcher.end();
    }
    if (at != to) {
      addSegment(at, to, invert);
    }
    if (pending) {
      batch.add(pendingStart, pendingEnd);
    }
    batch.flush();
  }

  /**
   * Adds a segment to the pretokens as the behavior requires.
   *
   * @param delimiter whether the segment is a delimiter
   */
  private void addSegment(int start, int end, boolean delimiter) {
    switch (behavior) {
      case ISOLATED -> batch.add(start, end);
      case REMOVED -> {
        if (!delimiter) {
          batch.add(start, end);
        }
      }
      case CONTIGUOUS -> joinOrKeep(start, end, delimiter, delimiter == pendingDelimiter);
      case MERGED_WITH_PREVIOUS ->
          joinOrKeep(start, end, delimiter, delimiter && !pendingDelimiter);
      case MERGED_WITH_NEXT -> joinOrKeep(start, end, delimiter, !delimiter && pendingDelimiter);
    }
  }

  /**
   * Joins the segment to the pending pretoken, or adds that to the batch and keeps the segment.
   *
   * @param delimiter whether the segment is a delimiter
   * @param join whether it is joined, if there is a pending pretoken
   */
  private void joinOrKeep(int start, int end, boolean delimiter, boolean join) {
    if (!pending) {
      pendingStart = start;
    } else if (!join) {
      batch.add(pendingStart, pendingEnd);
      pendingStart = start;
    }
    pending = true;
    pendingEnd = end;
    pendingDelimiter = delimiter;
  }
}

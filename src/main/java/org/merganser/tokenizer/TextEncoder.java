package org.merganser.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Encodes strings. Thread-safe: as many calls run at once as the machine has processors; others
 * wait. Each running call has its own caches, at most 72 MB for counting and as much for everything
 * else (less if the heap is small). They are kept for later calls, except after a text of over a
 * megabyte that had to be read at once.
 *
 * <p>An unpaired surrogate is encoded as U+FFFD, since it has no UTF-8 form. Exceptions name
 * offsets in bytes of the text's UTF-8 form.
 */
public final class TextEncoder {
  private final Supplier<TextSession> newSession;

  /** The ids that each text has around its own. */
  private final FrameIds frame;

  /** A permit for each call that may run at once. */
  private final Semaphore turns;

  /** The sessions of no call, the last used one first, since its caches are warm. */
  private final Deque<TextSession> idle = new ArrayDeque<>();

  /**
   * @param newSession makes a session, which adds the ids of the frame only if it encodes with
   *     offsets
   * @param frame the ids that each text has around its own
   */
  TextEncoder(Supplier<TextSession> newSession, FrameIds frame) {
    this.newSession = newSession;
    this.frame = frame;
    this.turns = new Semaphore(Runtime.getRuntime().availableProcessors());
  }

  /**
   * The ids of a text.
   *
   * @throws SpecialTextException under {@link SpecialText#REJECT}, if the text has a special token
   * @throws UnencodableException if the vocabulary has no token for a character of the text
   * @throws org.merganser.text.regex.RegexLimitException if a regex backtracks over the text beyond
   *     the bound
   * @throws org.merganser.text.normalize.NormalizerLimitException if the normalizers make the text
   *     longer than {@code GrowthLimit} allows
   */
  public int[] encode(CharSequence text) {
    TextSession session = acquire();
    try {
      return session.encode(text, frame);
    } finally {
      release(session);
    }
  }

  /**
   * The number of ids of a text, without producing them: once the caches know its words, nothing is
   * allocated. Throws as {@link #encode}.
   */
  public int count(CharSequence text) {
    return countUpTo(text, Integer.MAX_VALUE);
  }

  /**
   * The minimum of {@link #count} and {@code limit}. Reading stops soon after the limit, so {@code
   * countUpTo(text, budget + 1) > budget} decides whether a text of any length exceeds the budget,
   * at the cost of reading about the budget. Text after that place is not read and throws nothing.
   *
   * @param limit 0 or more
   * @throws IllegalArgumentException if the limit is negative
   */
  public int countUpTo(CharSequence text, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit is " + limit + "; it must be 0 or more");
    }
    int added = frame.size();
    if (limit <= added) {
      return limit;
    }
    TextSession session = acquire();
    try {
      return added + session.count(text, limit - added);
    } finally {
      release(session);
    }
  }

  /**
   * The ids of a text with their spans. Costs several times as much as {@link #encode}, and throws
   * as it does.
   */
  public Encoding encodeWithOffsets(CharSequence text) {
    TextSession session = acquire();
    try {
      boolean trims = true;
      return session.encodeWithOffsets(text, trims);
    } finally {
      release(session);
    }
  }

  /**
   * The beginning of a text with at most {@code maxTokens} ids, those of the post-processor
   * included. It ends where an id of the text ends, and never within a character. It is the longest
   * one, unless that has more ids alone than it has within the text: then a shorter one is taken,
   * not always the longest that fits. Reading stops soon after the limit. Throws as {@link
   * #encode}.
   *
   * @param maxTokens 0 or more
   * @return the text if it has no more ids; the empty string if nothing fits
   * @throws IllegalArgumentException if {@code maxTokens} is negative
   */
  public String truncate(String text, int maxTokens) {
    if (maxTokens < 0) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; it must be 0 or more");
    }
    int budget = maxTokens - frame.size();
    if (budget < 0) {
      return "";
    }
    TextSession session = acquire();
    try {
      return session.truncate(text, budget, frame.before().length);
    } finally {
      release(session);
    }
  }

  /** Waits for a turn; returns a session that no other call has. */
  private TextSession acquire() {
    turns.acquireUninterruptibly();
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    try {
      return newSession.get();
    } catch (RuntimeException | Error e) {
      turns.release();
      throw e;
    }
  }

  /** Ends a call that took the session. */
  private void release(TextSession session) {
    try {
      session.forget();
      if (!session.isLarge()) {
        synchronized (idle) {
          idle.push(session);
        }
      }
    } finally {
      turns.release();
    }
  }
}

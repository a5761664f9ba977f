package org.merganser.report.page;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.merganser.binary.ByteBuilder;
import org.merganser.message.ShortName;

/**
 * Places of the corpus where tokens occur, for the page. A window of tokens is kept if it has a
 * token that no earlier window has, until there are enough windows. Windows follow the order of the
 * shards, so the same shards lead to the same windows.
 *
 * <p>The packed form has unsigned LEB128 numbers; a window is the place of its document in {@link
 * #documents}, the number of its tokens, and their ids.
 */
public final class TokenExamples {
  /** The most tokens of a window. */
  private static final int WINDOW = 24;

  /** The most tokens of a window before the one for which it is kept. */
  private static final int BEFORE = 8;

  /** The tokens of all windows at which there are enough. */
  private static final int MOST_IDS = 250_000;

  /** The tokens of the corpus that are searched at most. */
  private static final long MOST_READ = 40_000_000;

  /** The tokens that some window has. */
  private final BitSet covered = new BitSet();

  /** The documents with windows, in order. */
  private final List<String> documents = new ArrayList<>();

  private final ByteBuilder windows = new ByteBuilder(1 << 16);

  /** The tokens of all windows so far. */
  private int kept;

  /** The tokens that were searched so far. */
  private long read;

  /** Whether there are enough windows, or enough tokens were searched. */
  public boolean isFull() {
    return kept >= MOST_IDS || read >= MOST_READ;
  }

  /** Searches {@code ids[0, count)}, a document or a part of one, for windows. */
  public void add(String docId, int[] ids, int count) {
    read += count;
    int end = 0; // of the last window in this document; 0 before the first one
    int place = nextUncovered(ids, 0, count);
    while (place < count && kept < MOST_IDS) {
      if (end == 0) {
        documents.add(ShortName.of(docId));
      }
      int from = Math.max(end, place - BEFORE);
      end = Math.min(count, from + WINDOW);
      keepWindow(ids, from, end);
      place = nextUncovered(ids, end, count);
    }
  }

  /** The names of the documents to which the windows refer by place. */
  List<String> documents() {
    return documents;
  }

  /** The windows in their packed form. */
  byte[] packed() {
    return windows.toByteArray();
  }

  /** The first place from {@code from} on with a token that no window has, or {@code count}. */
  private int nextUncovered(int[] ids, int from, int count) {
    int at = from;
    while (at < count && covered.get(ids[at])) {
      at++;
    }
    return at;
  }

  /** Packs the window {@code ids[from, to)} of the last document. */
  private void keepWindow(int[] ids, int from, int to) {
    windows.appendVarint(documents.size() - 1);
    windows.appendVarint(to - from);
    for (int i = from; i < to; i++) {
      windows.appendVarint(ids[i]);
      covered.set(ids[i]);
    }
    kept += to - from;
  }
}

package org.merganser.report.page;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.merganser.binary.ByteBuilder;
import org.merganser.report.ShortName;

/**
 * Places of the corpus where tokens occur, for the page. A window of tokens is kept if it has a
 * token that no earlier window has, until there are enough windows. Windows follow the order of the
 * shards, so the same shards lead to the same windows.
 *
 * <p>Packed as unsigned LEB128: windows × (place in the list of documents, tokens, ids).
 */
public final class TokenExamples {
  private static final int WINDOW = 24;
  private static final int BEFORE = 8;
  private static final int MOST_IDS = 250_000;
  private static final long MOST_READ = 40_000_000;

  private final BitSet covered = new BitSet();
  private final List<String> documents = new ArrayList<>();
  private final ByteBuilder windows = new ByteBuilder(1 << 16);
  private int kept;
  private long read;

  public boolean isFull() {
    return kept >= MOST_IDS || read >= MOST_READ;
  }

  /** Searches windows in {@code ids[0, count)} of a document. */
  public void add(String docId, int[] ids, int count) {
    read += count;
    int free = 0; // an earlier window has the tokens before this place
    for (int i = uncovered(ids, 0, count); i < count && kept < MOST_IDS; ) {
      if (free == 0) {
        documents.add(ShortName.of(docId));
      }
      int from = Math.max(free, i - BEFORE);
      free = Math.min(count, from + WINDOW);
      keep(ids, from, free);
      i = uncovered(ids, free, count);
    }
  }

  private int uncovered(int[] ids, int from, int count) {
    int at = from;
    while (at < count && covered.get(ids[at])) {
      at++;
    }
    return at;
  }

  private void keep(int[] ids, int from, int to) {
    windows.appendVarint(documents.size() - 1);
    windows.appendVarint(to - from);
    for (int j = from; j < to; j++) {
      windows.appendVarint(ids[j]);
      covered.set(ids[j]);
    }
    kept += to - from;
  }

  List<String> documents() {
    return documents;
  }

  byte[] packed() {
    return windows.toByteArray();
  }
}

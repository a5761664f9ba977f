package org.merganser.report.page;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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
  private final ByteArrayOutputStream windows = new ByteArrayOutputStream();
  private int kept;
  private long read;

  public boolean isFull() {
    return kept >= MOST_IDS || read >= MOST_READ;
  }

  /** Searches windows in {@code ids[0, count)} of a document. */
  public void add(String docId, int[] ids, int count) {
    read += count;
    int free = 0; // an earlier window has the tokens before this place
    boolean named = false;
    for (int i = 0; i < count && kept < MOST_IDS; i++) {
      if (!covered.get(ids[i])) {
        int from = Math.max(free, i - BEFORE);
        int to = Math.min(count, from + WINDOW);
        if (!named) {
          documents.add(ShortName.of(docId));
          named = true;
        }
        PackedVocabulary.number(windows, documents.size() - 1);
        PackedVocabulary.number(windows, to - from);
        for (int j = from; j < to; j++) {
          PackedVocabulary.number(windows, ids[j]);
          covered.set(ids[j]);
        }
        kept += to - from;
        free = to;
      }
    }
  }

  List<String> documents() {
    return documents;
  }

  byte[] packed() {
    return windows.toByteArray();
  }
}

package org.merganser.report.page;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.message.ShortName;
import org.merganser.report.measure.TokenBytes;
import org.merganser.text.unicode.CodePoints;

/**
 * A document that the page shows: the ids of its first {@value #MOST_CHARACTERS} characters.
 *
 * @param document the name of the document, shortened
 * @param group the group of the document, shortened; null without groups
 * @param tokens the number of ids of the document; of the first part of one that was cut
 * @param ids the first ids, at least one if there is any
 */
@SuppressWarnings("ArrayRecordComponent") // documents are never compared
public record ShownDocument(String document, @Nullable String group, int tokens, int[] ids) {
  /** The most characters that are shown, unless the first token has more. */
  private static final int MOST_CHARACTERS = 2000;

  /** The beginning of the document {@code ids[0, count)}. */
  public static ShownDocument of(
      String document, @Nullable String group, int[] ids, int count, TokenBytes bytes) {
    return new ShownDocument(
        ShortName.of(document),
        group == null ? null : ShortName.of(group),
        count,
        Arrays.copyOf(ids, shownIds(ids, count, bytes)));
  }

  /**
   * Chooses documents by number, from 0, with random numbers that depend only on their count: the
   * same shards lead to the same documents.
   *
   * @return {@code wanted} numbers; all if there are no more documents
   */
  public static SortedSet<Long> choose(long documents, int wanted) {
    SortedSet<Long> chosen = new TreeSet<>();
    for (long i = 0; chosen.size() < Math.min(wanted, documents); i++) {
      chosen.add(Long.remainderUnsigned(new SplittableRandom(i).nextLong(), documents));
    }
    return chosen;
  }

  /** The number of first ids whose text has at most {@link #MOST_CHARACTERS}, or 1 if any. */
  private static int shownIds(int[] ids, int count, TokenBytes bytes) {
    int characters = 0;
    for (int i = 0; i < count; i++) {
      byte[] token = bytes.of(ids[i]);
      characters += CodePoints.count(token, 0, token.length);
      if (characters > MOST_CHARACTERS && i > 0) {
        return i;
      }
    }
    return count;
  }
}

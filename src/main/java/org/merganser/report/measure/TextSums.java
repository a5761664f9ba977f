package org.merganser.report.measure;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.merganser.dataset.BoundedGroups;

/**
 * What the measured part of the text adds up to. Sums of units are sums of their texts.
 *
 * @param documents measured; a document that was cut counts once for each part or excerpt
 * @param bytes of their text, as the tokens give it back
 * @param characters bytes that begin a character, as {@link TokenBytes#characters} counts them
 * @param tokens of text, without special ones
 * @param pieces words and other signs ({@link org.merganser.report.measure.TextPieces})
 * @param sentences by the rule of {@link org.merganser.report.measure.Sentences}
 * @param checked texts that were encoded again
 * @param changed those of them that have other ids then
 * @param words of all text
 * @param byScript text by script
 * @param byGroup words by the group of their document
 */
public record TextSums(
    long documents,
    long bytes,
    long characters,
    long tokens,
    long pieces,
    long sentences,
    long checked,
    long changed,
    WordSums words,
    SortedMap<String, ScriptSums> byScript,
    SortedMap<String, WordSums> byGroup) {
  public static final TextSums ZERO =
      new TextSums(0, 0, 0, 0, 0, 0, 0, 0, WordSums.ZERO, new TreeMap<>(), new TreeMap<>());

  public TextSums {
    byScript = Collections.unmodifiableSortedMap(new TreeMap<>(byScript));
    byGroup = Collections.unmodifiableSortedMap(new TreeMap<>(byGroup));
  }

  /** The sums of several; costs n log n in their groups. */
  public static TextSums sum(Collection<TextSums> parts) {
    long[] all = new long[8];
    WordSums words = WordSums.ZERO;
    SortedMap<String, ScriptSums> scripts = new TreeMap<>();
    BoundedGroups<WordSums> groups = new BoundedGroups<>(() -> WordSums.ZERO, WordSums::plus);
    for (TextSums part : parts) {
      long[] each = {
        part.documents,
        part.bytes,
        part.characters,
        part.tokens,
        part.pieces,
        part.sentences,
        part.checked,
        part.changed
      };
      for (int i = 0; i < all.length; i++) {
        all[i] = Math.addExact(all[i], each[i]);
      }
      words = words.plus(part.words);
      addAll(scripts, part.byScript, ScriptSums::plus);
      part.byGroup.forEach(groups::add);
    }
    return new TextSums(
        all[0],
        all[1],
        all[2],
        all[3],
        all[4],
        all[5],
        all[6],
        all[7],
        words,
        scripts,
        groups.toMap());
  }

  private static <T> void addAll(Map<String, T> sums, Map<String, T> more, BinaryOperator<T> plus) {
    more.forEach((key, value) -> sums.merge(key, value, plus));
  }
}

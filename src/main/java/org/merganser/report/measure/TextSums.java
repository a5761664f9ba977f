package org.merganser.report.measure;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the measured part of the text adds up to. Sums of units are sums of their texts.
 *
 * @param documents measured; a document that was cut counts once for each part or excerpt
 * @param bytes of their text, as the tokens give it back
 * @param characters code points of well-formed text
 * @param tokens of text, without special ones
 * @param pieces words and other signs ({@link org.merganser.report.measure.TextPieces})
 * @param sentences by the rule of {@link org.merganser.report.measure.Sentences}
 * @param changed documents whose text, encoded again, has other ids
 * @param words of all text
 * @param byScript words by the script of their first letter
 * @param byGroup words by the group of their document
 */
@JsonPropertyOrder({
  "documents",
  "bytes",
  "characters",
  "tokens",
  "pieces",
  "sentences",
  "changed",
  "words",
  "byScript",
  "byGroup"
})
public record TextSums(
    long documents,
    long bytes,
    long characters,
    long tokens,
    long pieces,
    long sentences,
    long changed,
    WordSums words,
    SortedMap<String, WordSums> byScript,
    SortedMap<String, WordSums> byGroup) {
  public static final TextSums ZERO =
      new TextSums(0, 0, 0, 0, 0, 0, 0, WordSums.ZERO, new TreeMap<>(), new TreeMap<>());

  public TextSums {
    byScript = Collections.unmodifiableSortedMap(new TreeMap<>(byScript));
    byGroup = Collections.unmodifiableSortedMap(new TreeMap<>(byGroup));
  }

  TextSums plus(TextSums other) {
    return new TextSums(
        Math.addExact(documents, other.documents),
        Math.addExact(bytes, other.bytes),
        Math.addExact(characters, other.characters),
        Math.addExact(tokens, other.tokens),
        Math.addExact(pieces, other.pieces),
        Math.addExact(sentences, other.sentences),
        Math.addExact(changed, other.changed),
        words.plus(other.words),
        plus(byScript, other.byScript),
        plus(byGroup, other.byGroup));
  }

  private static SortedMap<String, WordSums> plus(
      Map<String, WordSums> some, Map<String, WordSums> others) {
    SortedMap<String, WordSums> sums = new TreeMap<>(some);
    others.forEach((key, value) -> sums.merge(key, value, WordSums::plus));
    return sums;
  }
}

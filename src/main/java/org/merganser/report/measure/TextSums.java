package org.merganser.report.measure;

import java.util.SortedMap;

/**
 * What the measured part of the text adds up to.
 *
 * @param documents measured; a document that was cut counts once for each part or excerpt
 * @param bytes of their text, as the tokens give it back
 * @param characters of it: bytes that begin one
 * @param tokens of text, without special ones
 * @param pieces words and other signs ({@link org.merganser.report.measure.TextPieces})
 * @param sentences by the rule of {@link org.merganser.report.measure.Sentences}
 * @param checked texts that were encoded again
 * @param changed those of them that have other ids then
 * @param words of all text
 * @param byScript text by script
 * @param byGroup words by the group of their document; of those without one {@code (none)}
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
    SortedMap<String, WordSums> byGroup) {}

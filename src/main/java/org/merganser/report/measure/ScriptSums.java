package org.merganser.report.measure;

/**
 * The text of a script: its words, each with what stands between it and the word before. What
 * follows the last word of a text goes with that word, and text without words is {@code common}. So
 * each byte and each token of text belongs to one script.
 *
 * @param words whose first letter is of the script
 * @param bytes of its text
 * @param tokens that begin in its text, each counted once, over however many words it goes
 */
public record ScriptSums(WordSums words, long bytes, long tokens) {}

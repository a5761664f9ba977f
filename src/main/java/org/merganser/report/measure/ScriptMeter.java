package org.merganser.report.measure;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.report.measure.TextSums.ScriptSums;
import org.merganser.report.measure.TextSums.WordSums;
import org.merganser.text.unicode.Scripts;

/**
 * Assigns each byte and each token of decoded text to a script by the rule of {@link ScriptSums}.
 * For each excerpt, call {@link #begin}, {@link #addWord} for each word in order, and {@link #end}.
 */
final class ScriptMeter {
  /** The script of text without words. */
  private static final int COMMON = Scripts.number("common");

  private final DecodedText decoded;

  /** By number of the script. */
  private final ScriptCounter[] byScript = new ScriptCounter[Scripts.count()];

  /** The script of the last word of the current excerpt. */
  private int script = COMMON;

  /** The end of the text that is assigned to scripts. */
  private int bytesAssigned;

  /** The number of tokens that are assigned to scripts. */
  private int tokensAssigned;

  /**
   * @param decoded holds the text of the current excerpt
   */
  ScriptMeter(DecodedText decoded) {
    this.decoded = decoded;
    Arrays.setAll(byScript, number -> new ScriptCounter());
  }

  /** Begins an excerpt, whose text has just been decoded. */
  void begin() {
    script = COMMON;
    bytesAssigned = 0;
    tokensAssigned = 0;
  }

  /** Assigns the word {@code [from, to)} and the text before it. */
  void addWord(int from, int to, int tokensOfWord) {
    script = Scripts.ofText(decoded.text(), from, to);
    assignTo(script, to);
    byScript[script].words.add(tokensOfWord);
  }

  /** Assigns the text after the last word. */
  void end() {
    assignTo(script, decoded.length());
  }

  /** The sums by name of the script; those without text are left out. */
  SortedMap<String, ScriptSums> sums() {
    SortedMap<String, ScriptSums> scripts = new TreeMap<>();
    for (int number = 0; number < byScript.length; number++) {
      ScriptCounter counter = byScript[number];
      WordSums words = counter.words.sums();
      if (words.words() + counter.bytes + counter.tokens > 0) {
        scripts.put(Scripts.name(number), new ScriptSums(words, counter.bytes, counter.tokens));
      }
    }
    return scripts;
  }

  /** Assigns the text from the last assigned byte up to {@code to} to a script. */
  private void assignTo(int number, int to) {
    ScriptCounter counter = byScript[number];
    counter.bytes += to - bytesAssigned;
    bytesAssigned = to;
    while (tokensAssigned < decoded.count() && decoded.begin(tokensAssigned) < to) {
      tokensAssigned++;
      counter.tokens++;
    }
  }

  /** Counts the text of a script as {@link ScriptSums} has it. */
  private static final class ScriptCounter {
    final WordCounter words = new WordCounter();
    long bytes;
    long tokens;
  }
}

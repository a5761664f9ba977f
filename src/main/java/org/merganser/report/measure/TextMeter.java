package org.merganser.report.measure;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.report.measure.TextSums.ScriptSums;
import org.merganser.report.measure.TextSums.WordSums;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Measures the decoded text of excerpts: words and their tokens and, on request, the vocabularies
 * of words, sentences and letters. Not thread-safe.
 *
 * <p>Pieces are counted in a training and a validation part. The validation part has the documents
 * that the run excludes from training. If there are none, the text is cut into segments of about 4
 * KiB that end with a sentence, and a hash chooses one in ten of them. Memory: up to twice the
 * bytes of the sample.
 */
public final class TextMeter {
  private static final int SEGMENT_BYTES = 4096;

  /** One segment in this many is in the validation part. */
  private static final int VALIDATION_ONE_IN = 10;

  /** The script of text without letters. */
  private static final int COMMON = Scripts.ofText(new byte[] {' '}, 0, 1);

  private final @Nullable Encoder encoder;

  private final boolean countsPieces;

  /** Whether segments of text replace missing validation documents. */
  private final boolean splits;

  /** The text of the current excerpt. */
  private final DecodedText decoded;

  private final Sums sums = new Sums();
  private final IdBuffer idsAgain = new IdBuffer(1024);
  private final PieceCounts sentences = new PieceCounts();
  private final PieceCounts words = new PieceCounts();
  private final PieceCounts letters = new PieceCounts();

  // The state of the current excerpt; places are bytes of its text.

  private long hash;

  /** The first token that may be in a word that was not measured. */
  private int nextToken;

  /** Whether the current segment is in the validation part. */
  private boolean validation;

  /** The end of the text that is assigned to scripts. */
  private int scriptBytes;

  /** The first token that is not assigned to a script. */
  private int scriptToken;

  /** The script of the last word. */
  private int script;

  /** Where the current segment begins. */
  private int segmentFrom;

  /** The end of the letters that were counted. */
  private int lettersTo;

  /**
   * @param encoder that produced the ids, for the round trip; null if decoding is not concatenation
   *     of bytes
   * @param countsPieces whether words, sentences and letters are counted separately
   * @param splits whether segments of text replace missing validation documents
   */
  public TextMeter(
      TokenBytes tokenBytes, @Nullable Encoder encoder, boolean countsPieces, boolean splits) {
    this.decoded = new DecodedText(tokenBytes);
    this.encoder = encoder;
    this.countsPieces = countsPieces;
    this.splits = splits;
  }

  /** Measures an excerpt. */
  public void add(Excerpt excerpt) {
    int[] ids = excerpt.ids();
    decoded.set(ids);
    nextToken = 0;
    scriptBytes = 0;
    scriptToken = 0;
    script = COMMON;
    sums.documents++;
    sums.bytes += decoded.length();
    sums.tokens += decoded.count();
    sums.group = sums.byGroup.sumsOf(excerpt.group() == null ? GroupCounts.NONE : excerpt.group());
    hash = excerpt.hash();
    validation = excerpt.validation();
    beginSegment(0);
    byte[] text = decoded.text();
    sums.characters += TextPieces.characters(text, 0, decoded.length());
    for (int at = 0; at < decoded.length(); ) {
      int bad = Utf8.firstIllFormed(text, at, decoded.length());
      int stop = bad < 0 ? decoded.length() : bad;
      measureText(text, at, stop);
      at = bad < 0 ? stop : bad + Utf8.illFormedLength(text, bad, decoded.length());
    }
    addToScript(script, decoded.length()); // the text after the last word
    if (encoder != null && excerpt.alone()) {
      sums.checked++;
      if (!hasSameIdsAgain(encoder, ids)) {
        sums.changed++;
      }
    }
  }

  /** The vocabularies by the way of cutting; empty if pieces were not counted. */
  public Map<Granularity, PieceSums> pieces() {
    PieceSums characters = letters.sums();
    return characters.distinct() == 0
        ? Map.of()
        : Map.of(
            Granularity.SENTENCE,
            sentences.sums(),
            Granularity.WORD,
            words.sums(),
            Granularity.LETTER,
            characters);
  }

  /** The sums over all excerpts so far. */
  public TextSums sums() {
    SortedMap<String, WordSums> groups = new TreeMap<>();
    sums.byGroup.toMap().forEach((name, words) -> groups.put(name, words.sums()));
    SortedMap<String, ScriptSums> scripts = new TreeMap<>();
    for (int number = 0; number < sums.byScript.length; number++) {
      ScriptCounter of = sums.byScript[number];
      if (of.words.words + of.bytes + of.tokens > 0) {
        scripts.put(Scripts.name(number), new ScriptSums(of.words.sums(), of.bytes, of.tokens));
      }
    }
    return new TextSums(
        sums.documents,
        sums.bytes,
        sums.characters,
        sums.tokens,
        sums.pieces,
        sums.sentences,
        sums.checked,
        sums.changed,
        sums.words.sums(),
        scripts,
        groups);
  }

  /** Measures {@code text[from, to)}, which is well-formed UTF-8. */
  private void measureText(byte[] text, int from, int to) {
    lettersTo = from;
    Sentences.split(
        text,
        from,
        to,
        (start, stop) -> {
          sums.sentences++;
          if (countsPieces) {
            sentences.add(text, start, stop, validation);
          }
          countLetters(text, stop);
          TextPieces.split(text, start, stop, this::addPiece);
          if (countsPieces && stop - segmentFrom >= SEGMENT_BYTES) {
            beginSegment(stop);
          }
        });
    countLetters(text, to);
  }

  /** Counts the letters up to {@code to} that were not counted. */
  private void countLetters(byte[] text, int to) {
    if (countsPieces) {
      for (int at = lettersTo; at < to; ) {
        int next = at + CodePoints.length(text[at]);
        letters.add(text, at, next, validation);
        at = next;
      }
    }
    lettersTo = to;
  }

  private void beginSegment(int from) {
    segmentFrom = from;
    if (splits) {
      long chosen = new SplittableRandom(hash + from).nextLong();
      validation = Long.remainderUnsigned(chosen, VALIDATION_ONE_IN) == 0;
    }
  }

  private void addPiece(int from, int to, boolean isWord) {
    byte[] text = decoded.text();
    sums.pieces++;
    if (countsPieces) {
      words.add(text, from, to, validation);
    }
    if (!isWord) {
      return;
    }
    script = Math.max(Scripts.UNKNOWN, Scripts.ofText(text, from, to));
    addToScript(script, to); // with the text between this word and the one before
    int tokensOfWord = tokensWithPartOf(from, to);
    sums.words.add(tokensOfWord);
    sums.group.add(tokensOfWord);
    sums.byScript[script].words.add(tokensOfWord);
  }

  /** The number of tokens that have a part of a word; words must be asked for in order. */
  private int tokensWithPartOf(int from, int to) {
    while (decoded.end(nextToken) <= from) {
      nextToken++;
    }
    int last = nextToken;
    while (decoded.end(last) < to) {
      last++;
    }
    return last - nextToken + 1;
  }

  /** Assigns the text from the last assigned byte up to {@code to} to a script. */
  private void addToScript(int number, int to) {
    ScriptCounter counter = sums.byScript[number];
    counter.bytes += to - scriptBytes;
    scriptBytes = to;
    while (scriptToken < decoded.count() && decoded.begin(scriptToken) < to) {
      scriptToken++;
      counter.tokens++;
    }
  }

  /** Whether the decoded text has the same ids when it is encoded. */
  private boolean hasSameIdsAgain(Encoder encoder, int[] ids) {
    idsAgain.clear();
    try {
      encoder.encodeBytes(decoded.text(), 0, decoded.length(), idsAgain);
      return decoded.hasIds(idsAgain, ids);
    } catch (SpecialTextException
        | UnencodableException
        | RegexLimitException
        | NormalizerLimitException refused) {
      return false;
    }
  }

  /** Counts what {@link TextSums} has. */
  private static final class Sums {
    long documents;
    long bytes;
    long characters;
    long tokens;
    long pieces;
    long sentences;
    long checked;
    long changed;
    final WordCounter words = new WordCounter();
    final BoundedGroups<WordCounter> byGroup =
        new BoundedGroups<>(WordCounter::new, WordCounter::plus);
    final ScriptCounter[] byScript = new ScriptCounter[Scripts.count()];

    /** The words of the current excerpt's group. */
    WordCounter group = new WordCounter();

    Sums() {
      Arrays.setAll(byScript, number -> new ScriptCounter());
    }
  }

  /** Counts words as {@link WordSums} has them. */
  private static final class WordCounter {
    long words;
    long tokens;
    long whole;

    void add(int tokensOfWord) {
      words++;
      tokens += tokensOfWord;
      if (tokensOfWord == 1) {
        whole++;
      }
    }

    /** Adds another counter to this one; fails above 63 bits. */
    WordCounter plus(WordCounter more) {
      words = Math.addExact(words, more.words);
      tokens = Math.addExact(tokens, more.tokens);
      whole = Math.addExact(whole, more.whole);
      return this;
    }

    WordSums sums() {
      return new WordSums(words, tokens, whole);
    }
  }

  /** Counts the text of a script as {@link ScriptSums} has it. */
  private static final class ScriptCounter {
    final WordCounter words = new WordCounter();
    long bytes;
    long tokens;
  }
}

package org.merganser.report.measure;

import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.report.measure.TextSums.WordSums;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Measures the decoded text of excerpts: words and their tokens and, on request, the vocabularies
 * of words, sentences and letters ({@link PieceCounts}). Not thread-safe.
 *
 * <p>{@link Pieces} says whether pieces are counted, and how they are divided into a training and a
 * validation part. Memory: up to twice the bytes of the sample.
 */
public final class TextMeter {
  /** Which vocabularies of pieces are counted. */
  public enum Pieces {
    /** None. */
    NONE,
    /** Those of a validation part, the documents excluded from training, and of all others. */
    BY_DOCUMENT,
    /**
     * Those of two parts of the text, since no document is excluded from training. The text is cut
     * into segments of about 4 KiB that end with a sentence, and a hash chooses one in ten of them
     * for the validation part.
     */
    BY_SEGMENT
  }

  /** A segment that has this many bytes ends with its current sentence. */
  private static final int SEGMENT_BYTES = 4096;

  /** One segment in this many is in the validation part. */
  private static final int VALIDATION_ONE_IN = 10;

  private final @Nullable Encoder encoder;

  private final boolean countsPieces;

  /** Whether segments of text are divided into the two parts, and not documents. */
  private final boolean dividesSegments;

  /** The text of the current excerpt. */
  private final DecodedText decoded;

  private final Sums sums = new Sums();
  private final ScriptMeter scripts;
  private final IdBuffer idsAgain = new IdBuffer(1024);
  private final PieceCounts sentences = new PieceCounts();
  private final PieceCounts words = new PieceCounts();
  private final PieceCounts letters = new PieceCounts();

  // The state of the current excerpt; places are bytes of its text.

  /** {@link Excerpt#hash}. */
  private long hash;

  /** The words of its group. */
  private WordCounter wordsOfGroup = new WordCounter();

  /** The first token that may have a part of a word that comes next. */
  private int nextToken;

  /** Whether the current segment is in the validation part. */
  private boolean isValidation;

  /** Where the current segment begins. */
  private int segmentFrom;

  /** The end of the letters that were counted. */
  private int lettersTo;

  /**
   * @param tokenBytes of the tokenizer that produced the ids
   * @param encoder that produced the ids, for the round trip; null if decoding is not concatenation
   *     of bytes
   */
  public TextMeter(TokenBytes tokenBytes, @Nullable Encoder encoder, Pieces pieces) {
    this.decoded = new DecodedText(tokenBytes);
    this.scripts = new ScriptMeter(decoded);
    this.encoder = encoder;
    this.countsPieces = pieces != Pieces.NONE;
    this.dividesSegments = pieces == Pieces.BY_SEGMENT;
  }

  /** Measures an excerpt. */
  public void add(Excerpt excerpt) {
    int[] ids = excerpt.ids();
    decoded.set(ids);
    begin(excerpt);
    byte[] text = decoded.text();
    int at = 0;
    while (at < decoded.length()) {
      int bad = Utf8.firstIllFormed(text, at, decoded.length());
      int stop = bad < 0 ? decoded.length() : bad;
      measureText(text, at, stop);
      at = bad < 0 ? stop : bad + Utf8.illFormedLength(text, bad, decoded.length());
    }
    scripts.end();
    if (encoder != null && excerpt.alone()) {
      sums.checked++;
      if (!hasSameIdsAgain(encoder, ids)) {
        sums.changed++;
      }
    }
  }

  /** The vocabularies by the way of cutting; empty if pieces were not counted, or without text. */
  public Map<Granularity, PieceSums> pieces() {
    PieceSums ofLetters = letters.sums();
    if (ofLetters.distinct() == 0) {
      return Map.of();
    }
    return Map.of(
        Granularity.SENTENCE,
        sentences.sums(),
        Granularity.WORD,
        words.sums(),
        Granularity.LETTER,
        ofLetters);
  }

  /** The sums over all excerpts so far. */
  public TextSums sums() {
    SortedMap<String, WordSums> groups = new TreeMap<>();
    sums.byGroup.toMap().forEach((name, ofGroup) -> groups.put(name, ofGroup.sums()));
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
        scripts.sums(),
        groups);
  }

  /** Begins an excerpt, whose text has just been decoded, and counts the text as a whole. */
  private void begin(Excerpt excerpt) {
    hash = excerpt.hash();
    wordsOfGroup =
        sums.byGroup.sumsOf(excerpt.group() == null ? GroupCounts.NONE : excerpt.group());
    nextToken = 0;
    isValidation = excerpt.validation();
    beginSegment(0);
    scripts.begin();
    sums.documents++;
    sums.bytes += decoded.length();
    sums.characters += CodePoints.count(decoded.text(), 0, decoded.length());
    sums.tokens += decoded.count();
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
            sentences.add(text, start, stop, isValidation);
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
      int at = lettersTo;
      while (at < to) {
        int next = at + CodePoints.length(text[at]);
        letters.add(text, at, next, isValidation);
        at = next;
      }
    }
    lettersTo = to;
  }

  /** Begins a segment, and chooses its part by a hash of its place. */
  private void beginSegment(int from) {
    segmentFrom = from;
    if (dividesSegments) {
      long chosen = new SplittableRandom(hash + from).nextLong();
      isValidation = Long.remainderUnsigned(chosen, VALIDATION_ONE_IN) == 0;
    }
  }

  /** Counts a piece and, if it is a word, its tokens. */
  private void addPiece(int from, int to, boolean isWord) {
    sums.pieces++;
    if (countsPieces) {
      words.add(decoded.text(), from, to, isValidation);
    }
    if (isWord) {
      int tokensOfWord = tokensWithPartOf(from, to);
      sums.words.add(tokensOfWord);
      wordsOfGroup.add(tokensOfWord);
      scripts.addWord(from, to, tokensOfWord);
    }
  }

  /** The number of tokens that have a part of a word; the words of an excerpt come in order. */
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

  /** Whether the decoded text has the same ids, without special ones, when it is encoded. */
  private boolean hasSameIdsAgain(Encoder encoder, int[] ids) {
    idsAgain.clear();
    try {
      encoder.encodeBytes(decoded.text(), 0, decoded.length(), idsAgain);
      return decoded.equalsWithoutSpecial(idsAgain, ids);
    } catch (SpecialTextException
        | UnencodableException
        | RegexLimitException
        | NormalizerLimitException refused) {
      return false;
    }
  }

  /** Counts what {@link TextSums} has, apart from scripts. */
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
        new BoundedGroups<>(WordCounter::new, WordCounter::addAll);
  }
}

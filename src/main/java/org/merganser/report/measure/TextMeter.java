package org.merganser.report.measure;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.BoundedGroups;
import org.merganser.shard.ShardRow;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.CharacterCounts;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Measures documents, or excerpts of them, as their ids give them back: words and the tokens that
 * cut them, and, when asked, the vocabularies that words, sentences and letters would need. For one
 * thread.
 *
 * <p>An excerpt is read with up to {@link #CONTEXT} ids before and behind it. What it has are the
 * characters, words, signs and sentences that begin in it, so that cutting a document into excerpts
 * neither cuts a word or sentence in two nor counts one twice: the sums of the excerpts of a
 * document are those of the whole, but for words and sentences longer than the context.
 *
 * <p>Counts of pieces go into two tables, of a training part and a validation part: documents that
 * the run kept from training, or, where it kept none, stretches of about 4 KiB that end with a
 * sentence, one in ten of them, chosen by a hash. Keys are a kind and the piece ({@link
 * Granularity}); a sentence is there as 14 bytes of its SHA-256, so that the table is as small for
 * long sentences as for short ones.
 */
public final class TextMeter {
  private static final int STRETCH = 4096;
  private static final int ONE_IN = 10;
  private static final int SENTENCE_BYTES = 14;

  /** The two parts, as {@link Tables} names them. */
  static final int TRAINING = 0;

  static final int VALIDATION = 1;

  /** Ids read on both sides of an excerpt; a sentence or word is mostly far shorter. */
  private static final int CONTEXT = 512;

  private static final int COMMON = Scripts.ofText(new byte[] {' '}, 0, 1);

  /** Fuller tables are to be handed on: bounds the memory of a unit of any size. */
  private static final int MAX_DISTINCT = 4_000_000;

  /** Documents in between are encoded again to see whether the same ids come back. */
  private final @Nullable Encoder encoder;

  private final boolean countsPieces;
  private final DecodedText decoded;
  private final SortedMap<Integer, Sums> bySubsample = new TreeMap<>();
  private final IdBuffer again = new IdBuffer(1024);
  private final MessageDigest digest = Sha256.newDigest();
  private final PretokenCounts[] tables = {new PretokenCounts(), new PretokenCounts()};
  private final CharacterCounts[] letters = {new CharacterCounts(), new CharacterCounts()};
  private byte[] key = new byte[256];

  // Of the excerpt being measured: where its text and its tokens begin and end in what is decoded.
  private Sums sums = new Sums();
  private int begin;
  private int end;
  private int endToken;

  private int nextToken;
  private int part;

  // What of the excerpt is given to scripts so far, and the script of the word before.
  private int scriptBytes;
  private int scriptToken;
  private int script;

  /** The place of the ids being measured, so that a stretch of their text has a name. */
  private String place = "";

  private boolean splits;
  private int stretchFrom;

  /** Up to here the letters of the text are counted. */
  private int lettersTo;

  /**
   * @param encoder that made the ids, for the round trip; null where decoding is not joining bytes
   * @param countsPieces whether words, sentences and letters are counted one by one
   */
  public TextMeter(TokenBytes tokenBytes, @Nullable Encoder encoder, boolean countsPieces) {
    this.decoded = new DecodedText(tokenBytes);
    this.encoder = encoder;
    this.countsPieces = countsPieces;
  }

  /** Which of the two parts a document belongs to. */
  public enum Part {
    TRAINING,
    VALIDATION,
    /** Stretch by stretch one or the other. */
    BOTH
  }

  private static long[] addTo(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], more[i]);
    }
    return sums;
  }

  /** What the texts of a subsample add up to. */
  private static final class Sums {
    long documents;
    long bytes;
    long characters;
    long tokens;
    long pieces;
    long sentences;
    long checked;
    long changed;
    final long[] words = new long[4];
    final BoundedGroups<long[]> byGroup = new BoundedGroups<>(() -> new long[4], TextMeter::addTo);

    /** By script, its words, then bytes and tokens of its text. */
    final long[][] byScript = new long[Scripts.count()][6];

    long[] group = {};
  }

  /**
   * Measures the ids {@code [from, to)} of a document, or of a part of one that was cut.
   *
   * @param subsample what they are counted in
   * @param standsAlone whether the text of these ids alone has the same ids; else the whole
   *     document is encoded again, when its first excerpt is met
   */
  public void add(Part of, ShardRow row, int from, int to, int subsample, boolean standsAlone) {
    splits = of == Part.BOTH;
    part = of == Part.VALIDATION ? VALIDATION : TRAINING;
    sums = bySubsample.computeIfAbsent(subsample, s -> new Sums());
    decode(row, from, to);
    sums.documents++;
    sums.bytes += end - begin;
    sums.group = row.group == null ? new long[4] : sums.byGroup.of(row.group);
    place = row.docId + "\n" + row.part + "\n" + from + "\n";
    beginStretch(begin);
    byte[] text = decoded.text();
    sums.characters += TextPieces.characters(text, begin, end);
    for (int at = 0; at < decoded.length(); ) {
      int bad = Utf8.firstIllFormed(text, at, decoded.length());
      int stop = bad < 0 ? decoded.length() : bad;
      stretch(text, at, stop);
      at = bad < 0 ? stop : bad + Utf8.illFormedLength(text, bad, decoded.length());
    }
    giveToScript(script, end);
    if (standsAlone) {
      roundTrip(row.ids, from, to);
    } else if (from == 0) {
      roundTrip(row.ids, 0, row.count);
    }
  }

  /** Decodes an excerpt between its contexts. */
  private void decode(ShardRow row, int from, int to) {
    decoded.set(row.ids, Math.max(0, from - CONTEXT), from);
    begin = decoded.length();
    int beginToken = decoded.count();
    decoded.append(row.ids, from, to);
    end = decoded.length();
    endToken = decoded.count();
    decoded.append(row.ids, to, Math.min(row.count, to + CONTEXT));
    sums.tokens += endToken - beginToken;
    nextToken = 0;
    scriptBytes = begin;
    scriptToken = beginToken;
    script = COMMON;
  }

  private boolean isWithin(int at) {
    return at >= begin && at < end;
  }

  /** Measures well-formed text. */
  private void stretch(byte[] text, int from, int to) {
    lettersTo = from;
    Sentences.split(
        text,
        from,
        to,
        (start, stop) -> {
          if (isWithin(start)) {
            sums.sentences++;
            if (countsPieces) {
              countSentence(text, start, stop);
            }
          }
          countLetters(text, stop);
          TextPieces.split(text, start, stop, this::piece);
          if (countsPieces && stop - stretchFrom >= STRETCH) {
            beginStretch(stop);
          }
        });
    countLetters(text, to);
  }

  /** Counts the letters up to {@code to}, the white space before a sentence among them. */
  private void countLetters(byte[] text, int to) {
    if (countsPieces && lettersTo < end && to > begin) {
      int first = wholeCharacters(text, Math.max(lettersTo, begin), to);
      letters[part].addAll(text, first, wholeCharacters(text, Math.min(to, end), to));
    }
    lettersTo = to;
  }

  /** The next place from {@code at} on where a character begins, or {@code to}. */
  private static int wholeCharacters(byte[] text, int at, int to) {
    int begin = at;
    while (begin < to && (text[begin] & 0xC0) == 0x80) {
      begin++;
    }
    return begin;
  }

  private void beginStretch(int from) {
    stretchFrom = from;
    if (countsPieces && splits) {
      byte[] hash = digest.digest((place + from).getBytes(StandardCharsets.UTF_8));
      part = (hash[0] & 0xFF | (hash[1] & 0xFF) << 8) % ONE_IN == 0 ? VALIDATION : TRAINING;
    }
  }

  private void piece(int from, int to, boolean word) {
    byte[] text = decoded.text();
    if (isWithin(from)) {
      sums.pieces++;
      if (countsPieces) {
        count(Granularity.WORD, text, from, to);
      }
    }
    if (!word) {
      return;
    }
    script = Math.max(Scripts.UNKNOWN, Scripts.ofText(text, from, to));
    giveToScript(script, to);
    if (!isWithin(from)) {
      return;
    }
    while (decoded.end(nextToken) <= from) {
      nextToken++;
    }
    int last = nextToken;
    while (decoded.end(last) < to) {
      last++;
    }
    int cut = last - nextToken + 1;
    add(sums.words, to - from, cut);
    add(sums.group, to - from, cut);
    add(sums.byScript[script], to - from, cut);
  }

  /** Gives a script what of the excerpt lies before {@code to} and no script has yet. */
  private void giveToScript(int number, int to) {
    long[] of = sums.byScript[number];
    int upTo = Math.max(scriptBytes, Math.min(to, end));
    of[4] += upTo - scriptBytes;
    scriptBytes = upTo;
    while (scriptToken < endToken && decoded.begin(scriptToken) < upTo) {
      scriptToken++;
      of[5]++;
    }
  }

  private static void add(long[] sums, int length, int cut) {
    sums[0]++;
    sums[1] += length;
    sums[2] += cut;
    sums[3] += cut == 1 ? 1 : 0;
  }

  private void countSentence(byte[] text, int from, int to) {
    digest.update(text, from, to - from);
    byte[] sum = digest.digest();
    count(Granularity.SENTENCE, sum, 0, SENTENCE_BYTES);
  }

  private void count(Granularity kind, byte[] text, int from, int to) {
    int length = 1 + to - from;
    if (key.length < length) {
      key = new byte[2 * length];
    }
    key[0] = kind.key();
    System.arraycopy(text, from, key, 1, to - from);
    tables[part].add(key, 0, length, 1);
  }

  /** Notes whether the ids come back when the text they stand for is encoded again. */
  private void roundTrip(int[] ids, int from, int to) {
    if (encoder == null) {
      return;
    }
    decoded.set(ids, from, to);
    again.clear();
    boolean same;
    try {
      encoder.encodeBytes(decoded.text(), 0, decoded.length(), again);
      same = decoded.hasIds(again, ids, from, to);
    } catch (SpecialTextException | UnencodableException | RegexLimitException refused) {
      same = false;
    }
    sums.checked++;
    sums.changed += same ? 0 : 1;
  }

  /** Whether the tables should be handed on before more is added. */
  public boolean isFull() {
    return tables[TRAINING].distinct() + tables[VALIDATION].distinct() > MAX_DISTINCT;
  }

  /** Takes packed tables. */
  @FunctionalInterface
  public interface Tables {
    /** {@code blocks[p]}: what falls into hash partition p; empty where nothing does. */
    void accept(int part, byte[][] blocks);
  }

  /** Hands on what was counted of pieces so far, packed, and forgets it. */
  public void handOn(int partitions, Tables out) {
    for (int each = 0; each < tables.length; each++) {
      addLetters(each);
      if (tables[each].distinct() > 0) {
        out.accept(each, tables[each].pack(partitions));
        tables[each] = new PretokenCounts();
      }
    }
  }

  private void addLetters(int each) {
    byte[] utf8 = new byte[5];
    utf8[0] = Granularity.LETTER.key();
    letters[each].forEach(
        (codePoint, count) -> {
          int length = TextPieces.encode(codePoint, utf8, 1);
          tables[each].add(utf8, 0, length, count);
        });
    letters[each] = new CharacterCounts();
  }

  /** What all documents added up to, by subsample. */
  public SortedMap<Integer, TextSums> sums() {
    SortedMap<Integer, TextSums> all = new TreeMap<>();
    bySubsample.forEach((subsample, of) -> all.put(subsample, textSums(of)));
    return all;
  }

  private static TextSums textSums(Sums of) {
    SortedMap<String, WordSums> groups = new TreeMap<>();
    of.byGroup.toMap().forEach((name, sums) -> groups.put(name, wordSums(sums)));
    SortedMap<String, ScriptSums> scripts = new TreeMap<>();
    for (int number = 0; number < of.byScript.length; number++) {
      long[] sums = of.byScript[number];
      if (sums[0] + sums[4] + sums[5] > 0) {
        scripts.put(Scripts.name(number), new ScriptSums(wordSums(sums), sums[4], sums[5]));
      }
    }
    return new TextSums(
        of.documents,
        of.bytes,
        of.characters,
        of.tokens,
        of.pieces,
        of.sentences,
        of.checked,
        of.changed,
        wordSums(of.words),
        scripts,
        groups);
  }

  private static WordSums wordSums(long[] sums) {
    return new WordSums(sums[0], sums[1], sums[2], sums[3]);
  }
}

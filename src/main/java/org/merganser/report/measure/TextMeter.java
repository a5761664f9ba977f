package org.merganser.report.measure;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.checksum.Sha256;
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

  /** Fuller tables are to be handed on: bounds the memory of a unit of any size. */
  private static final int MAX_DISTINCT = 4_000_000;

  /** Documents in between are encoded again to see whether the same ids come back. */
  private final @Nullable Encoder encoder;

  private final boolean countsPieces;
  private final DecodedText decoded;
  private final Map<String, long[]> byGroup = new TreeMap<>();
  private final long[][] byScript = new long[Scripts.count()][4];
  private final long[] words = new long[4];
  private final IdBuffer again = new IdBuffer(1024);
  private final MessageDigest digest = Sha256.newDigest();
  private final PretokenCounts[] tables = {new PretokenCounts(), new PretokenCounts()};
  private final CharacterCounts[] letters = {new CharacterCounts(), new CharacterCounts()};
  private byte[] key = new byte[256];

  private long documents;
  private long bytes;
  private long characters;
  private long tokens;
  private long pieces;
  private long sentences;
  private long changed;

  private int nextToken;
  private long[] group = new long[4];
  private int part;

  /** Of the ids being measured, so that a stretch of their text has a name. */
  private String place = "";

  private boolean splits;
  private int stretchFrom;

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

  /** Measures the ids {@code [from, to)} of a document, or of a part of one that was cut. */
  public void add(Part of, ShardRow row, int from, int to) {
    splits = of == Part.BOTH;
    part = of == Part.VALIDATION ? VALIDATION : TRAINING;
    decoded.set(row.ids, from, to);
    documents++;
    bytes += decoded.length();
    tokens += decoded.count();
    group = row.group == null ? new long[4] : byGroup.computeIfAbsent(row.group, g -> new long[4]);
    nextToken = 0;
    place = row.docId + "\n" + row.part + "\n" + from + "\n";
    beginStretch(0);
    byte[] text = decoded.text();
    for (int at = 0; at < decoded.length(); ) {
      int bad = Utf8.firstIllFormed(text, at, decoded.length());
      int end = bad < 0 ? decoded.length() : bad;
      stretch(text, at, end);
      at = bad < 0 ? end : bad + Utf8.illFormedLength(text, bad, decoded.length());
    }
    roundTrip(row.ids, from, to);
  }

  /** Measures well-formed text. */
  private void stretch(byte[] text, int from, int to) {
    characters += TextPieces.characters(text, from, to);
    Sentences.split(
        text,
        from,
        to,
        (start, end) -> {
          sentences++;
          if (countsPieces) {
            countSentence(text, start, end);
            letters[part].addAll(text, start, end);
          }
          TextPieces.split(text, start, end, this::piece);
          if (countsPieces && end - stretchFrom >= STRETCH) {
            beginStretch(end);
          }
        });
  }

  private void beginStretch(int from) {
    stretchFrom = from;
    if (countsPieces && splits) {
      byte[] hash = digest.digest((place + from).getBytes(StandardCharsets.UTF_8));
      part = (hash[0] & 0xFF | (hash[1] & 0xFF) << 8) % ONE_IN == 0 ? VALIDATION : TRAINING;
    }
  }

  private void piece(int from, int to, boolean word) {
    pieces++;
    byte[] text = decoded.text();
    if (countsPieces) {
      count(Granularity.WORD, text, from, to);
    }
    if (!word) {
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
    add(words, to - from, cut);
    add(group, to - from, cut);
    add(byScript[Math.max(0, Scripts.ofText(text, from, to))], to - from, cut);
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

  /** Whether the ids come back when the text they stand for is encoded again. */
  private void roundTrip(int[] ids, int from, int to) {
    if (encoder == null) {
      return;
    }
    again.clear();
    boolean same;
    try {
      encoder.encodeBytes(decoded.text(), 0, decoded.length(), again);
      same = decoded.hasIds(again, ids, from, to);
    } catch (SpecialTextException | UnencodableException | RegexLimitException refused) {
      same = false;
    }
    changed += same ? 0 : 1;
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

  /** What all documents added up to. */
  public TextSums sums() {
    SortedMap<String, WordSums> groups = new TreeMap<>();
    byGroup.forEach((name, sums) -> groups.put(name, wordSums(sums)));
    SortedMap<String, WordSums> scripts = new TreeMap<>();
    for (int script = 0; script < byScript.length; script++) {
      if (byScript[script][0] > 0) {
        scripts.put(Scripts.name(script), wordSums(byScript[script]));
      }
    }
    return new TextSums(
        documents,
        bytes,
        characters,
        tokens,
        pieces,
        sentences,
        changed,
        wordSums(words),
        scripts,
        groups);
  }

  private static WordSums wordSums(long[] sums) {
    return new WordSums(sums[0], sums[1], sums[2], sums[3]);
  }
}

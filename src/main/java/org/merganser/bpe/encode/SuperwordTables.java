package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.HashMultiplier;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * A byte-level merge table split into two stages, for a vocabulary whose tokens span words; see
 * {@link SuperwordEncoder}. Immutable, built once a model.
 *
 * <p>Stage 1 has the merges of rank below <em>t</em>, the lowest rank of a merge whose token has a
 * letter, then spaces, then a letter. Every t leads to the same ids; with this one stage 1 produces
 * words, which caches hold. A merge table without a merge that spans words has one stage.
 */
final class SuperwordTables {
  /** The binary logarithm of the maximum number of bits for junctions: half a megabyte. */
  private static final int MOST_JUNCTIONS_LOG = 22;

  /** The places that {@link #cut} notes at a time: the bits of a long. */
  private static final int BLOCK = Long.SIZE;

  /** The two bytes of a space in the byte-level form. */
  private static final byte[] SPACE = Vocabulary.utf8(String.valueOf(ByteAlphabet.toChar(' ')));

  private final MergeTable stage1;
  private final ByteTables tables;

  /** At {@code (x << 8) | y}: 0 if a token of stage 1 has the byte y after x, else 1. */
  private final byte[] apart = new byte[1 << 16];

  /**
   * The hashes of junctions, in 16 to 32 bits for each merge of stage 2 up to half a megabyte. A
   * junction is the last symbol of stage 1 in the left part of a later merge, and the first one in
   * its right part. A collision only keeps symbols together that could be separate.
   */
  private final HashedBits junctions;

  /**
   * @param pairs left and right ids of {@code merges} by rank
   * @param idOfByte by byte, the id of its token, without a gap
   * @param split the first rank of stage 2
   */
  private SuperwordTables(
      Vocabulary vocabulary, MergeTable merges, int[] pairs, int[] idOfByte, int split) {
    int[] ranks = liveRanks(merges, pairs, split);
    int[] stage1Pairs = new int[2 * ranks.length];
    int[] stage1Results = new int[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      stage1Pairs[2 * i] = pairs[2 * ranks[i]];
      stage1Pairs[2 * i + 1] = pairs[2 * ranks[i] + 1];
      stage1Results[i] = merges.result(ranks[i]);
    }
    this.stage1 = new MergeTable(stage1Pairs, stage1Results, vocabulary.idBound());
    this.tables = new ByteTables(vocabulary, stage1, stage1Pairs, idOfByte);
    fillApart(vocabulary);
    int later = merges.size() - split;
    int laterLog = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(64, later));
    int log = Math.min(MOST_JUNCTIONS_LOG, laterLog + 4); // 16 bits for each merge, or more
    this.junctions = new HashedBits(log);
    markJunctions(vocabulary, pairs, split);
  }

  /** The two stages of a table of {@code pairs} by rank; null if no merge spans words. */
  static @Nullable SuperwordTables of(
      Vocabulary vocabulary, MergeTable merges, int[] pairs, int[] idOfByte) {
    BitSet spanning = spanningEntries(vocabulary);
    if (spanning.isEmpty()) {
      return null;
    }
    for (int rank = 0; rank < merges.size(); rank++) {
      if (spanning.get(vocabulary.entry(merges.result(rank)))) {
        return new SuperwordTables(vocabulary, merges, pairs, idOfByte, rank);
      }
    }
    return null;
  }

  /** The tables of a merge table without merges that span words: all are of stage 1. */
  static SuperwordTables ofWords(
      Vocabulary vocabulary, MergeTable merges, int[] pairs, int[] idOfByte) {
    return new SuperwordTables(vocabulary, merges, pairs, idOfByte, merges.size());
  }

  /** Whether a merge of stage 2 may join two neighbors that stage 1 left; rarely true if none. */
  boolean mayJoin(int left, int right) {
    return junctions.contains(junctionHash(left, right));
  }

  /** The merges of stage 1. */
  MergeTable stage1() {
    return stage1;
  }

  /** The tables of stage 1. */
  ByteTables tables() {
    return tables;
  }

  /**
   * Writes the ends of the pieces of {@code text[from, to)}, between which no merge of stage 1
   * reaches, to {@code ends}. It notes a block of {@value #BLOCK} places at a time as bits, without
   * a branch for each.
   *
   * @param ends has room for more than {@value #BLOCK}
   * @return the number of ends; if {@code ends} is full, the last one may be before {@code to}
   */
  int cut(byte[] text, int from, int to, int[] ends) {
    byte[] table = apart;
    int count = 0;
    int left = text[from] & 0xFF;
    int block = from + 1;
    for (; to - block > 0 && count + BLOCK < ends.length; block += BLOCK) {
      int size = Math.min(BLOCK, to - block);
      long barriers = 0;
      for (int i = 0; i < size; i++) {
        int right = text[block + i] & 0xFF;
        barriers |= (long) table[(left << 8) | right] << i;
        left = right;
      }
      for (; barriers != 0; barriers &= barriers - 1) {
        ends[count++] = block + Long.numberOfTrailingZeros(barriers);
      }
    }
    if (to - block <= 0) {
      ends[count++] = to;
    }
    return count;
  }

  /** The ranks below {@code split} that count: if a pair occurs twice, only its last rank does. */
  private static int[] liveRanks(MergeTable merges, int[] pairs, int split) {
    return IntStream.range(0, split)
        .filter(rank -> merges.rank(pairs[2 * rank], pairs[2 * rank + 1]) == rank)
        .toArray();
  }

  /**
   * The entries that span words. Finds a space after the first character in the UTF-8 of all
   * entries: a string for each would slow every program start.
   */
  private static BitSet spanningEntries(Vocabulary vocabulary) {
    BitSet spanning = new BitSet();
    byte[] strings = vocabulary.bytes();
    for (int entry = 0; entry < vocabulary.size(); entry++) {
      int last = vocabulary.start(entry + 1) - 1;
      for (int i = vocabulary.start(entry) + 1; i < last; i++) {
        if (strings[i] == SPACE[0] && strings[i + 1] == SPACE[1]) {
          byte[] token = vocabulary.textBytes(entry);
          spanning.set(entry, token != null && spansWords(token));
          break;
        }
      }
    }
    return spanning;
  }

  /**
   * Whether a token has a letter, spaces and a letter. Only complete characters count: ordinary
   * vocabularies have runs of white space in which a space is between bytes of no-break spaces.
   */
  static boolean spansWords(byte[] token) {
    int[] characters = new String(token, StandardCharsets.UTF_8).codePoints().toArray();
    boolean afterLetter = false;
    for (int i = 0; i < characters.length; i++) {
      if (Character.isLetter(characters[i])) {
        if (afterLetter && characters[i - 1] == ' ') {
          return true;
        }
        afterLetter = true;
      } else if (characters[i] != ' ') {
        afterLetter = false;
      }
    }
    return false;
  }

  /** Fills {@link #apart} from the tokens that merges of stage 1 produce. */
  private void fillApart(Vocabulary vocabulary) {
    Arrays.fill(apart, (byte) 1);
    for (int rank = 0; rank < stage1.size(); rank++) {
      byte[] token = bytes(vocabulary, stage1.result(rank));
      if (token == null) {
        continue;
      }
      for (int i = 1; i < token.length; i++) {
        apart[((token[i - 1] & 0xFF) << 8) | (token[i] & 0xFF)] = 0;
      }
    }
  }

  /** The bytes of a token; null if no text is encoded to it. */
  private static byte @Nullable [] bytes(Vocabulary vocabulary, int id) {
    return vocabulary.textBytes(vocabulary.entry(id));
  }

  /** Marks the junctions of the merges that may be applied after stage 1. */
  private void markJunctions(Vocabulary vocabulary, int[] pairs, int split) {
    EdgeSymbols edges = new EdgeSymbols(vocabulary);
    for (int at = 0; at < pairs.length; at += 2) {
      int left = pairs[at];
      int right = pairs[at + 1];
      // A merge of stage 1 can follow stage 1 only if this does not produce both parts (lemma 4).
      if (at >= 2 * split || !edges.isProduced(left) || !edges.isProduced(right)) {
        junctions.add(junctionHash(edges.last(left), edges.first(right)));
      }
    }
  }

  /** The hash of a junction. */
  private static long junctionHash(int left, int right) {
    return (((long) left << 32) | right) * HashMultiplier.GOLDEN_RATIO;
  }

  /** The first and the last symbol of each token after stage 1, computed when first needed. */
  private final class EdgeSymbols {
    private final Vocabulary vocabulary;
    private final ByteWordEncoder words;
    private final IdBuffer symbols = new IdBuffer(64);

    /** By entry, the first symbol plus 1; 0 if it was not computed. */
    private final int[] first;

    /** By entry, the last symbol plus 1. */
    private final int[] last;

    EdgeSymbols(Vocabulary vocabulary) {
      this.vocabulary = vocabulary;
      this.words = new ByteWordEncoder(vocabulary, tables, new WordMerger(stage1));
      this.first = new int[vocabulary.size()];
      this.last = new int[vocabulary.size()];
    }

    /** Whether stage 1 produces a token from its text. */
    boolean isProduced(int id) {
      return first(id) == id && last(id) == id;
    }

    /** The first symbol of a token's text after stage 1. */
    int first(int id) {
      return first[encodedEntry(id)] - 1;
    }

    /** The last symbol of a token's text after stage 1. */
    int last(int id) {
      return last[encodedEntry(id)] - 1;
    }

    /** The entry of a token, whose first and last symbols are then computed. */
    private int encodedEntry(int id) {
      int entry = vocabulary.entry(id);
      if (first[entry] != 0) {
        return entry;
      }
      // No text is encoded to a token without bytes, so any symbol is right.
      int left = id;
      int right = id;
      byte[] token = bytes(vocabulary, id);
      if (token != null && token.length > 0) {
        symbols.clear();
        words.merge(token, 0, token.length, symbols);
        left = symbols.ids()[0];
        right = symbols.ids()[symbols.size() - 1];
      }
      first[entry] = left + 1;
      last[entry] = right + 1;
      return entry;
    }
  }
}

package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.PackedIds;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * The {@code model} of a BPE tokenizer.json: vocabulary, merges by rank and options. Immutable and
 * thread-safe; {@link #newEncoder} builds an encoder for one thread.
 *
 * <p>Memory: about 20 bytes a token besides its text, and 30 a merge, in a few arrays.
 */
public final class BpeModel {

  /**
   * The options of HF's BPE model besides vocabulary and merges. The reader refuses dropout.
   *
   * @param unkToken the token of characters without one ({@code unk_token}); null drops them
   * @param continuingSubwordPrefix comes before each character but the first of a word; null or
   *     empty for none
   * @param endOfWordSuffix comes after the last character of a word; null or empty for none
   * @param fuseUnk whether adjacent unknown characters are one unknown token
   * @param byteFallback whether a character without a token becomes the tokens {@code <0x00>} to
   *     {@code <0xFF>} of its bytes
   * @param ignoreMerges whether a pretoken that is a token is that token, whatever the merges are
   *     ({@link CachedEncoder} looks it up)
   */
  public record Options(
      @Nullable String unkToken,
      @Nullable String continuingSubwordPrefix,
      @Nullable String endOfWordSuffix,
      boolean fuseUnk,
      boolean byteFallback,
      boolean ignoreMerges) {
    /** The options of a model that sets none. */
    public static final Options NONE = new Options(null, null, null, false, false, false);

    /** These options, with or without {@code ignore_merges}. */
    public Options withIgnoreMerges(boolean ignored) {
      return new Options(
          unkToken, continuingSubwordPrefix, endOfWordSuffix, fuseUnk, byteFallback, ignored);
    }
  }

  private final Vocabulary vocabulary;

  /** The left and right ids of the merges, by rank. */
  private final int[] pairs;

  /** The ranks and results of the merges, by pair. */
  private final MergeTable merges;

  private final Options options;

  /** Guards the tables below, which are built when an encoder first needs them. */
  private final Object lock = new Object();

  private @Nullable ByteTables byteTables;
  private @Nullable SuperwordTables superwordTables;

  /** Whether {@link #superwordTables} was computed; it may be null. */
  private boolean superwordTablesKnown;

  private @Nullable MergeBarriers characterBarriers;

  BpeModel(Vocabulary vocabulary, int[] pairs, int[] results, Options options) {
    this.vocabulary = vocabulary;
    this.pairs = pairs;
    this.merges = new MergeTable(pairs, results, vocabulary.idBound());
    this.options = options;
  }

  /** A builder without tokens. */
  public static BpeModelBuilder builder() {
    return new BpeModelBuilder();
  }

  /** The number of tokens. */
  public int size() {
    return vocabulary.size();
  }

  /** One more than the largest id; 0 without tokens. */
  public int idBound() {
    return vocabulary.idBound();
  }

  /** The id of a token, or -1. */
  public int id(String token) {
    byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
    return vocabulary.id(utf8, 0, utf8.length);
  }

  /** The token of an id; null for a gap or an id outside the vocabulary. */
  public @Nullable String token(int id) {
    int entry = id < 0 ? -1 : vocabulary.entry(id);
    return entry < 0 ? null : vocabulary.string(entry);
  }

  /** Whether an id has a token; false for a gap or an id outside the vocabulary. */
  public boolean hasToken(int id) {
    return id >= 0 && vocabulary.entry(id) >= 0;
  }

  /** Appends the token of an id of 0 or more as UTF-8; nothing for a gap. */
  public void appendToken(int id, ByteBuilder out) {
    int entry = vocabulary.entry(id);
    if (entry >= 0) {
      out.append(vocabulary.bytes(), vocabulary.start(entry), vocabulary.start(entry + 1));
    }
  }

  /**
   * The bytes that a token of a byte-level vocabulary represents; null for a gap, or if one of its
   * characters is not in {@link ByteAlphabet}.
   */
  public byte @Nullable [] textBytes(int id) {
    int entry = id < 0 ? -1 : vocabulary.entry(id);
    return entry < 0 ? null : vocabulary.textBytes(entry);
  }

  /** The number of merges. */
  public int mergeCount() {
    return pairs.length / 2;
  }

  /** The id of the left part of the merge of a rank. */
  public int mergeLeft(int rank) {
    return pairs[2 * rank];
  }

  /** The id of the right part of the merge of a rank. */
  public int mergeRight(int rank) {
    return pairs[2 * rank + 1];
  }

  /** The id that the merge of a rank produces. */
  public int mergeResult(int rank) {
    return merges.result(rank);
  }

  /**
   * Whether the merge of a rank is ever applied: if a pair occurs twice, only its last rank counts,
   * since HF keeps a map.
   */
  public boolean isLive(int rank) {
    return !merges.repeats() || merges.rank(pairs[2 * rank], pairs[2 * rank + 1]) == rank;
  }

  /** The options besides vocabulary and merges. */
  public Options options() {
    return options;
  }

  /**
   * The bytes (0 to 255) without a token; if there are any, this model cannot encode every text
   * without loss. With {@code byteLevel} the tokens of bytes are the characters of {@link
   * ByteAlphabet}, else {@code <0x00>} to {@code <0xFF>}, all of which are missing without byte
   * fallback.
   */
  public BitSet missingBytes(boolean byteLevel) {
    int[] ids =
        byteLevel
            ? ByteTables.idsOfBytes(vocabulary)
            : CharacterWordEncoder.idsOfByteTokens(vocabulary);
    boolean areUsed = byteLevel || options.byteFallback();
    BitSet missing = new BitSet(256);
    for (int b = 0; b < 256; b++) {
      missing.set(b, !areUsed || ids[b] < 0);
    }
    return missing;
  }

  /** Whether characters have other symbols at some places of a word: a prefix or a suffix. */
  public boolean hasAffixes() {
    return !isEmpty(options.continuingSubwordPrefix()) || !isEmpty(options.endOfWordSuffix());
  }

  /**
   * Builds an encoder for one thread.
   *
   * @param byteLevel whether each byte of a pretoken is one character of {@link ByteAlphabet}; else
   *     the characters of its UTF-8 text are the first symbols
   */
  public BpeEncoder newEncoder(boolean byteLevel) {
    SuperwordTables superwords = byteLevel ? superwordTables() : null;
    boolean onlyCounts = false;
    return superwords == null
        ? newCachedEncoder(byteLevel, onlyCounts)
        : newSuperwordEncoder(superwords);
  }

  /**
   * Builds a counter for one thread, with caches of its own.
   *
   * @param byteLevel as in {@link #newEncoder}
   */
  public BpeCounter newCounter(boolean byteLevel) {
    SuperwordTables superwords = byteLevel ? superwordTables() : null;
    boolean onlyCounts = true;
    return superwords == null
        ? newCachedEncoder(byteLevel, onlyCounts)
        : newSuperwordEncoder(superwords);
  }

  /**
   * Builds an encoder, for one thread, of text that was not cut into words; its ids are those of a
   * byte-level {@link #newEncoder}. If no token spans words and each byte has a token, it cuts the
   * text into words for its caches.
   */
  public BpeEncoder newSentenceEncoder() {
    SuperwordTables superwords = superwordTables();
    if (superwords == null && hasAllBytes()) {
      superwords = SuperwordTables.ofWords(vocabulary, merges, pairs, idsOfBytes());
    }
    boolean byteLevel = true;
    return superwords == null ? newEncoder(byteLevel) : newSuperwordEncoder(superwords);
  }

  /** The merges, by pair. */
  MergeTable merges() {
    return merges;
  }

  /** The tokens with their ids. */
  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The tables of all merges, lazily built; null unless {@link #hasAllBytes}. */
  @Nullable ByteTables byteTables() {
    synchronized (lock) {
      if (byteTables == null && hasAllBytes()) {
        byteTables = new ByteTables(vocabulary, merges, pairs, idsOfBytes());
      }
      return byteTables;
    }
  }

  /** An encoder on two levels, for tokens that span words. */
  private SuperwordEncoder newSuperwordEncoder(SuperwordTables superwords) {
    ByteWordEncoder words =
        new ByteWordEncoder(vocabulary, superwords.tables(), new WordMerger(superwords.stage1()));
    boolean ignoreMerges = false; // it concerns complete pretokens, not their pieces
    boolean onlyCounts = false; // the ids of the pieces are needed to join them
    CachedEncoder pieces =
        new CachedEncoder(
            words,
            superwords.tables().barriers(),
            ignoreMerges,
            new PackedIds(idBound()),
            onlyCounts);
    int longestWhole = options.ignoreMerges() ? vocabulary.longestBytes() : 0;
    return new SuperwordEncoder(superwords, words, pieces, merges, longestWhole);
  }

  /**
   * An encoder of words through caches: by tables of bytes if the model has all, else by
   * characters.
   *
   * @param onlyCounts whether ids are only counted
   */
  private CachedEncoder newCachedEncoder(boolean byteLevel, boolean onlyCounts) {
    WordMerger merger = new WordMerger(merges);
    WordEncoder words;
    MergeBarriers barriers;
    ByteTables tables = byteLevel ? byteTables() : null;
    if (tables != null) {
      words = new ByteWordEncoder(vocabulary, tables, merger);
      barriers = tables.barriers();
    } else {
      words = new CharacterWordEncoder(vocabulary, merger, options, byteLevel);
      // Parts of a pretoken cannot be encoded apart if a symbol depends on its place (affixes), or
      // if a byte without a token may vanish between two others.
      barriers = byteLevel || hasAffixes() ? null : characterBarriers();
    }
    return new CachedEncoder(
        words, barriers, options.ignoreMerges(), new PackedIds(idBound()), onlyCounts);
  }

  /**
   * The tables of both stages, lazily built; null if no merge spans words or a byte has no token.
   */
  private @Nullable SuperwordTables superwordTables() {
    synchronized (lock) {
      if (!superwordTablesKnown) {
        if (hasAllBytes()) {
          superwordTables = SuperwordTables.of(vocabulary, merges, pairs, idsOfBytes());
        }
        superwordTablesKnown = true;
      }
      return superwordTables;
    }
  }

  /** By byte, the id of its token; -1 for none. */
  private int[] idsOfBytes() {
    return ByteTables.idsOfBytes(vocabulary);
  }

  /** Whether each byte has a token that is its symbol at every place of a word. */
  private boolean hasAllBytes() {
    return !hasAffixes() && Arrays.stream(idsOfBytes()).allMatch(id -> id >= 0);
  }

  /** The barriers of a model whose first symbols are characters, lazily built. */
  private MergeBarriers characterBarriers() {
    synchronized (lock) {
      if (characterBarriers == null) {
        characterBarriers = MergeBarriers.ofCharacters(vocabulary, merges);
      }
      return characterBarriers;
    }
  }

  private static boolean isEmpty(@Nullable String affix) {
    return affix == null || affix.isEmpty();
  }
}

package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
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

  /** The options of HF's BPE model besides vocabulary and merges. The reader refuses dropout. */
  public record Options(
      @Nullable String unkToken,
      @Nullable String continuingSubwordPrefix,
      @Nullable String endOfWordSuffix,
      boolean fuseUnk,
      boolean byteFallback,
      boolean ignoreMerges) {
    public static final Options NONE = new Options(null, null, null, false, false, false);
  }

  private final Vocabulary vocabulary;
  private final int[] pairs;
  private final MergeTable merges;
  private final Options options;

  private final Object lock = new Object();
  private @Nullable ByteTables byteTables;
  private @Nullable SuperwordTables superwordTables;

  /** Whether {@link #superwordTables} was computed; it may be null. */
  private boolean stagesKnown;

  private @Nullable MergeBarriers characterBarriers;

  private BpeModel(Vocabulary vocabulary, int[] pairs, int[] results, Options options) {
    this.vocabulary = vocabulary;
    this.pairs = pairs;
    this.merges = new MergeTable(pairs, results, vocabulary.idBound());
    this.options = options;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds a model from tokens and merges one at a time, so that a reader of a large file needs no
   * list of strings. Merges may come before tokens: they are resolved at the end.
   */
  public static final class Builder {
    private final Vocabulary.Builder tokens = new Vocabulary.Builder();

    private final ByteBuilder merges = new ByteBuilder(1 << 12);

    /** The end of each part in {@link #merges}. */
    private final IdBuffer ends = new IdBuffer(1 << 9);

    private Builder() {}

    /**
     * @throws IllegalArgumentException if the id is negative or above the maximum
     */
    public Builder token(String token, int id) {
      tokens.add(token, id);
      return this;
    }

    public void merge(String left, String right) {
      part(left);
      part(right);
    }

    private void part(String token) {
      byte[] utf8 = Vocabulary.utf8(token);
      if ((long) merges.length() + utf8.length > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException(
            "the merges are longer than 2 GiB together; was the file damaged?");
      }
      merges.append(utf8);
      ends.add(merges.length());
    }

    /**
     * Resolves the merges and builds the model.
     *
     * @throws IllegalArgumentException naming a merge whose parts or result are not in the
     *     vocabulary, or two tokens with one id, as in tokenizer.json
     */
    public BpeModel build(Options options) {
      Vocabulary vocabulary = tokens.build();
      String affix = options.continuingSubwordPrefix();
      int prefix = affix == null ? 0 : affix.getBytes(StandardCharsets.UTF_8).length;
      int count = ends.size() / 2;
      int[] pairs = new int[ends.size()];
      int[] results = new int[count];
      int from = 0;
      for (int rank = 0; rank < count; rank++) {
        int middle = ends.ids()[2 * rank];
        int to = ends.ids()[2 * rank + 1];
        pairs[2 * rank] = known(vocabulary, rank, from, middle);
        pairs[2 * rank + 1] = known(vocabulary, rank, middle, to);
        if (to - middle <= prefix) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "merge %d joins \"%s\" and \"%s\", whose right part is empty without the prefix"
                      + " \"%s\"",
                  rank,
                  text(from, middle),
                  text(middle, to),
                  affix == null ? "" : affix));
        }
        // HF removes as many bytes as the prefix has, whatever they are.
        int length = to - from - prefix;
        byte[] joined = merges.bytes();
        int start = from;
        if (prefix > 0) {
          joined = Arrays.copyOfRange(merges.bytes(), from, from + length);
          System.arraycopy(
              merges.bytes(), middle + prefix, joined, middle - from, to - middle - prefix);
          start = 0;
        }
        results[rank] = vocabulary.id(joined, start, start + length);
        if (results[rank] < 0) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "merge %d joins \"%s\" and \"%s\" to \"%s\", which is not in model.vocab;"
                      + " was the file edited by hand?",
                  rank,
                  text(from, middle),
                  text(middle, to),
                  new String(joined, start, length, StandardCharsets.UTF_8)));
        }
        from = to;
      }
      return new BpeModel(vocabulary, pairs, results, options);
    }

    private int known(Vocabulary vocabulary, int rank, int from, int to) {
      int id = vocabulary.id(merges.bytes(), from, to);
      if (id < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "merge %d names token \"%s\", which is not in model.vocab; was the file edited by"
                    + " hand?",
                rank,
                text(from, to)));
      }
      return id;
    }

    private String text(int from, int to) {
      return new String(merges.bytes(), from, to - from, StandardCharsets.UTF_8);
    }
  }

  public int size() {
    return vocabulary.size();
  }

  public int idBound() {
    return vocabulary.idBound();
  }

  public int id(String token) {
    byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
    return vocabulary.id(utf8, 0, utf8.length);
  }

  /** The token of an id; null for a gap or an id outside the vocabulary. */
  public @Nullable String token(int id) {
    int entry = id < 0 ? -1 : vocabulary.entry(id);
    return entry < 0 ? null : vocabulary.string(entry);
  }

  public boolean hasToken(int id) {
    return id >= 0 && vocabulary.entry(id) >= 0;
  }

  /** Appends the token of an id as UTF-8; nothing for a gap. */
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

  public int mergeCount() {
    return pairs.length / 2;
  }

  public int mergeLeft(int rank) {
    return pairs[2 * rank];
  }

  public int mergeRight(int rank) {
    return pairs[2 * rank + 1];
  }

  public int mergeResult(int rank) {
    return merges.result(rank);
  }

  /** Whether no later merge has the same pair: the last one counts, since HF keeps a map. */
  public boolean isLive(int rank) {
    return !merges.repeats() || merges.rank(pairs[2 * rank], pairs[2 * rank + 1]) == rank;
  }

  MergeTable merges() {
    return merges;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  public Options options() {
    return options;
  }

  /**
   * The bytes (0 to 255) without a token, because of which this model cannot encode every text.
   * With {@code byteLevel} the tokens of bytes are the characters of {@link ByteAlphabet}, else
   * {@code <0x00>} to {@code <0xFF>}, all of which are missing without byte fallback.
   */
  public BitSet missingBytes(boolean byteLevel) {
    int[] ids =
        byteLevel ? ByteTables.idsOfBytes(vocabulary) : CharacterWords.idsOfByteTokens(vocabulary);
    BitSet missing = new BitSet(256);
    for (int b = 0; b < 256; b++) {
      missing.set(b, ids[b] < 0 || !byteLevel && !options.byteFallback());
    }
    return missing;
  }

  /**
   * Builds an encoder for one thread.
   *
   * @param byteLevel whether each byte of a pretoken is one character of {@link ByteAlphabet}; else
   *     the characters of its UTF-8 text are the first symbols
   */
  public BpeEncoder newEncoder(boolean byteLevel) {
    SuperwordTables superwords = byteLevel ? superwordTables() : null;
    return superwords == null ? newEncoder(byteLevel, false) : newEncoder(superwords);
  }

  /**
   * Builds a counter for one thread, with caches of its own.
   *
   * @param byteLevel as in {@link #newEncoder}
   */
  public BpeCounter newCounter(boolean byteLevel) {
    SuperwordTables superwords = byteLevel ? superwordTables() : null;
    return superwords == null ? newEncoder(byteLevel, true) : newEncoder(superwords);
  }

  /**
   * Builds an encoder, for one thread, of text that was not cut into words; its ids are those of a
   * byte-level {@link #newEncoder}. If no token spans words, it cuts the text into words for its
   * caches.
   */
  public BpeEncoder newSentenceEncoder() {
    SuperwordTables superwords = superwordTables();
    if (superwords == null && hasAllBytes()) {
      superwords = SuperwordTables.ofWords(vocabulary, merges, pairs, idsOfBytes());
    }
    return superwords == null ? newEncoder(true) : newEncoder(superwords);
  }

  private SuperwordEncoder newEncoder(SuperwordTables superwords) {
    ByteWords words =
        new ByteWords(vocabulary, superwords.tables(), new WordMerger(superwords.stage1()));
    CachedEncoder pieces =
        new CachedEncoder(words, superwords.tables().barriers(), false, packing(), false);
    int longestWhole = options.ignoreMerges() ? vocabulary.longest() : 0;
    return new SuperwordEncoder(superwords, words, pieces, merges, longestWhole);
  }

  private CachedEncoder newEncoder(boolean byteLevel, boolean counts) {
    WordMerger merger = new WordMerger(merges);
    ByteTables tables = byteLevel && !hasAffixes() ? byteTables() : null;
    if (tables != null) {
      return encoder(new ByteWords(vocabulary, tables, merger), tables.barriers(), counts);
    }
    // With affixes a symbol depends on its place, and missing bytes may be dropped.
    MergeBarriers barriers = byteLevel || hasAffixes() ? null : characterBarriers();
    return encoder(new CharacterWords(vocabulary, merger, options, byteLevel), barriers, counts);
  }

  private CachedEncoder encoder(
      WordEncoder words, @Nullable MergeBarriers barriers, boolean counts) {
    return new CachedEncoder(words, barriers, options.ignoreMerges(), packing(), counts);
  }

  private PackedIds packing() {
    return new PackedIds(idBound());
  }

  /** Lazily built from all merges; null if a byte has no token. */
  @Nullable ByteTables byteTables() {
    synchronized (lock) {
      if (byteTables == null) {
        int[] idOfByte = ByteTables.idsOfBytes(vocabulary);
        if (Arrays.stream(idOfByte).allMatch(id -> id >= 0)) {
          byteTables = new ByteTables(vocabulary, merges, pairs, idOfByte);
        }
      }
      return byteTables;
    }
  }

  /** Lazily built; null if no token spans words, or a byte has no token. */
  private @Nullable SuperwordTables superwordTables() {
    synchronized (lock) {
      if (!stagesKnown) {
        if (hasAllBytes()) {
          superwordTables = SuperwordTables.of(vocabulary, merges, pairs, idsOfBytes());
        }
        stagesKnown = true;
      }
      return superwordTables;
    }
  }

  private int[] idsOfBytes() {
    return ByteTables.idsOfBytes(vocabulary);
  }

  /** Whether each byte is a first symbol at every place. */
  private boolean hasAllBytes() {
    return !hasAffixes() && Arrays.stream(idsOfBytes()).allMatch(id -> id >= 0);
  }

  private MergeBarriers characterBarriers() {
    synchronized (lock) {
      if (characterBarriers == null) {
        characterBarriers = MergeBarriers.ofCharacters(vocabulary, merges);
      }
      return characterBarriers;
    }
  }

  /** Whether characters have other symbols at some places of a word. */
  public boolean hasAffixes() {
    return !isEmpty(options.continuingSubwordPrefix()) || !isEmpty(options.endOfWordSuffix());
  }

  private static boolean isEmpty(@Nullable String affix) {
    return affix == null || affix.isEmpty();
  }
}

package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.PackedIds;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.ByteBuilder;

/**
 * The {@code model} of a BPE tokenizer.json: vocabulary, merges by rank and options. Immutable and
 * safe for many threads; {@link #newEncoder} makes an encoder for one thread.
 *
 * <p>Memory: about 20 bytes a token beside its text and 30 a merge, in a handful of arrays.
 */
public final class BpeModel {

  /**
   * The options of HF's BPE model beside vocabulary and merges; dropout is refused by the reader.
   */
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

  /** Whether {@link #superwordTables} has been looked for. */
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
   * Takes a model token by token and merge by merge, so that a reader of a large file needs no list
   * of strings. Merges may come before tokens: they are looked up at the end.
   */
  public static final class Builder {
    private final Vocabulary.Builder tokens = new Vocabulary.Builder();

    /** The parts of all merges back to back; {@link #cuts} has where each ends. */
    private final ByteBuilder merges = new ByteBuilder(1 << 12);

    private int[] cuts = new int[1 << 9];
    private int parts;

    private Builder() {}

    /**
     * Adds an entry of {@code model.vocab}.
     *
     * @throws IllegalArgumentException when the id is negative or beyond the range of ids
     */
    public Builder token(String token, int id) {
      tokens.add(token, id);
      return this;
    }

    /** Adds the merge of the next rank. */
    public void merge(String left, String right) {
      part(left);
      part(right);
    }

    /** Adds the left part of the merge of the next rank, or its right part behind the left one. */
    private void part(String token) {
      byte[] utf8 = Vocabulary.utf8(token);
      if ((long) merges.length() + utf8.length > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException(
            "the merges are longer than 2 GiB together; was the file damaged?");
      }
      merges.append(utf8);
      if (parts == cuts.length) {
        cuts = Arrays.copyOf(cuts, 2 * cuts.length);
      }
      cuts[parts++] = merges.length();
    }

    /**
     * Looks the merges up and makes the model.
     *
     * @throws IllegalArgumentException naming a merge whose parts or result are not in the
     *     vocabulary or two tokens with one id, spelled for the user of a tokenizer.json
     */
    public BpeModel build(Options options) {
      Vocabulary vocabulary = tokens.build();
      String affix = options.continuingSubwordPrefix();
      int prefix = affix == null ? 0 : affix.getBytes(StandardCharsets.UTF_8).length;
      int count = parts / 2;
      int[] pairs = new int[parts];
      int[] results = new int[count];
      int from = 0;
      for (int rank = 0; rank < count; rank++) {
        int middle = cuts[2 * rank];
        int to = cuts[2 * rank + 1];
        pairs[2 * rank] = known(vocabulary, rank, from, middle);
        pairs[2 * rank + 1] = known(vocabulary, rank, middle, to);
        if (to - middle <= prefix) {
          throw new IllegalArgumentException(
              "merge %d joins \"%s\" and \"%s\", whose right part is empty without the prefix \"%s\""
                  .formatted(
                      rank, text(from, middle), text(middle, to), affix == null ? "" : affix));
        }
        // HF cuts as many bytes as the prefix has, whatever they are.
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
              ("merge %d joins \"%s\" and \"%s\" to \"%s\", which is not in model.vocab;"
                      + " was the file edited by hand?")
                  .formatted(
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
            "merge %d names token \"%s\", which is not in model.vocab; was the file edited by hand?"
                .formatted(rank, text(from, to)));
      }
      return id;
    }

    private String text(int from, int to) {
      return new String(merges.bytes(), from, to - from, StandardCharsets.UTF_8);
    }
  }

  /** Entries of the vocabulary. */
  public int size() {
    return vocabulary.size();
  }

  /** One more than the largest id. */
  public int idBound() {
    return vocabulary.idBound();
  }

  /** The id of a token, or -1. */
  public int id(String token) {
    byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
    return vocabulary.id(utf8, 0, utf8.length);
  }

  /** The token of an id, or null for a gap or an id outside. */
  public @Nullable String token(int id) {
    int entry = id < 0 ? -1 : vocabulary.entry(id);
    return entry < 0 ? null : vocabulary.string(entry);
  }

  /** Whether an id has a token. */
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
   * The bytes that a token of a byte-level vocabulary stands for; null for a gap, and where one of
   * its characters is not in {@link ByteAlphabet}.
   */
  public byte @Nullable [] textBytes(int id) {
    int entry = id < 0 ? -1 : vocabulary.entry(id);
    return entry < 0 ? null : vocabulary.textBytes(entry);
  }

  /** Merges by rank, as they were given. */
  public int mergeCount() {
    return pairs.length / 2;
  }

  /** The left id of a merge. */
  public int mergeLeft(int rank) {
    return pairs[2 * rank];
  }

  /** The right id of a merge. */
  public int mergeRight(int rank) {
    return pairs[2 * rank + 1];
  }

  /** The id that a merge makes. */
  public int mergeResult(int rank) {
    return merges.result(rank);
  }

  /** Whether no later merge has the same pair: only the last of them counts (HF keeps a map). */
  public boolean isLive(int rank) {
    return merges.rank(pairs[2 * rank], pairs[2 * rank + 1]) == rank;
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
   * The bytes (0 to 255) that have no token of their own, so that this model cannot encode every
   * text. The tokens are the characters of {@link ByteAlphabet} when {@code byteLevel}, else {@code
   * <0x00>} to {@code <0xFF>}; without byte fallback all of the latter count as missing.
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
   * A new encoder, for one thread.
   *
   * @param byteLevel whether each byte of a pretoken stands for one character of {@link
   *     ByteAlphabet}; otherwise pretokens are UTF-8 text and its characters are the first symbols
   */
  public BpeEncoder newEncoder(boolean byteLevel) {
    SuperwordTables superwords = byteLevel ? superwordTables() : null;
    return superwords == null ? newEncoder(byteLevel, false) : newEncoder(superwords);
  }

  /**
   * A new counter of ids, with caches of its own.
   *
   * @param byteLevel as {@link #newEncoder}
   */
  public BpeCounter newCounter(boolean byteLevel) {
    SuperwordTables superwords = byteLevel ? superwordTables() : null;
    return superwords == null ? newEncoder(byteLevel, true) : newEncoder(superwords);
  }

  /**
   * A new encoder of text that was not cut into words, for one thread. It gives the ids of a
   * byte-level {@link #newEncoder}. Where no token spans words, it cuts the text into words itself,
   * so that its caches find them.
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
    // With affixes a symbol depends on where it stands, and bytes that are missing may be dropped.
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

  /** Made when first needed, of all merges; null when a byte has no token. */
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

  /** Made when first needed; null where no token spans words, or a byte has no token. */
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

  boolean hasAffixes() {
    return !isEmpty(options.continuingSubwordPrefix()) || !isEmpty(options.endOfWordSuffix());
  }

  private static boolean isEmpty(@Nullable String affix) {
    return affix == null || affix.isEmpty();
  }
}

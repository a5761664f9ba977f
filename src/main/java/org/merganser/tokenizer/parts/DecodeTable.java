package org.merganser.tokenizer.parts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.pretokenize.PreTokenizerSpec;

/**
 * The bytes of each id for decoding, and which ids are special. An entry is built on first use, so
 * that showing ten ids does not decode the whole vocabulary. Thread-safe; some tens of bytes an id.
 */
public final class DecodeTable {
  /** A ByteLevel decoder, which ignores its options. */
  private static final DecoderSpec BYTE_LEVEL =
      new DecoderSpec.ByteLevel(
          new PreTokenizerSpec.ByteLevel(
              /* addPrefixSpace= */ false, /* trimOffsets= */ false, /* useRegex= */ false));

  /**
   * What decoding needs of an id.
   *
   * @param piece null if the id has no token
   * @param bytes of the token in any context
   */
  private record Entry(TextDecoder.@Nullable Piece piece, byte[] bytes, boolean special) {}

  /** The entry of an id without a token. */
  private static final Entry GAP = new Entry(null, new byte[0], false);

  /** An estimate of the bytes of an id, for the capacity of a buffer. */
  private static final long BYTES_AN_ID = 4;

  /**
   * The largest capacity of a buffer that is chosen in advance; arrays have slightly fewer than
   * 2^31.
   */
  private static final long LARGEST_CAPACITY = Integer.MAX_VALUE - 16L;

  private final BpeModel model;
  private final AddedVocabulary added;
  private final boolean byteLevel;
  private final boolean normalizesToBytes;
  private final TextDecoder decoder;

  /** Decodes one token: the file's decoder, or ByteLevel if the model sees bytes. */
  private final TextDecoder tokenDecoder;

  /** By id; null until it is needed. Two threads may both build an entry: they are equal. */
  private final @Nullable Entry[] entries;

  /** The results of merges. */
  private final BitSet merged = new BitSet();

  /** Whether the text of ids is the concatenation of the bytes of each. */
  private final boolean joinsBytes;

  /**
   * @param idBound one more than the largest id
   * @param byteLevel whether the model sees bytes: a token then represents its bytes even if the
   *     file has no ByteLevel decoder
   */
  public DecodeTable(TokenizerParts parts, AddedVocabulary added, int idBound, boolean byteLevel) {
    this.added = added;
    this.byteLevel = byteLevel;
    model = parts.model();
    normalizesToBytes = parts.normalizesToBytes();
    decoder = new TextDecoder(parts.decoder());
    tokenDecoder = byteLevel ? new TextDecoder(BYTE_LEVEL) : decoder;
    joinsBytes = parts.decoder() instanceof DecoderSpec.ByteLevel;
    entries = new Entry[idBound];
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      merged.set(model.mergeResult(rank));
    }
  }

  /**
   * The bytes of one id in any context; empty for a gap.
   *
   * @throws IndexOutOfBoundsException if the id is not in the table
   */
  public byte[] bytes(int id) {
    if (byteLevel && entries[id] == null && added.token(id) == null) {
      // Equal to the bytes of an entry, which would stay in memory.
      byte[] bytes = model.textBytes(id);
      if (bytes != null) {
        return bytes;
      }
    }
    return entry(id).bytes().clone();
  }

  /** The piece of any number; null if it is not the id of a token. */
  public TextDecoder.@Nullable Piece piece(int id) {
    return entryOrGap(id).piece();
  }

  /**
   * The error that an id has no token.
   *
   * @param where follows the id in the message, such as {@code " at place 3"}; may be empty
   */
  public IllegalArgumentException noToken(int id, String where) {
    return new IllegalArgumentException(
        "id %s%s has no token; the tokenizer's ids are below %s"
            .formatted(id, where, entries.length));
  }

  /** Whether an id of the table is that of a special token. */
  public boolean isSpecial(int id) {
    return entry(id).special();
  }

  /** Whether the text of ids is the concatenation of the bytes of each. */
  public boolean joinsBytes() {
    return joinsBytes;
  }

  /** The file's decoder. */
  public TextDecoder decoder() {
    return decoder;
  }

  /**
   * The text of the first {@code count} ids.
   *
   * @throws IllegalArgumentException naming the first id that has no token
   */
  public ByteBuilder decode(int[] ids, int count, boolean skipSpecialTokens) {
    ByteBuilder out = new ByteBuilder((int) Math.min(LARGEST_CAPACITY, BYTES_AN_ID * count));
    List<TextDecoder.Piece> kept = new ArrayList<>(joinsBytes ? 0 : count);
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      Entry entry = entryOrGap(id);
      TextDecoder.Piece piece = entry.piece();
      if (piece == null) {
        throw noToken(id, " at place " + i);
      }
      if (skipSpecialTokens && entry.special()) {
        continue;
      }
      if (joinsBytes) {
        out.append(entry.bytes(), 0, entry.bytes().length);
      } else {
        kept.add(piece);
      }
    }
    if (!joinsBytes) {
      decoder.decode(kept, out);
    }
    return out;
  }

  /** The entry of any number. */
  private Entry entryOrGap(int id) {
    return id < 0 || id >= entries.length ? GAP : entry(id);
  }

  /** The entry of an id of the table. */
  private Entry entry(int id) {
    Entry entry = entries[id];
    if (entry == null) {
      entry = newEntry(id);
      entries[id] = entry;
    }
    return entry;
  }

  /** Builds the entry of an id. */
  private Entry newEntry(int id) {
    String form = added.formForDecoder(id);
    String token = form != null ? form : model.token(id);
    if (token == null) {
      return GAP;
    }
    AddedToken addedToken = added.token(id);
    boolean isWrittenAsBytes = addedToken != null && normalizesToBytes && addedToken.normalized();
    boolean literal = addedToken != null && !isWrittenAsBytes && !isProduced(id);
    TextDecoder.Piece piece = TextDecoder.Piece.of(token, literal);
    return new Entry(piece, tokenDecoder.alone(piece), added.isSpecial(token));
  }

  /** Whether the model can produce a token: by a merge, or as a single character. */
  private boolean isProduced(int id) {
    String token = model.token(id);
    return merged.get(id) || (token != null && token.codePointCount(0, token.length()) == 1);
  }
}

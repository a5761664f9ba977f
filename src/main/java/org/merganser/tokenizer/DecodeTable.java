package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.tokenizer.parts.DecoderSpec;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * All ids of a tokenizer on their way back to text: what each stands for, and which are special.
 * Immutable; some tens of bytes an id.
 */
final class DecodeTable {
  private static final DecoderSpec BYTE_LEVEL =
      new DecoderSpec.ByteLevel(new PreTokenizerSpec.ByteLevel(false, false, false));

  private final TextDecoder decoder;

  /** By id; null for a gap. */
  private final TextDecoder.@Nullable Piece[] pieces;

  private final byte[][] bytes;
  private final BitSet special = new BitSet();

  /** Whether each token stands for its bytes wherever it is, so that decoding is joining. */
  private final boolean joins;

  /**
   * @param byteLevel whether the model sees bytes: then a token stands for the bytes that it is
   *     made of, also where the file has no decoder that says so
   */
  DecodeTable(TokenizerParts parts, AddedVocabulary added, int idBound, boolean byteLevel) {
    decoder = new TextDecoder(parts.decoder());
    TextDecoder one = byteLevel ? new TextDecoder(BYTE_LEVEL) : decoder;
    joins = parts.decoder() instanceof DecoderSpec.ByteLevel;
    pieces = new TextDecoder.Piece[idBound];
    bytes = new byte[idBound][];
    BpeModel model = parts.model();
    BitSet produced = produced(model);
    for (int id = 0; id < idBound; id++) {
      String form = added.decodedForm(id);
      String token = form != null ? form : model.token(id);
      if (token == null) {
        bytes[id] = new byte[0];
        continue;
      }
      TextDecoder.Piece piece = TextDecoder.Piece.of(token, form != null && !produced.get(id));
      pieces[id] = piece;
      bytes[id] = one.alone(piece);
      special.set(id, added.isSpecial(token));
    }
  }

  /** The ids that the model itself can make of text: its single characters and what merges make. */
  private static BitSet produced(BpeModel model) {
    BitSet produced = new BitSet();
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      produced.set(model.mergeResult(rank));
    }
    for (int id = 0; id < model.idBound(); id++) {
      String token = model.token(id);
      if (token != null && token.codePointCount(0, token.length()) == 1) {
        produced.set(id);
      }
    }
    return produced;
  }

  /** What one id stands for wherever it is; empty for a gap. */
  byte[] bytes(int id) {
    return bytes[id].clone();
  }

  /** The piece of an id, or null where there is none. */
  TextDecoder.@Nullable Piece piece(int id) {
    return id < 0 || id >= pieces.length ? null : pieces[id];
  }

  /** The error for an id without a piece. */
  IllegalArgumentException missing(int id, String where) {
    return new IllegalArgumentException(
        "id %s%s has no token; the tokenizer's ids are below %s"
            .formatted(id, where, pieces.length));
  }

  boolean isSpecial(int id) {
    return special.get(id);
  }

  /** Whether the text of ids is the bytes of each, one after the other. */
  boolean joins() {
    return joins;
  }

  TextDecoder decoder() {
    return decoder;
  }

  /** Decodes {@code ids[0, count)}. */
  ByteBuilder decode(int[] ids, int count, boolean skipSpecialTokens) {
    ByteBuilder out = new ByteBuilder((int) Math.min(Integer.MAX_VALUE - 16L, 4L * count));
    List<TextDecoder.Piece> kept = new ArrayList<>(joins ? 0 : count);
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      TextDecoder.Piece piece = piece(id);
      if (piece == null) {
        throw missing(id, " at place " + i);
      }
      if (skipSpecialTokens && special.get(id)) {
        continue;
      }
      if (joins) {
        out.append(bytes[id], 0, bytes[id].length);
      } else {
        kept.add(piece);
      }
    }
    if (!joins) {
      decoder.decode(kept, out);
    }
    return out;
  }
}

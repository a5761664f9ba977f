package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.DecodeTable;
import org.merganser.tokenizer.parts.TextDecoder;

/**
 * Turns ids into text one at a time, as a model produces them. Each call returns the completed
 * characters; bytes of an incomplete character wait for the rest. The text from the first id to
 * {@link #end} equals {@link Tokenizer#decode(int[], boolean)} of all ids. Not thread-safe.
 *
 * <p>If the tokenizer's decoder needs all of the text (a BPEDecoder, which looks for the last
 * token; a Replace after Fuse), all text waits for {@link #end}. The decoders of byte-level
 * tokenizers and of those with Metaspace or byte fallback do not need it.
 */
public final class StreamingDecoder {
  private final DecodeTable table;
  private final boolean skipSpecialTokens;

  /** The decoded bytes that were not returned. */
  private final ByteBuilder pending = new ByteBuilder(64);

  /** For the text of some pieces, until it is added to {@link #pending} or returned. */
  private final ByteBuilder scratch = new ByteBuilder(64);

  /**
   * The pieces that the decoder needs for the next one. If it is {@linkplain
   * TextDecoder#isIncremental incremental}, this is at most the last piece that {@linkplain
   * TextDecoder#beginsText begins the text}; else it is all pieces so far.
   */
  private final List<TextDecoder.Piece> pieces = new ArrayList<>();

  StreamingDecoder(DecodeTable table, boolean skipSpecialTokens) {
    this.table = table;
    this.skipSpecialTokens = skipSpecialTokens;
  }

  /**
   * Takes the next id.
   *
   * @return the text that this id completes, often empty
   * @throws IllegalArgumentException if the id has no token; the decoder is then unchanged
   */
  public String add(int id) {
    TextDecoder.Piece piece = table.piece(id);
    if (piece == null) {
      throw table.noToken(id, "");
    }
    if (skipSpecialTokens && table.isSpecial(id)) {
      return "";
    }
    if (table.joinsBytes()) {
      pending.append(table.bytes(id));
    } else if (table.decoder().isIncremental()) {
      appendText(piece);
    } else {
      pieces.add(piece);
    }
    return removeText(completeLength());
  }

  /** Ends the text; returns what waited, with U+FFFD for an incomplete character. */
  public String end() {
    if (!table.joinsBytes() && !table.decoder().isIncremental()) {
      table.decoder().decode(pieces, pending);
    }
    pieces.clear();
    return removeText(pending.length());
  }

  /**
   * Appends the text of a piece to {@link #pending}: what it adds to the text of {@link #pieces}
   * when it is decoded after them.
   */
  private void appendText(TextDecoder.Piece piece) {
    TextDecoder decoder = table.decoder();
    scratch.clear();
    decoder.decode(pieces, scratch);
    int before = scratch.length();
    List<TextDecoder.Piece> withPiece = new ArrayList<>(pieces);
    withPiece.add(piece);
    scratch.clear();
    decoder.decode(withPiece, scratch);
    pending.append(scratch.bytes(), before, scratch.length());
    if (decoder.beginsText(piece)) {
      pieces.clear();
      pieces.add(piece);
    }
  }

  /**
   * The number of pending bytes before an incomplete character at their end; all if there is none.
   * At most three bytes of it can be there.
   */
  private int completeLength() {
    byte[] bytes = pending.bytes();
    int length = pending.length();
    for (int at = length - 1; at >= Math.max(0, length - 3); at--) {
      int lead = bytes[at] & 0xFF;
      boolean leadsSeveralBytes = lead >= 0xC2 && lead <= 0xF4;
      if (leadsSeveralBytes) {
        boolean isIncomplete =
            Utf8.firstIllFormed(bytes, at, length) == at
                && Utf8.illFormedLength(bytes, at, length) == length - at;
        return isIncomplete ? at : length;
      }
    }
    return length;
  }

  /** Removes the first {@code end} pending bytes and returns them as text. */
  private String removeText(int end) {
    if (end == 0) {
      return "";
    }
    scratch.clear();
    Utf8.replaceIllFormed(pending.bytes(), 0, end, scratch);
    System.arraycopy(pending.bytes(), end, pending.bytes(), 0, pending.length() - end);
    pending.setLength(pending.length() - end);
    return new String(scratch.bytes(), 0, scratch.length(), StandardCharsets.UTF_8);
  }
}

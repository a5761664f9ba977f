package org.merganser.tokenizer.parts;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;

/**
 * Turns tokens back into bytes by the stages of a decoder ({@link DecoderStages}). HF builds a
 * String with U+FFFD for ill-formed parts; here the bytes are kept. Immutable.
 */
public final class TextDecoder {
  /**
   * A token during decoding.
   *
   * @param bytes its spelling so far, in UTF-8 unless byte fallback changed it
   * @param literal whether ByteLevel must treat it as text although it could be byte-level: an
   *     added token that no ByteLevel normalizer wrote and the model cannot produce (then {@code é}
   *     is not byte 0xE9)
   */
  public record Piece(byte[] bytes, boolean literal) {
    /** The piece of a token that no stage has changed. */
    static Piece of(String token, boolean literal) {
      return new Piece(token.getBytes(StandardCharsets.UTF_8), literal);
    }

    /** A piece of bytes that a stage has made, which is not literal. */
    static Piece ofBytes(byte[] bytes) {
      return new Piece(bytes, false);
    }

    /** This piece with other bytes. */
    Piece withBytes(byte[] rewritten) {
      return new Piece(rewritten, literal);
    }
  }

  /** Null without a decoder, which differs from a decoder without stages. */
  private final @Nullable DecoderSpec spec;

  private final List<DecoderSpec> stages;

  /** The number of first stages that depend only on one piece and on whether it is the first. */
  private final int independentStages;

  TextDecoder(@Nullable DecoderSpec spec) {
    this.spec = spec;
    this.stages = spec == null ? List.of() : spec.stages();
    int count = 0;
    while (count < stages.size() && isIndependent(stages.get(count))) {
      count++;
    }
    this.independentStages = count;
  }

  /**
   * Whether pieces can be decoded one at a time. Each then only appends to the text of the pieces
   * before it, and appends the same if of these only the last one is decoded that {@link
   * #beginsText}.
   */
  public boolean isIncremental() {
    int at = independentStages;
    if (at < stages.size() && stages.get(at) instanceof DecoderSpec.ByteFallback) {
      at++;
    }
    if (at < stages.size() && stages.get(at) instanceof DecoderSpec.Fuse) {
      at++;
      if (at < stages.size() && stripsOne(stages.get(at)) && onlyReplaces()) {
        at++;
      }
    }
    return at == stages.size();
  }

  /**
   * Whether the text has begun after this piece: the stages that treat the first piece apart do not
   * treat the piece after this one so.
   */
  public boolean beginsText(Piece piece) {
    // Metaspace, Strip, and text without stages treat the first piece apart, even if it is empty.
    boolean isFirstByCount = !onlyReplaces() || stages.isEmpty();
    return isFirstByCount || alone(piece).length > 0;
  }

  /** Appends the text of the pieces. Without a decoder, they are joined with spaces, as HF does. */
  public void decode(List<Piece> pieces, ByteBuilder out) {
    if (spec == null) {
      for (int i = 0; i < pieces.size(); i++) {
        if (i > 0) {
          out.append((byte) ' ');
        }
        append(pieces.get(i), out);
      }
      return;
    }
    List<Piece> result = pieces;
    for (DecoderSpec stage : stages) {
      result = DecoderStages.apply(stage, result);
    }
    result.forEach(piece -> append(piece, out));
  }

  /** The bytes of one token in any context: stages that depend on its place are skipped. */
  byte[] alone(Piece piece) {
    List<Piece> pieces = List.of(piece);
    for (DecoderSpec stage : stages) {
      pieces = DecoderStages.applyAlone(stage, pieces);
    }
    return pieces.isEmpty() ? new byte[0] : pieces.get(0).bytes();
  }

  /** Whether a stage depends only on one piece and on whether it is the first. */
  private static boolean isIndependent(DecoderSpec stage) {
    return stage instanceof DecoderSpec.Replace
        || stage instanceof DecoderSpec.Metaspace
        || stage instanceof DecoderSpec.Strip;
  }

  /** Whether all independent stages are Replaces. */
  private boolean onlyReplaces() {
    return stages.subList(0, independentStages).stream()
        .allMatch(stage -> stage instanceof DecoderSpec.Replace);
  }

  /** Whether a stage removes at most one ASCII character, and that from the beginning only. */
  private static boolean stripsOne(DecoderSpec stage) {
    return stage instanceof DecoderSpec.Strip strip
        && strip.start() <= 1
        && strip.stop() == 0
        && strip.content().getBytes(StandardCharsets.UTF_8).length == 1;
  }

  private static void append(Piece piece, ByteBuilder out) {
    out.append(piece.bytes(), 0, piece.bytes().length);
  }
}

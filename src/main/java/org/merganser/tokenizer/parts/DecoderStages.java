package org.merganser.tokenizer.parts;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.normalize.ReplaceNormalizer;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.TextDecoder.Piece;

/**
 * Applies one stage of a decoder to the pieces of a text (HF: {@code decoders/*.rs}). {@link
 * TextDecoder} applies all stages in order.
 */
final class DecoderStages {
  private static final byte[] SPACE = {' '};
  private static final byte[] EMPTY = {};

  private DecoderStages() {}

  /**
   * The pieces of a complete text after a stage.
   *
   * @param stage not a Sequence, of which {@link DecoderSpec#stages} has the parts
   */
  static List<Piece> apply(DecoderSpec stage, List<Piece> pieces) {
    if (stage instanceof DecoderSpec.ByteLevel) {
      return List.of(joined(pieces.stream().map(DecoderStages::decodeByteLevel).toList()));
    }
    if (stage instanceof DecoderSpec.Fuse) {
      return List.of(joined(pieces));
    }
    if (stage instanceof DecoderSpec.ByteFallback) {
      return decodeByteFallback(pieces);
    }
    if (stage instanceof DecoderSpec.Replace replace) {
      return eachRewritten(pieces, replacing(replace));
    }
    if (stage instanceof DecoderSpec.Strip strip) {
      return eachRewritten(
          pieces, b -> strip(b, utf8(strip.content()), strip.start(), strip.stop()));
    }
    if (stage instanceof DecoderSpec.Metaspace metaspace) {
      return decodeMetaspace(pieces, metaspace);
    }
    if (stage instanceof DecoderSpec.Bpe bpe) {
      return replaceEndsOfWords(pieces, utf8(bpe.suffix()));
    }
    throw new IllegalStateException("decoder " + stage);
  }

  /** The pieces after a stage, if they are neither the first nor the last ones of a text. */
  static List<Piece> applyAlone(DecoderSpec stage, List<Piece> pieces) {
    if (stage instanceof DecoderSpec.Strip || stage instanceof DecoderSpec.Fuse) {
      return pieces;
    }
    if (stage instanceof DecoderSpec.Metaspace metaspace) {
      return eachRewritten(pieces, b -> replace(b, utf8(metaspace.options().replacement()), SPACE));
    }
    if (stage instanceof DecoderSpec.Bpe bpe) {
      return eachRewritten(pieces, b -> replace(b, utf8(bpe.suffix()), SPACE));
    }
    return apply(stage, pieces);
  }

  /**
   * The piece with the bytes that its characters stand for; unchanged if one of them is not in the
   * byte alphabet, as in byte_level.rs.
   */
  private static Piece decodeByteLevel(Piece piece) {
    byte[] bytes =
        piece.literal() || Utf8.firstIllFormed(piece.bytes(), 0, piece.bytes().length) >= 0
            ? null
            : ByteAlphabet.toBytes(new String(piece.bytes(), StandardCharsets.UTF_8));
    return bytes == null ? piece : Piece.ofBytes(bytes);
  }

  /** One piece with the bytes of all. */
  private static Piece joined(List<Piece> pieces) {
    ByteBuilder all = new ByteBuilder(8 * pieces.size());
    for (Piece piece : pieces) {
      all.append(piece.bytes(), 0, piece.bytes().length);
    }
    return Piece.ofBytes(all.toByteArray());
  }

  /**
   * A run such as {@code <0xC3>}, {@code <0xA9>} becomes one token if its bytes are UTF-8, as in
   * byte_fallback.rs; else each becomes its byte (HF: U+FFFD).
   */
  private static List<Piece> decodeByteFallback(List<Piece> pieces) {
    List<Piece> result = new ArrayList<>(pieces.size());
    List<Piece> run = new ArrayList<>();
    for (Piece piece : pieces) {
      int b = fallbackByte(piece.bytes());
      if (b < 0) {
        endRun(run, result);
        result.add(piece);
      } else {
        run.add(Piece.ofBytes(new byte[] {(byte) b}));
      }
    }
    endRun(run, result);
    return result;
  }

  /** The byte of a token of byte fallback, or −1. */
  private static int fallbackByte(byte[] token) {
    if (token.length != 6
        || token[0] != '<'
        || token[1] != '0'
        || token[2] != 'x'
        || token[5] != '>') {
      return -1;
    }
    int high = Character.digit(token[3], 16);
    // Rust's from_str_radix also accepts a sign: "<0x+5>" is byte 5.
    if (token[3] == '+') {
      high = 0;
    }
    int low = Character.digit(token[4], 16);
    return high < 0 || low < 0 ? -1 : 16 * high + low;
  }

  /** Moves a run of fallback bytes to the result: one piece if it is UTF-8, else one a byte. */
  private static void endRun(List<Piece> run, List<Piece> result) {
    Piece joined = joined(run);
    if (Utf8.firstIllFormed(joined.bytes(), 0, joined.bytes().length) >= 0) {
      result.addAll(run);
    } else if (!run.isEmpty()) {
      result.add(joined);
    }
    run.clear();
  }

  /** The pieces with rewritten bytes. */
  private static List<Piece> eachRewritten(List<Piece> pieces, UnaryOperator<byte[]> rewriting) {
    List<Piece> result = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      result.add(piece.withBytes(rewriting.apply(piece.bytes())));
    }
    return result;
  }

  /** Replaces every match of the pattern in the bytes of a piece. */
  private static UnaryOperator<byte[]> replacing(DecoderSpec.Replace replace) {
    if (replace.pattern() instanceof TextPattern.Literal literal && !literal.text().isEmpty()) {
      byte[] pattern = utf8(literal.text());
      byte[] content = utf8(replace.content());
      return token -> replace(token, pattern, content);
    }
    var normalizer = new ReplaceNormalizer(replace.pattern().newMatcher(), replace.content());
    ByteBuilder out = new ByteBuilder(64);
    ByteBuilder text = new ByteBuilder(64);
    return token -> {
      text.clear();
      Utf8.replaceIllFormed(token, 0, token.length, text);
      out.clear();
      return normalizer.normalize(text.bytes(), 0, text.length(), out)
          ? out.toByteArray()
          : text.toByteArray();
    };
  }

  /** The token with {@code content} in place of each occurrence of {@code pattern}, not empty. */
  private static byte[] replace(byte[] token, byte[] pattern, byte[] content) {
    ByteBuilder out = null;
    int done = 0;
    int at = 0;
    while (at <= token.length - pattern.length) {
      if (Arrays.equals(token, at, at + pattern.length, pattern, 0, pattern.length)) {
        if (out == null) {
          out = new ByteBuilder(token.length + content.length);
        }
        out.append(token, done, at);
        out.append(content);
        at += pattern.length;
        done = at;
      } else {
        at++;
      }
    }
    if (out == null) {
      return token;
    }
    out.append(token, done, token.length);
    return out.toByteArray();
  }

  /** The token without {@code content} up to {@code start} and {@code stop} times at its ends. */
  private static byte[] strip(byte[] token, byte[] content, int start, int stop) {
    int from = 0;
    int size = content.length;
    for (int i = 0; i < start && isAt(token, from, content); i++) {
      from += size;
    }
    int to = token.length;
    for (int i = 0; i < stop && to - size >= from && isAt(token, to - size, content); i++) {
      to -= size;
    }
    return Arrays.copyOfRange(token, from, to);
  }

  /** Whether the token has {@code content} at an index. */
  private static boolean isAt(byte[] token, int at, byte[] content) {
    return at + content.length <= token.length
        && Arrays.equals(token, at, at + content.length, content, 0, content.length);
  }

  /**
   * Replaces the mark with a space; in the first token it is removed if the encoder adds one there.
   */
  private static List<Piece> decodeMetaspace(List<Piece> pieces, DecoderSpec.Metaspace metaspace) {
    byte[] mark = utf8(metaspace.options().replacement());
    boolean prepended = metaspace.options().prependScheme() != PrependScheme.NEVER;
    List<Piece> result = new ArrayList<>(pieces.size());
    for (Piece piece : pieces) {
      byte[] content = result.isEmpty() && prepended ? EMPTY : SPACE;
      result.add(piece.withBytes(replace(piece.bytes(), mark, content)));
    }
    return result;
  }

  /** Replaces the suffix of a word's end with a space, and removes it from the last token. */
  private static List<Piece> replaceEndsOfWords(List<Piece> pieces, byte[] suffix) {
    List<Piece> result = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      byte[] content = i == pieces.size() - 1 ? EMPTY : SPACE;
      Piece piece = pieces.get(i);
      result.add(piece.withBytes(replace(piece.bytes(), suffix, content)));
    }
    return result;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

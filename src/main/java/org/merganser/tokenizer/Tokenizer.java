package org.merganser.tokenizer;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.BpeModel;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.NormalizerSpec;
import org.merganser.text.PreTokenizerSpec;
import org.merganser.text.PretokenSink;

/**
 * An immutable tokenizer, safe for many threads; {@link #newEncoder} makes what a thread runs. The
 * reference is HF's Rust library: the same ids, or an error that names what is not supported.
 */
public final class Tokenizer {

  /** Reads a tokenizer.json. */
  public static Tokenizer read(Path file) {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * Reads the bytes of a tokenizer.json.
   *
   * @param name how errors call the file
   */
  public static Tokenizer read(byte[] json, String name) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The file as HF's library would write it, byte for byte. */
  public byte[] toJson() {
    throw new UnsupportedOperationException("interface only");
  }

  /** One more than the largest id, added tokens included: rows an embedding table must have. */
  public int idBound() {
    throw new UnsupportedOperationException("interface only");
  }

  /** The id of a token (added tokens first), or -1. */
  public int id(String token) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The token of an id as tokenizer.json spells it, or null where there is none. */
  public @Nullable String token(int id) {
    throw new UnsupportedOperationException("interface only");
  }

  /** The bytes that an id stands for in text, before the decoder joins them; empty for a gap. */
  public byte[] bytes(int id) {
    throw new UnsupportedOperationException("interface only");
  }

  public List<AddedToken> addedTokens() {
    throw new UnsupportedOperationException("interface only");
  }

  public BpeModel model() {
    throw new UnsupportedOperationException("interface only");
  }

  public @Nullable NormalizerSpec normalizer() {
    throw new UnsupportedOperationException("interface only");
  }

  public @Nullable PreTokenizerSpec preTokenizer() {
    throw new UnsupportedOperationException("interface only");
  }

  /** An encoder that adds no special tokens. */
  public Encoder newEncoder(SpecialText specialText) {
    return newEncoder(specialText, false);
  }

  /**
   * A new encoder, for one thread.
   *
   * @param addSpecialTokens whether the post-processor's template is applied (BOS, EOS)
   */
  public Encoder newEncoder(SpecialText specialText, boolean addSpecialTokens) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Decodes ids to bytes (UTF-8 where the ids make whole characters). */
  public byte[] decode(IdBuffer ids, boolean skipSpecialTokens) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Cuts documents as encoding does, without the model: what the trainer counts. */
  public interface Pretokenizer {
    /** Hands the pretokens of {@code text[from, to)}, well-formed UTF-8, to {@code sink}. */
    void split(byte[] text, int from, int to, PretokenSink sink);
  }

  /**
   * What training feeds its counts through: normalizer and pre-tokenizer, with the {@code
   * addedTokens} cut out of the text first (HF: tokens added before training), others being text.
   */
  public static Pretokenizer newPretokenizer(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens) {
    throw new UnsupportedOperationException("interface only");
  }
}

package org.merganser.tokenizer;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.AddedVocabulary;
import org.merganser.tokenizer.parts.TokenMatcher;

/**
 * Turns a document into pretokens: added tokens are cut out of the raw text, the rest is
 * normalized, added tokens are cut out of that, and the rest is pre-tokenized (HF: {@code
 * extract_and_normalize}). {@link AddedTokenFlags} decides what single_word, lstrip and rstrip do.
 * Training and encoding both use this class. Allocates nothing for a document. Not thread-safe.
 */
final class PretokenPath {
  /**
   * The number of bytes after a text that scanners and caches may read, in blocks and longs. With
   * fewer bytes after it, as in an array of its own, a text takes the slow paths.
   */
  static final int ROOM = 64;

  /**
   * The maximum length of a text that is copied for more room. Only the end of a text is slow
   * without room, which matters little in a longer one.
   */
  private static final int LONGEST_COPY = 4096;

  private static final byte[] EMPTY = {};

  /** Receives the added tokens, in text order between the pretokens. */
  @FunctionalInterface
  interface AddedTokenSink {
    /**
     * Receives a token found in {@code text[from, to)}, the white space that it strips included.
     */
    void accept(int id, byte[] text, int from, int to);
  }

  /** The added tokens that are cut out of the raw text; null if there are none. */
  private final AddedVocabulary.@Nullable Pass raw;

  /** The added tokens that are cut out of the normalized text; null if there are none. */
  private final AddedVocabulary.@Nullable Pass normalized;

  private final @Nullable Normalizer normalizer;
  private final @Nullable PreTokenizer preTokenizer;
  private final SpecialText specialText;
  private final PretokenSink sink;
  private final AddedTokenSink added;

  /** Where the normalizer has the text in {@link #buffer} from. */
  private final Origins origins;

  /** The normalized form of the current piece. */
  private final ByteBuilder buffer = new ByteBuilder(1 << 12);

  /** The end of the only pretoken of a piece, if there is no pre-tokenizer. */
  private final int[] oneEnd = new int[1];

  /** The text of the current call of {@link #run} if it had too little room. */
  private final byte[] copy = new byte[LONGEST_COPY + ROOM];

  /** The text of the current call of {@link #run}, or its copy. */
  private byte[] document = EMPTY;

  /** Where the document begins in {@link #document}. */
  private int documentFrom;

  /** Where the piece that was last normalized begins in {@link #document}. */
  private int pieceStart;

  /**
   * @param vocabulary the added tokens
   * @param normalizer null for none
   * @param preTokenizer null for none: a piece is then one pretoken
   * @param specialText the treatment of special tokens among the added ones
   * @param sink receives the pretokens
   * @param added receives the added tokens
   * @param origins makes the origins of rewritten text, for the texts that the two sinks receive
   */
  PretokenPath(
      AddedVocabulary vocabulary,
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      SpecialText specialText,
      PretokenSink sink,
      AddedTokenSink added,
      Supplier<Origins> origins) {
    this.raw = nullIfOnlyText(vocabulary.raw(), specialText);
    this.normalized = nullIfOnlyText(vocabulary.normalized(), specialText);
    this.normalizer = normalizer == null ? null : normalizer.build();
    this.preTokenizer = preTokenizer == null ? null : preTokenizer.build(origins);
    this.origins = origins.get();
    this.specialText = specialText;
    this.sink = sink;
    this.added = added;
  }

  /**
   * Sends the pretokens and added tokens of {@code text[from, to)}, well-formed UTF-8, to the
   * sinks. A full check would cost up to a tenth of encoding. So only text that ends inside a
   * character, or leads to an index out of bounds, is refused; other ill-formed text has arbitrary
   * pretokens.
   *
   * @param start where the document begins in {@code text}: {@code from}, or before it for a later
   *     part of a document
   * @throws IllegalArgumentException with the first byte that is not UTF-8
   */
  void run(byte[] text, int start, int from, int to) {
    if (text.length - to < ROOM && to - from <= LONGEST_COPY && from == start) {
      System.arraycopy(text, from, copy, 0, to - from);
      runWithRoom(copy, 0, 0, to - from);
    } else {
      runWithRoom(text, start, from, to);
    }
  }

  /**
   * Where a place of a text that a sink received is in the document, in bytes; if the text was
   * rewritten, where the current piece begins.
   */
  int offset(byte[] text, int at) {
    return (text == document ? at : pieceStart) - documentFrom;
  }

  /** The pass; null if it has only special tokens and these are treated as text. */
  private static AddedVocabulary.@Nullable Pass nullIfOnlyText(
      AddedVocabulary.@Nullable Pass pass, SpecialText specialText) {
    boolean isOnlyText =
        pass != null
            && specialText == SpecialText.TEXT
            && pass.tokens().stream().allMatch(AddedToken::special);
    return isOnlyText ? null : pass;
  }

  /** As {@link #run}, with a text that has room after it or is long. */
  private void runWithRoom(byte[] text, int start, int from, int to) {
    document = text;
    documentFrom = start;
    boolean first = from == start;
    if (Utf8.endsInsideCharacter(text, from, to)) {
      throw notUtf8(text, from, to, null);
    }
    try {
      if (raw == null) {
        normalize(text, from, to, first);
      } else {
        cut(raw, text, from, to, first);
      }
    } catch (IndexOutOfBoundsException e) {
      if (Utf8.firstIllFormed(text, from, to) < 0) {
        throw e;
      }
      throw notUtf8(text, from, to, e);
    } finally {
      document = EMPTY;
    }
  }

  /** The error that names the first byte of {@code text[from, to)} that is not UTF-8. */
  private IllegalArgumentException notUtf8(
      byte[] text, int from, int to, @Nullable IndexOutOfBoundsException cause) {
    int bad = Utf8.firstIllFormed(text, from, to);
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "the text is not UTF-8 at byte %s (0x%02X); encodeBytes takes any bytes",
            bad - documentFrom,
            text[bad]),
        cause);
  }

  /**
   * Cuts the tokens of a pass out of {@code text[from, to)}, and runs the step after the pass on
   * the pieces between them (HF: find_matches of added_vocabulary.rs).
   *
   * @param first whether the document begins at {@code from}
   */
  private void cut(AddedVocabulary.Pass pass, byte[] text, int from, int to, boolean first) {
    int done = from;
    long match = pass.matcher().find(text, from, to);
    while (match >= 0) {
      int pattern = TokenMatcher.pattern(match);
      AddedToken token = pass.tokens().get(pattern);
      int start = TokenMatcher.start(match);
      int end = start + pass.matcher().length(pattern);
      if (isToken(token, text, from, start, end, to)) {
        int outerStart = AddedTokenFlags.outerStart(token, text, done, start);
        int outerEnd = AddedTokenFlags.outerEnd(token, text, end, to);
        // If outerStart >= outerEnd, a token of white space with lstrip is inside of what the last
        // one stripped by rstrip. HF drops it if exactly that was used up, and crashes if more was;
        // here it is dropped in both cases.
        if (outerStart < outerEnd) {
          if (done < outerStart) {
            runStepAfter(pass, text, done, outerStart, first && done == from);
          }
          added.accept(token.id(), text, outerStart, outerEnd);
          done = outerEnd;
        }
      }
      // A match that is text is skipped as a unit: shorter ones inside it are text as well.
      match = pass.matcher().find(text, end, to);
    }
    if (done < to) {
      runStepAfter(pass, text, done, to, first && done == from);
    }
  }

  /**
   * Whether the match {@code text[start, end)} in {@code text[from, to)} is a token and not text.
   *
   * @throws SpecialTextException if it is a special token, and these are rejected
   */
  private boolean isToken(AddedToken token, byte[] text, int from, int start, int end, int to) {
    if (token.special() && specialText == SpecialText.TEXT) {
      return false;
    }
    if (AddedTokenFlags.isPartOfWord(token, text, from, start, end, to)) {
      return false;
    }
    if (token.special() && specialText == SpecialText.REJECT) {
      throw new SpecialTextException(token.content(), offset(text, start));
    }
    return true;
  }

  /** Runs the step after a pass on a piece in which the pass found no token. */
  private void runStepAfter(
      AddedVocabulary.Pass pass, byte[] text, int from, int to, boolean first) {
    if (pass.isNormalized()) {
      split(text, from, to, first);
    } else {
      normalize(text, from, to, first);
    }
  }

  /** Normalizes a piece between tokens of the raw text, and cuts the other tokens out of it. */
  private void normalize(byte[] text, int from, int to, boolean first) {
    if (from == to) {
      return;
    }
    byte[] piece = text;
    int start = from;
    int end = to;
    pieceStart = from;
    if (normalizer != null) {
      buffer.clear();
      if (normalizer.normalize(text, from, to, buffer, origins)) {
        origins.setTexts(text, buffer.bytes());
        piece = buffer.bytes();
        start = 0;
        end = buffer.length();
      }
    }
    if (normalized == null) {
      split(piece, start, end, first);
    } else {
      cut(normalized, piece, start, end, first);
    }
  }

  /** Pre-tokenizes a piece, and sends its pretokens to the sink. */
  private void split(byte[] text, int from, int to, boolean first) {
    if (from == to) {
      return;
    }
    if (preTokenizer == null) {
      oneEnd[0] = to;
      sink.accept(text, from, oneEnd, 1);
    } else {
      preTokenizer.split(text, from, to, first, sink);
    }
  }
}

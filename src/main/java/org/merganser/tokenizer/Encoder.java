package org.merganser.tokenizer;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeCounter;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.Origins;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedVocabulary;
import org.merganser.tokenizer.parts.DocumentCuts;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * Encodes documents. Not thread-safe: it holds caches and buffers.
 *
 * <p>{@link #encode} and {@link #count} take well-formed UTF-8 and do not check all of it, which
 * would cost up to a tenth of their time. A text that ends inside a character is refused. Other
 * ill-formed text is refused or has meaningless ids, which may depend on the bytes after it; the
 * encoder stays usable. {@link #encodeBytes} and {@link #countBytes} take any bytes.
 */
public final class Encoder {
  private final PretokenPath path;
  private final BpeEncoder bpe;
  private final BpeModel model;
  private final boolean byteLevel;

  /** Null if the vocabulary has ids for all text. */
  private final @Nullable CharacterCoverage coverage;

  /** See {@link #mayRefuse()}. */
  private final boolean mayRefuse;

  /** The ids around those of each document. */
  private final FrameIds frame;

  /** The end of a pretoken of one byte. */
  private final int[] oneEnd = new int[1];

  /** Null until the first document is counted. */
  private @Nullable BpeCounter counter;

  /** Counting stops soon after this many ids. */
  private long enough = Long.MAX_VALUE;

  /** The ids of the current document so far, while it is counted. */
  private long counted;

  /** Counts the current document; null if its ids are produced. */
  private @Nullable BpeCounter counting;

  /** Receives the ids of the current document, if they are produced. */
  private IdBuffer out = new IdBuffer(0);

  /** Where the current document begins in its array. */
  private int documentFrom;

  Encoder(
      TokenizerParts parts,
      AddedVocabulary added,
      boolean byteLevel,
      SpecialText specialText,
      boolean addSpecialTokens) {
    this.model = parts.model();
    this.byteLevel = byteLevel;
    this.bpe = model.newEncoder(byteLevel);
    this.coverage = CharacterCoverage.of(model, byteLevel);
    // Without a rule, a regex may backtrack, and a normalizer may make the text too long.
    boolean hasCutRule =
        DocumentCuts.rule(parts.normalizer(), parts.preTokenizer(), List.of()).isPresent();
    this.mayRefuse =
        specialText == SpecialText.REJECT
            || coverage != null
            || lacksTokensOfBytes(model, byteLevel)
            || !hasCutRule;
    this.frame = FrameIds.of(parts, addSpecialTokens);
    this.path =
        new PretokenPath(
            added,
            parts.normalizer(),
            parts.preTokenizer(),
            specialText,
            this::accept,
            (id, text, from, to) -> add(id),
            () -> Origins.NONE);
  }

  /**
   * Appends the ids of {@code text[from, to)}, well-formed UTF-8.
   *
   * <p>If it throws, {@code out} is unchanged.
   *
   * @throws IllegalArgumentException for ill-formed text, as above, with its first byte that is not
   *     UTF-8
   * @throws SpecialTextException under {@link SpecialText#REJECT}, with the token and its byte
   *     offset
   * @throws UnencodableException if the vocabulary has no token for a character of the text
   * @throws org.merganser.text.regex.RegexLimitException if a regex backtracks over the text beyond
   *     the bound
   * @throws org.merganser.text.normalize.NormalizerLimitException if the normalizers make the text
   *     longer than {@code GrowthLimit} allows
   */
  public void encode(byte[] text, int from, int to, IdBuffer out) {
    boolean anyBytes = false;
    append(text, from, to, out, anyBytes);
  }

  /**
   * Appends the ids of any bytes, losslessly: runs of well-formed UTF-8 are encoded like {@link
   * #encode}, and each byte of an ill-formed part is a pretoken (in a vocabulary with byte
   * fallback: its {@code <0xXX>} token).
   *
   * <p>If it throws, {@code out} is unchanged.
   *
   * @throws SpecialTextException as {@link #encode}
   * @throws UnencodableException as {@link #encode}, and if a byte has no token
   */
  public void encodeBytes(byte[] text, int from, int to, IdBuffer out) {
    boolean anyBytes = true;
    append(text, from, to, out, anyBytes);
  }

  /**
   * Appends the ids of adjacent pretokens of normalized text. The first pretoken begins at {@code
   * start}, and pretoken i ends at {@code ends[i]}, where the next one begins. {@link
   * #takesPretokens} says for which encoders these ids are those of {@link #encode}.
   *
   * @param idEnds receives, from index 0 on, the size of {@code out} after each pretoken
   */
  public void encodePretokens(
      byte[] text, int start, int[] ends, int count, IdBuffer out, int[] idEnds) {
    bpe.encodeEach(text, start, ends, count, out, idEnds);
  }

  /**
   * Whether the ids of a document are those that {@link #encodePretokens} has for its pretokens,
   * with the ids of the added tokens in its text between them. It needs a vocabulary that has ids
   * for all text, and no ids around a document.
   */
  public boolean takesPretokens() {
    return coverage == null && frame.size() == 0;
  }

  /** The number of ids that {@link #encode} appends, without storing them; throws as it does. */
  public long count(byte[] text, int from, int to) {
    return countUpTo(text, from, to, Long.MAX_VALUE);
  }

  /** The number of ids that {@link #encodeBytes} appends; throws as it does. */
  public long countBytes(byte[] text, int from, int to) {
    boolean anyBytes = true;
    return count(text, from, to, anyBytes, Long.MAX_VALUE);
  }

  /**
   * Counts like {@link #count}, but stops soon after {@code limit} ids: the result is the count of
   * the document, or at least the limit.
   *
   * @param limit 1 or more
   */
  long countUpTo(byte[] text, int from, int to, long limit) {
    boolean anyBytes = false;
    return count(text, from, to, anyBytes, limit);
  }

  /**
   * Whether {@link #encode} or {@link #encodeBytes} refuses some text: with a {@link
   * SpecialTextException}, an {@link UnencodableException}, or the exception of a regex or of
   * normalizers that exceed their limit.
   */
  public boolean mayRefuse() {
    return mayRefuse;
  }

  /** The encoder of pretokens, whose caches another encoder of the same thread may share. */
  BpeEncoder bpe() {
    return bpe;
  }

  /**
   * Whether {@link #encodeBytes} refuses a byte outside of a character. The unknown token does not
   * replace it, since it is no character.
   */
  private static boolean lacksTokensOfBytes(BpeModel model, boolean byteLevel) {
    boolean usesByteAlphabet = false; // missingBytes then looks for the tokens of byte fallback
    return !byteLevel && !model.missingBytes(usesByteAlphabet).isEmpty();
  }

  /** Counts the ids of a document, as {@link #countUpTo} or {@link #countBytes} says. */
  private long count(byte[] text, int from, int to, boolean anyBytes, long limit) {
    BpeCounter own = counter;
    if (own == null) {
      own = model.newCounter(byteLevel);
      counter = own;
    }
    enough = limit;
    counted = 0;
    counting = own;
    try {
      encodeDocument(text, from, to, anyBytes);
    } catch (EnoughException e) {
      // counted has reached the limit, and the rest of the document is not needed
    } finally {
      counting = null;
    }
    return counted;
  }

  /** Appends the ids of a document; nothing if it throws. */
  private void append(byte[] text, int from, int to, IdBuffer target, boolean anyBytes) {
    out = target;
    int size = target.size();
    try {
      encodeDocument(text, from, to, anyBytes);
    } catch (RuntimeException | Error e) {
      target.setSize(size);
      throw e;
    }
  }

  /**
   * Adds the ids of a document to {@link #out}, or counts them if {@link #counting} is set.
   *
   * @param anyBytes whether the text may be ill-formed
   */
  private void encodeDocument(byte[] text, int from, int to, boolean anyBytes) {
    documentFrom = from;
    addAll(frame.before());
    if (anyBytes) {
      encodeAnyBytes(text, from, to);
    } else {
      path.run(text, from, from, to);
    }
    addAll(frame.after());
  }

  private void addAll(int[] ids) {
    for (int id : ids) {
      add(id);
    }
  }

  /** Adds one id of the current document to {@link #out}, or counts it. */
  private void add(int id) {
    if (counting != null) {
      counted++;
    } else {
      out.add(id);
    }
  }

  /** The sink of {@link #path} for pretokens. */
  private void accept(byte[] text, int start, int[] ends, int count) {
    if (coverage != null) {
      coverage.check(text, start, ends, count, path);
    }
    addPretokens(text, start, ends, count);
    if (counting != null && counted >= enough) {
      throw new EnoughException();
    }
  }

  /** Adds the ids of adjacent pretokens to {@link #out}, or counts them. */
  private void addPretokens(byte[] text, int start, int[] ends, int count) {
    BpeCounter current = counting;
    if (current != null) {
      counted += current.count(text, start, ends, count);
    } else {
      bpe.encode(text, start, ends, count, out);
    }
  }

  /** Encodes well-formed stretches as text, and the bytes between them one by one. */
  private void encodeAnyBytes(byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      int illFormed = Utf8.firstIllFormed(text, at, to);
      int end = illFormed < 0 ? to : illFormed;
      if (end > at) {
        path.run(text, from, at, end);
      }
      at = end;
      if (illFormed >= 0) {
        at = illFormed + Utf8.illFormedLength(text, illFormed, to);
        for (int i = illFormed; i < at; i++) {
          encodeByte(text, i);
        }
      }
    }
  }

  /** Adds the id of a byte that is not in a character. */
  private void encodeByte(byte[] text, int at) {
    int b = text[at] & 0xFF;
    if (byteLevel) {
      oneEnd[0] = at + 1;
      if (coverage != null && coverage.firstDropped(text, at, oneEnd, 1) >= 0) {
        throw new UnencodableException(coverage.describe(text, at), (long) at - documentFrom);
      }
      addPretokens(text, at, oneEnd, 1);
      return;
    }
    int id = model.options().byteFallback() ? model.id(CharacterCoverage.fallbackToken(b)) : -1;
    if (id < 0) {
      throw new UnencodableException(
          String.format(Locale.ROOT, "byte 0x%02X", b), (long) at - documentFrom);
    }
    add(id);
  }

  /** Thrown by {@link #accept} to stop at a document with enough ids; has no stack trace. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private EnoughException() {
      super("enough ids", null, false, false);
    }
  }
}

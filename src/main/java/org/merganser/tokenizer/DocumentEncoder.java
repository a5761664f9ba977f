package org.merganser.tokenizer;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerParts;

/** Sends documents down the {@link PretokenPath} into the model. */
final class DocumentEncoder implements Encoder {
  private final PretokenPath path;
  private final BpeEncoder bpe;
  private final BpeModel model;
  private final boolean byteLevel;
  private final @Nullable CharacterCoverage coverage;
  private final int[] before;
  private final int[] after;
  private final int[] oneEnd = new int[1];
  private final PaddedText room = new PaddedText();

  /** Thrown by {@link #accept} to leave a document whose ids are enough; it has no stack trace. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private EnoughException() {
      super("enough ids", null, false, false);
    }
  }

  /** The size of {@link #out} at which a document is left. */
  private int enough = Integer.MAX_VALUE;

  /** Where the ids of the document under way go. */
  private IdBuffer out = new IdBuffer(0);

  private int documentFrom;

  DocumentEncoder(
      TokenizerParts parts,
      AddedVocabulary added,
      boolean byteLevel,
      SpecialText specialText,
      boolean addSpecialTokens) {
    this.model = parts.model();
    this.byteLevel = byteLevel;
    this.bpe = model.newEncoder(byteLevel);
    this.coverage = CharacterCoverage.of(model, byteLevel);
    this.before = around(parts, addSpecialTokens, true);
    this.after = around(parts, addSpecialTokens, false);
    this.path =
        new PretokenPath(
            added,
            parts.normalizer(),
            parts.preTokenizer(),
            specialText,
            this::accept,
            (id, text, from, to) -> out.add(id),
            null);
  }

  /** The ids that the post-processor adds before ({@code before}) or behind each document. */
  static int[] around(TokenizerParts parts, boolean addSpecialTokens, boolean before) {
    PostProcessor processor = parts.postProcessor();
    List<Integer> ids =
        addSpecialTokens && processor != null ? processor.around(before) : List.of();
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void encode(byte[] text, int from, int to, IdBuffer out) {
    if (PaddedText.isMissing(text, from, to)) {
      run(room.copy(text, from, to), 0, to - from, out, false);
    } else {
      run(text, from, to, out, false);
    }
  }

  @Override
  public void encodeBytes(byte[] text, int from, int to, IdBuffer out) {
    run(text, from, to, out, true);
  }

  /**
   * As {@link #encode}, but leaves the document soon after {@code limit} ids were appended, so that
   * the ids are the first ones of the document or all of them. The caller leaves room behind the
   * text ({@link PaddedText}).
   *
   * @param limit 1 or more
   */
  void encodeUpTo(byte[] text, int from, int to, IdBuffer target, int limit) {
    enough = (int) Math.min(Integer.MAX_VALUE, (long) target.size() + limit);
    try {
      run(text, from, to, target, false);
    } finally {
      enough = Integer.MAX_VALUE;
    }
  }

  private void run(byte[] text, int from, int to, IdBuffer target, boolean anyBytes) {
    out = target;
    documentFrom = from;
    int size = target.size();
    boolean done = false;
    try {
      append(before);
      if (anyBytes) {
        encodeStretches(text, from, to);
      } else {
        path.run(text, from, from, to);
      }
      append(after);
      done = true;
    } catch (EnoughException e) {
      done = true;
    } finally {
      if (!done) {
        target.setSize(size);
      }
    }
  }

  /** The encoder of pretokens, for who encodes with offsets in the same thread. */
  BpeEncoder bpe() {
    return bpe;
  }

  private void append(int[] ids) {
    for (int id : ids) {
      out.add(id);
    }
  }

  private void encodeStretches(byte[] text, int from, int to) {
    for (int at = from; at < to; ) {
      int bad = Utf8.firstIllFormed(text, at, to);
      int end = bad < 0 ? to : bad;
      if (end > at) {
        path.run(text, from, at, end);
      }
      at = end;
      if (bad >= 0) {
        int length = Utf8.illFormedLength(text, bad, to);
        for (; at < bad + length; at++) {
          encodeByte(text, at);
        }
      }
    }
  }

  private void encodeByte(byte[] text, int at) {
    int b = text[at] & 0xFF;
    if (byteLevel) {
      oneEnd[0] = at + 1;
      if (coverage != null && coverage.firstDropped(text, at, oneEnd, 1) >= 0) {
        throw new UnencodableException(coverage.name(text, at), (long) at - documentFrom);
      }
      bpe.encode(text, at, oneEnd, 1, out);
      return;
    }
    int id = model.options().byteFallback() ? model.id(CharacterCoverage.fallbackToken(b)) : -1;
    if (id < 0) {
      throw new UnencodableException(
          String.format(Locale.ROOT, "byte 0x%02X", b), (long) at - documentFrom);
    }
    out.add(id);
  }

  private void accept(byte[] text, int start, int[] ends, int count) {
    if (coverage != null) {
      coverage.check(text, start, ends, count, path, documentFrom);
    }
    bpe.encode(text, start, ends, count, out);
    if (out.size() >= enough) {
      throw new EnoughException();
    }
  }
}

package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.tokenizer.parts.AddedVocabulary;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * Encodes documents with the span of each id (HF: {@code into_encoding} of {@code
 * tokenizer/pre_tokenizer.rs} and {@code process_offsets} of {@code pre_tokenizers/byte_level.rs}).
 * The pretokens are those of the {@link PretokenPath} that every encoder uses. Not thread-safe.
 */
final class OffsetEncoder {
  private final TokenizerParts parts;
  private final BpeEncoder bpe;
  private final @Nullable CharacterCoverage coverage;
  private final boolean addSpecialTokens;

  /** The records of where rewritten text comes from, one for each step that may rewrite it. */
  private final List<Origins> rewritings = new ArrayList<>();

  private final PretokenPath path;
  private final IdBuffer ids = new IdBuffer(64);

  /** By id of the current pretoken, the number of bytes that it represents. */
  private final IdBuffer lengths = new IdBuffer(64);

  /** By id of the document, where its span begins, in bytes of the document. */
  private final IdBuffer starts = new IdBuffer(64);

  /** By id of the document, where its span ends, in bytes of the document. */
  private final IdBuffer ends = new IdBuffer(64);

  /** By id of the document, the number of spaces at the beginning of its token. */
  private final IdBuffer leadingSpaces = new IdBuffer(64);

  /** By id of the document, the number of spaces at the end of its token. */
  private final IdBuffer trailingSpaces = new IdBuffer(64);

  OffsetEncoder(
      TokenizerParts parts,
      AddedVocabulary added,
      boolean byteLevel,
      SpecialText specialText,
      boolean addSpecialTokens,
      BpeEncoder bpe) {
    this.parts = parts;
    this.bpe = bpe;
    this.coverage = CharacterCoverage.of(parts.model(), byteLevel);
    this.addSpecialTokens = addSpecialTokens;
    this.path =
        new PretokenPath(
            added,
            parts.normalizer(),
            parts.preTokenizer(),
            specialText,
            this::accept,
            this::acceptAddedToken,
            this::newOrigins);
  }

  /**
   * Encodes {@code text[0, length)}, well-formed UTF-8.
   *
   * @param trims whether spans omit spaces if the post-processor says so
   */
  Encoding encode(byte[] text, int length, boolean trims) {
    for (IdBuffer buffer : List.of(ids, lengths, starts, ends, leadingSpaces, trailingSpaces)) {
      buffer.clear();
    }
    path.run(text, 0, 0, length);
    CharacterPlaces places = new CharacterPlaces(text, length);
    int count = ids.size();
    int[] spanStarts = new int[count];
    int[] spanEnds = new int[count];
    for (int i = 0; i < count; i++) {
      spanStarts[i] = places.charactersBefore(starts.ids()[i]);
      spanEnds[i] = places.charactersBefore(ends.ids()[i]);
    }
    if (trims && parts.postProcessor() != null) {
      boolean followsIds = false;
      applyTrimming(parts.postProcessor(), spanStarts, spanEnds, followsIds);
    }
    return places.encoding(FrameIds.of(parts, addSpecialTokens), ids, spanStarts, spanEnds);
  }

  /** Origins for one step that may rewrite text. */
  private Origins newOrigins() {
    Origins origins = new Origins();
    rewritings.add(origins);
    return origins;
  }

  /** The sink of {@link #path} for pretokens. */
  private void accept(byte[] text, int start, int[] pretokenEnds, int count) {
    if (coverage != null) {
      coverage.check(text, start, pretokenEnds, count, path);
    }
    int from = start;
    for (int i = 0; i < count; i++) {
      int to = pretokenEnds[i];
      int first = ids.size();
      lengths.clear();
      bpe.encodeWithLengths(text, from, to, ids, lengths);
      // The lengths may exceed the pretoken (see BpeEncoder): its end then limits the spans, and
      // the
      // span of an id that would begin there is that of the pretoken's last character.
      int at = from;
      for (int k = 0; k < lengths.size(); k++) {
        int end = Math.min(to, at + lengths.ids()[k]);
        addSpan(text, Math.min(at, to - 1), end, parts.model().token(ids.ids()[first + k]));
        at = end;
      }
      from = to;
    }
  }

  /** The sink of {@link #path} for added tokens. */
  private void acceptAddedToken(int id, byte[] text, int from, int to) {
    ids.add(id);
    addSpan(text, from, to, new String(text, from, to - from, StandardCharsets.UTF_8));
  }

  /**
   * Adds the span of the id that was last added.
   *
   * @param text a text that a sink received; the token is {@code text[from, to)}
   * @param token the spelling of the token; null if the id has none
   */
  private void addSpan(byte[] text, int from, int to, @Nullable String token) {
    long span = Origins.resolve(rewritings, text, from, to);
    starts.add(Origins.start(span));
    ends.add(Origins.end(span));
    leadingSpaces.add(token == null ? 0 : countLeadingSpaces(token));
    trailingSpaces.add(token == null ? 0 : countTrailingSpaces(token));
  }

  private static int countLeadingSpaces(String token) {
    int count = 0;
    int at = 0;
    while (at < token.length() && isSpace(token.codePointAt(at))) {
      at = token.offsetByCodePoints(at, 1);
      count++;
    }
    return count;
  }

  private static int countTrailingSpaces(String token) {
    int count = 0;
    int at = token.length();
    while (at > 0 && isSpace(token.codePointBefore(at))) {
      at = token.offsetByCodePoints(at, -1);
      count++;
    }
    return count;
  }

  /** Whether a character of a token is white space; {@code Ġ} is a space in the byte alphabet. */
  private static boolean isSpace(int c) {
    return c == 'Ġ' || ComponentClasses.WHITE_SPACE.contains(c);
  }

  /**
   * Trims spans in place as a post-processor does.
   *
   * @param spanStarts by id, where its span begins, in characters
   * @param spanEnds by id, where its span ends, in characters
   * @param followsIds whether an earlier processor added ids before those of the document
   * @return whether this one or an earlier one added ids before those of the document
   */
  private boolean applyTrimming(
      PostProcessor processor, int[] spanStarts, int[] spanEnds, boolean followsIds) {
    if (processor instanceof PostProcessor.Sequence sequence) {
      boolean followsAny = followsIds;
      for (PostProcessor part : sequence.processors()) {
        followsAny = applyTrimming(part, spanStarts, spanEnds, followsAny);
      }
      return followsAny;
    }
    if (processor instanceof PostProcessor.ByteLevel byteLevel) {
      PreTokenizerSpec.ByteLevel options = byteLevel.options();
      if (options.trimOffsets()) {
        trim(spanStarts, spanEnds, options.addPrefixSpace(), followsIds);
      }
    } else if (processor instanceof PostProcessor.Roberta roberta && roberta.trimOffsets()) {
      trim(spanStarts, spanEnds, roberta.addPrefixSpace(), followsIds);
    }
    return followsIds || (addSpecialTokens && !processor.idsBefore().isEmpty());
  }

  /**
   * Removes the spaces at both ends of each span.
   *
   * @param addPrefixSpace whether a single space at the beginning of the document is kept, since
   *     the pre-tokenizer may have added it
   * @param followsIds whether ids were added before those of the document, so that none of these is
   *     the first of all
   */
  private void trim(int[] spanStarts, int[] spanEnds, boolean addPrefixSpace, boolean followsIds) {
    for (int i = 0; i < spanStarts.length; i++) {
      int leading = leadingSpaces.ids()[i];
      int trailing = trailingSpaces.ids()[i];
      boolean isFirst = (i == 0 && !followsIds) || spanStarts[i] == 0;
      boolean keepsPrefixSpace = leading == 1 && isFirst && addPrefixSpace;
      int removed = keepsPrefixSpace ? 0 : leading;
      spanStarts[i] = Math.min(spanStarts[i] + removed, spanEnds[i]);
      if (spanEnds[i] >= trailing) { // HF's condition
        spanEnds[i] = Math.max(spanEnds[i] - trailing, spanStarts[i]);
      }
    }
  }
}

package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.CodePoints;
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

  /** Starts of spans, in bytes of the document; {@code ends} likewise. */
  private final IdBuffer starts = new IdBuffer(64);

  private final IdBuffer ends = new IdBuffer(64);

  /** By id, the number of spaces at the beginning and end of its token. */
  private final IdBuffer leading = new IdBuffer(64);

  private final IdBuffer trailing = new IdBuffer(64);

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
    for (IdBuffer buffer : List.of(ids, lengths, starts, ends, leading, trailing)) {
      buffer.clear();
    }
    path.run(text, 0, 0, length);
    CharacterPlaces places = new CharacterPlaces(text, length);
    int count = ids.size();
    int[] from = new int[count];
    int[] to = new int[count];
    for (int i = 0; i < count; i++) {
      from[i] = places.charactersBefore(starts.ids()[i]);
      to[i] = places.charactersBefore(ends.ids()[i]);
    }
    if (trims && parts.postProcessor() != null) {
      applyTrimming(parts.postProcessor(), from, to, false);
    }
    int[] before = Encoder.idsBefore(parts, addSpecialTokens);
    int[] after = Encoder.idsAfter(parts, addSpecialTokens);
    return places.encoding(before, ids, from, to, after);
  }

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
      // The lengths may exceed the pretoken (see BpeEncoder): its end then limits the spans.
      int at = from;
      for (int k = 0; k < lengths.size(); k++) {
        int end = Math.min(to, at + lengths.ids()[k]);
        add(text, Math.min(at, to - 1), end, parts.model().token(ids.ids()[first + k]));
        at = end;
      }
      from = to;
    }
  }

  /** The sink of {@link #path} for added tokens. */
  private void acceptAddedToken(int id, byte[] text, int from, int to) {
    ids.add(id);
    add(text, from, to, new String(text, from, to - from, StandardCharsets.UTF_8));
  }

  /** Adds the span of the id that was last added, whose token is {@code text[from, to)}. */
  private void add(byte[] text, int from, int to, @Nullable String token) {
    long span = Origins.resolve(rewritings, text, from, to);
    starts.add((int) (span >>> 32));
    ends.add((int) span);
    leading.add(token == null ? 0 : leadingSpaces(token));
    trailing.add(token == null ? 0 : trailingSpaces(token));
  }

  private static int leadingSpaces(String token) {
    int count = 0;
    for (int at = 0; at < token.length(); count++) {
      int c = token.codePointAt(at);
      if (!isSpace(c)) {
        break;
      }
      at += Character.charCount(c);
    }
    return count;
  }

  private static int trailingSpaces(String token) {
    int count = 0;
    for (int at = token.length(); at > 0; count++) {
      int c = token.codePointBefore(at);
      if (!isSpace(c)) {
        break;
      }
      at -= Character.charCount(c);
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
   * @param follows whether ids were added before those of the document
   * @return {@code follows} for the next processor
   */
  private boolean applyTrimming(PostProcessor processor, int[] from, int[] to, boolean follows) {
    if (processor instanceof PostProcessor.Sequence sequence) {
      boolean followsAny = follows;
      for (PostProcessor part : sequence.processors()) {
        followsAny = applyTrimming(part, from, to, followsAny);
      }
      return followsAny;
    }
    if (processor instanceof PostProcessor.ByteLevel byteLevel) {
      PreTokenizerSpec.ByteLevel options = byteLevel.options();
      if (options.trimOffsets()) {
        trim(from, to, options.addPrefixSpace(), follows);
      }
    } else if (processor instanceof PostProcessor.Roberta roberta && roberta.trimOffsets()) {
      trim(from, to, roberta.addPrefixSpace(), follows);
    }
    return follows || (addSpecialTokens && !processor.idsBefore().isEmpty());
  }

  /**
   * Removes the spaces at both ends of each span.
   *
   * @param addPrefixSpace whether a single space at the beginning of the document is kept, since
   *     the pre-tokenizer may have added it
   */
  private void trim(int[] from, int[] to, boolean addPrefixSpace, boolean follows) {
    for (int i = 0; i < from.length; i++) {
      int front = leading.ids()[i];
      int back = trailing.ids()[i];
      boolean first = (i == 0 && !follows) || from[i] == 0;
      if (front == 1 && first && addPrefixSpace) {
        front = 0;
      }
      from[i] = Math.min(from[i] + front, to[i]);
      if (to[i] >= back) {
        to[i] = Math.max(to[i] - back, from[i]);
      }
    }
  }

  /** Where the characters (code points) of a text are, in bytes of UTF-8 and in {@code char}s. */
  private static final class CharacterPlaces {
    /** By character, and for the end of the text. */
    private final int[] bytePlaces;

    /** By character, and for the end of the text. */
    private final int[] charPlaces;

    /** By byte, and for the end of the text: the number of characters that begin before it. */
    private final int[] characters;

    CharacterPlaces(byte[] text, int length) {
      characters = new int[length + 1];
      int count = 0;
      for (int at = 0; at < length; at++) {
        boolean continuesCharacter = (text[at] & 0xC0) == 0x80;
        if (continuesCharacter) {
          characters[at] = count - 1;
        } else {
          characters[at] = count;
          count++;
        }
      }
      characters[length] = count;
      bytePlaces = new int[count + 1];
      charPlaces = new int[count + 1];
      int chars = 0;
      int at = 0;
      for (int i = 0; i < count; i++) {
        bytePlaces[i] = at;
        charPlaces[i] = chars;
        int bytes = CodePoints.length(text[at]);
        at += bytes;
        chars += bytes == 4 ? 2 : 1;
      }
      bytePlaces[count] = at;
      charPlaces[count] = chars;
    }

    /** The number of characters before the one that contains the byte {@code place}. */
    int charactersBefore(int place) {
      return characters[place];
    }

    /** Joins ids with spans, {@code from} and {@code to} in characters, and ids without. */
    Encoding encoding(int[] before, IdBuffer ids, int[] from, int[] to, int[] after) {
      int count = from.length;
      int[] all = new int[before.length + count + after.length];
      System.arraycopy(before, 0, all, 0, before.length);
      System.arraycopy(ids.ids(), 0, all, before.length, count);
      System.arraycopy(after, 0, all, before.length + count, after.length);
      int[] spans = new int[4 * all.length];
      for (int i = 0; i < count; i++) {
        int at = 4 * (before.length + i);
        spans[at] = bytePlaces[from[i]];
        spans[at + 1] = bytePlaces[to[i]];
        spans[at + 2] = charPlaces[from[i]];
        spans[at + 3] = charPlaces[to[i]];
      }
      return new Encoding(all, spans);
    }
  }
}

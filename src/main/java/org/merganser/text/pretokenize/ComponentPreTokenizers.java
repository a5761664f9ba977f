package org.merganser.text.pretokenize;

import org.merganser.binary.ByteBuilder;
import org.merganser.text.normalize.Origins;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.Utf8;

/**
 * Pre-tokenizers that are a few lines each: words, scripts, one after another, and a space before
 * the text.
 */
final class ComponentPreTokenizers {
  private ComponentPreTokenizers() {}

  /**
   * Whitespace, {@code \w+|[^\w\s]+} of the crate {@code regex}: runs of word characters and runs
   * of other characters are pretokens; white space is removed.
   */
  static PreTokenizer words() {
    PretokenBatch batch = new PretokenBatch();
    return (text, from, to, first, sink) -> {
      batch.open(text, sink);
      int start = from;
      boolean inWord = false;
      int at = from;
      while (at < to) {
        int codePoint = Utf8.codePoint(text, at);
        int next = at + CodePoints.length(text[at]);
        if (ComponentClasses.WHITE_SPACE.contains(codePoint)) {
          batch.add(start, at);
          start = next;
        } else {
          boolean word = ComponentClasses.WORD.contains(codePoint);
          if (word != inWord) {
            batch.add(start, at);
            start = at;
            inWord = word;
          }
        }
        at = next;
      }
      batch.add(start, to);
      batch.flush();
    };
  }

  /**
   * Cuts where the script changes (HF: {@code unicode_scripts/pre_tokenizer.rs}). Spaces and
   * characters without a script belong to the text before them; HF drops them at the beginning of
   * the text.
   */
  static PreTokenizer scripts() {
    PretokenBatch batch = new PretokenBatch();
    return (text, from, to, first, sink) -> {
      batch.open(text, sink);
      int start = -1;
      int current = Scripts.UNKNOWN;
      for (int at = from; at < to; at += CodePoints.length(text[at])) {
        int script = Scripts.ofComponent(Utf8.codePoint(text, at));
        if (script != Scripts.UNKNOWN && script != current) {
          if (start >= 0) {
            batch.add(start, at);
          }
          start = at;
          current = script;
        }
      }
      if (start >= 0) {
        batch.add(start, to);
      }
      batch.flush();
    };
  }

  /**
   * Two components of a Sequence that rewrites text: the second cuts every piece of the first. A
   * piece is the first of the document only if its offset is 0, as in HF: a piece after removed
   * text is not.
   */
  static PreTokenizer chained(PreTokenizer head, PreTokenizer tail) {
    return (text, from, to, first, sink) ->
        head.split(
            text,
            from,
            to,
            first,
            (pieces, start, ends, count) -> {
              int pieceStart = start;
              for (int i = 0; i < count; i++) {
                boolean firstPiece = first && pieces == text && pieceStart == from;
                tail.split(pieces, pieceStart, ends[i], firstPiece, sink);
                pieceStart = ends[i];
              }
            });
  }

  /**
   * Prepends a space, unless the text begins with one, and then cuts the text (ByteLevel).
   *
   * @param origins receives where each byte of the new text comes from
   */
  static PreTokenizer prefixSpace(PreTokenizer next, Origins origins) {
    ByteBuilder prefixed = new ByteBuilder(64);
    return (text, from, to, first, sink) -> {
      if (from == to || text[from] == ' ') {
        next.split(text, from, to, first, sink);
        return;
      }
      prefixed.clear();
      prefixed.append((byte) ' ');
      prefixed.append(text, from, to);
      origins.clear();
      origins.rewritten(1, from, from + CodePoints.length(text[from]));
      origins.copied(text, from, to);
      origins.between(text, prefixed.bytes());
      next.split(prefixed.bytes(), 0, prefixed.length(), first, sink);
    };
  }
}

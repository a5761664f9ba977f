package org.merganser.text.normalize;

import java.util.function.ObjIntConsumer;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/** Rewrites the characters of a set one at a time; other text is only scanned. */
class CharacterNormalizer implements Normalizer {
  private final CodePointSet changing;
  private final ObjIntConsumer<ByteBuilder> rewriting;

  /**
   * @param changing the characters that are rewritten
   * @param rewriting appends what replaces a character
   */
  CharacterNormalizer(CodePointSet changing, ObjIntConsumer<ByteBuilder> rewriting) {
    this.changing = changing;
    this.rewriting = rewriting;
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins) {
    int copied = from; // the end of the text that is in out; from while nothing has changed
    int at = from;
    while (at < to) {
      int codePoint = Utf8.codePoint(text, at);
      int next = at + CodePoints.length(text[at]);
      if (changing.contains(codePoint)) {
        if (copied == from) {
          out.clear();
          origins.clear();
        }
        out.append(text, copied, at);
        int before = out.length();
        rewriting.accept(out, codePoint);
        origins.copied(text, copied, at);
        origins.rewritten(out.length() - before, at, next);
        copied = next;
      }
      at = next;
    }
    if (copied > from) {
      out.append(text, copied, to);
      origins.copied(text, copied, to);
    }
    return copied > from;
  }
}

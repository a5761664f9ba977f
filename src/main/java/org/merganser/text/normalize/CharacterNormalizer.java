package org.merganser.text.normalize;

import java.util.function.ObjIntConsumer;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/** Rewrites the characters of a set one at a time. Text without them is only scanned. */
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
    boolean changed = false;
    int copied = from; // the end of the text that is in out, once it has changed
    int at = from;
    while (at < to) {
      int codePoint = Utf8.codePoint(text, at);
      int next = at + CodePoints.length(text[at]);
      if (changing.contains(codePoint)) {
        if (!changed) {
          out.clear();
          origins.clear();
          changed = true;
        }
        out.append(text, copied, at);
        int before = out.length();
        rewriting.accept(out, codePoint);
        origins.addCopied(text, copied, at);
        origins.addRewritten(out.length() - before, at, next);
        copied = next;
      }
      at = next;
    }
    if (changed) {
      out.append(text, copied, to);
      origins.addCopied(text, copied, to);
    }
    return changed;
  }
}

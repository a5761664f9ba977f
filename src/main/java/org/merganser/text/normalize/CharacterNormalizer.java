package org.merganser.text.normalize;

import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Utf8;

/** Rewrites the characters of a set one at a time; other text is only scanned. */
class CharacterNormalizer implements Normalizer {
  interface Rewriting {
    void write(int codePoint, ByteBuilder out);
  }

  static final Rewriting REMOVED = (codePoint, out) -> {};
  static final Rewriting SPACE = (codePoint, out) -> out.append((byte) ' ');

  private final CodePointSet changing;
  private final Rewriting rewriting;

  CharacterNormalizer(CodePointSet changing, Rewriting rewriting) {
    this.changing = changing;
    this.rewriting = rewriting;
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins) {
    boolean changed = false;
    int copied = from;
    for (int at = from; at < to; ) {
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
        rewriting.write(codePoint, out);
        origins.copied(text, copied, at);
        origins.rewritten(out.length() - before, at, next);
        copied = next;
      }
      at = next;
    }
    if (changed) {
      out.append(text, copied, to);
      origins.copied(text, copied, to);
    }
    return changed;
  }
}

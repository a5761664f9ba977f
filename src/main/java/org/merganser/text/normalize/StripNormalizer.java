package org.merganser.text.normalize;

import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.Utf8;

/** Removes leading or trailing white space (the property White_Space). */
record StripNormalizer(boolean left, boolean right) implements Normalizer {
  @Override
  public boolean normalize(
      byte[] text, int from, int to, ByteBuilder out, @Nullable Origins origins) {
    int start = from;
    while (left && start < to && whiteSpaceAt(text, start)) {
      start += CodePoints.length(text[start]);
    }
    int end = to;
    while (right && end > start && whiteSpaceAt(text, CodePoints.before(text, end))) {
      end = CodePoints.before(text, end);
    }
    if (start == from && end == to) {
      return false;
    }
    out.clear();
    out.append(text, start, end);
    if (origins != null) {
      origins.clear();
      origins.copied(text, start, end);
    }
    return true;
  }

  private static boolean whiteSpaceAt(byte[] text, int at) {
    return ComponentClasses.WHITE_SPACE.contains(Utf8.codePoint(text, at));
  }
}

package org.merganser.text.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.merganser.text.regex.TextMatcher;
import org.merganser.text.unicode.ByteBuilder;

/** Puts a constant in the place of every match of a pattern. */
public final class ReplaceNormalizer implements Normalizer {
  private final TextMatcher matcher;
  private final byte[] content;

  public ReplaceNormalizer(TextMatcher matcher, String content) {
    this.matcher = matcher;
    this.content = content.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out) {
    if (from == to) {
      return false;
    }
    boolean changed = false;
    int copied = from;
    matcher.reset(text, from, to);
    while (matcher.find()) {
      int start = matcher.start();
      int end = matcher.end();
      if (Arrays.equals(text, start, end, content, 0, content.length)) {
        continue;
      }
      if (!changed) {
        out.clear();
        changed = true;
      }
      out.append(text, copied, start);
      out.append(content, 0, content.length);
      copied = end;
    }
    if (changed) {
      out.append(text, copied, to);
    }
    return changed;
  }
}

package org.merganser.text.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.regex.TextMatcher;
import org.merganser.text.unicode.CodePoints;

/** Replaces every match of a pattern with a constant. */
public final class ReplaceNormalizer implements Normalizer {
  private final TextMatcher matcher;
  private final byte[] content;
  private final GrowthLimit limit;

  /** A normalizer whose result may have any length. */
  public ReplaceNormalizer(TextMatcher matcher, String content) {
    this(matcher, content, new GrowthLimit());
  }

  /** A normalizer whose result is checked against a limit. */
  ReplaceNormalizer(TextMatcher matcher, String content, GrowthLimit limit) {
    this.matcher = matcher;
    this.limit = limit;
    this.content = content.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins) {
    if (from == to) {
      return false; // nothing is inserted into empty text
    }
    boolean changed = false;
    int copied = from; // the end of the text that is in out, once it has changed
    matcher.reset(text, from, to);
    while (matcher.find()) {
      int start = matcher.start();
      int end = matcher.end();
      boolean isSame = Arrays.equals(text, start, end, content, 0, content.length);
      if (isSame && !origins.areKept()) {
        continue; // with origins even an equal replacement counts, since it moves them
      }
      if (!changed) {
        out.clear();
        origins.clear();
        changed = true;
      }
      origins.addCopied(text, copied, start);
      // HF maps the replacement to the last character that it replaces.
      int last = end > from ? CodePoints.before(text, end) : end;
      origins.addRewritten(content.length, last, end);
      out.append(text, copied, start);
      out.append(content);
      limit.check(out.length());
      copied = end;
    }
    if (changed) {
      out.append(text, copied, to);
      origins.addCopied(text, copied, to);
    }
    return changed;
  }
}

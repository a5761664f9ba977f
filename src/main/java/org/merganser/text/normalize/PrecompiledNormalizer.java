package org.merganser.text.normalize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.GraphemeClusters;
import org.merganser.text.unicode.Utf8;

/**
 * SentencePiece's {@code precompiled_charsmap} as HF reads it (its {@code precompiled.rs} and the
 * crate {@code spm_precompiled}): a double array of byte strings, each with the place of its
 * replacement in a text of replacements that end with NUL.
 *
 * <p>HF looks up every grapheme cluster of less than six bytes as a whole, and takes the shortest
 * string of the map with which it begins for all of it: what stands behind is lost. Only where
 * there is none, and in longer clusters, it looks up each character.
 */
final class PrecompiledNormalizer implements Normalizer {
  private static final int MAX_LOOKED_UP = 5;
  private static final int NONE = -1;
  private static final int IS_VALUE = 1 << 31;
  private static final int HAS_LEAF = 1 << 8;

  private final int[] units;
  private final byte[] replacements;

  /** Whether anything of the text under way was replaced. */
  private boolean changed;

  /** Up to where the text under way was written. */
  private int copied;

  /**
   * @throws IllegalArgumentException where HF could not read the map either
   */
  PrecompiledNormalizer(byte[] charsmap) {
    ByteBuffer buffer = ByteBuffer.wrap(charsmap).order(ByteOrder.LITTLE_ENDIAN);
    long size = charsmap.length < 4 ? 0 : Integer.toUnsignedLong(buffer.getInt());
    if (charsmap.length < 4 || size / 4 * 4 > charsmap.length - 4) {
      throw new IllegalArgumentException(
          ("precompiled_charsmap is cut off: it has %s bytes, and a trie of %s bytes"
                  + " is announced")
              .formatted(charsmap.length, size));
    }
    units = new int[(int) (size / 4)];
    buffer.asIntBuffer().get(units);
    replacements = Arrays.copyOfRange(charsmap, 4 + 4 * units.length, charsmap.length);
    if (Utf8.firstIllFormed(replacements, 0, replacements.length) >= 0) {
      throw new IllegalArgumentException("the replacements of precompiled_charsmap are not UTF-8");
    }
  }

  @Override
  public boolean normalize(
      byte[] text, int from, int to, ByteBuilder out, @Nullable Origins origins) {
    changed = false;
    copied = from;
    int end;
    for (int at = from; at < to; at = end) {
      end = GraphemeClusters.end(text, at, to);
      if (end - at > MAX_LOOKED_UP || !replaced(text, at, end, out, origins)) {
        replaceCharacters(text, at, end, out, origins);
      }
    }
    if (changed) {
      out.append(text, copied, to);
      if (origins != null) {
        origins.copied(text, copied, to);
      }
    }
    return changed;
  }

  private void replaceCharacters(
      byte[] text, int from, int to, ByteBuilder out, @Nullable Origins origins) {
    int next;
    for (int at = from; at < to; at = next) {
      next = at + CodePoints.length(text[at]);
      replaced(text, at, next, out, origins);
    }
  }

  private boolean replaced(
      byte[] text, int from, int to, ByteBuilder out, @Nullable Origins origins) {
    int found = find(text, from, to);
    if (found == NONE) {
      return false;
    }
    if (!changed) {
      out.clear();
      if (origins != null) {
        origins.clear();
      }
      changed = true;
    }
    out.append(text, copied, from);
    int end = replacementEnd(found);
    out.append(replacements, found, end);
    if (origins != null) {
      origins.copied(text, copied, from);
      align(text, from, to, found, end, origins);
    }
    copied = to;
    return true;
  }

  /** Character by character; those that are too many stand for the last one. */
  private void align(byte[] text, int from, int to, int start, int end, Origins origins) {
    int at = from;
    int next = from + CodePoints.length(text[from]);
    for (int i = start; i < end; i += CodePoints.length(replacements[i])) {
      origins.rewritten(CodePoints.length(replacements[i]), at, next);
      if (next < to) {
        at = next;
        next += CodePoints.length(text[next]);
      }
    }
  }

  /** The place of the replacement of the shortest string of the map that is a prefix, or NONE. */
  private int find(byte[] text, int from, int to) {
    int node = units.length == 0 ? NONE : offset(units[0]);
    for (int at = from; at < to && text[at] != 0; at++) {
      int label = text[at] & 0xFF;
      node ^= label;
      // HF panics where a damaged map leads out of the array.
      if (node < 0 || node >= units.length || (units[node] & (IS_VALUE | 0xFF)) != label) {
        return NONE;
      }
      int unit = units[node];
      node ^= offset(unit);
      if ((unit & HAS_LEAF) != 0) {
        int place = node < units.length ? units[node] & ~IS_VALUE : replacements.length;
        return Math.min(place, replacements.length);
      }
    }
    return NONE;
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 1 << 9) >>> 6);
  }

  private int replacementEnd(int place) {
    int end = place;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return end;
  }
}

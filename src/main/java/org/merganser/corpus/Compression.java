package org.merganser.corpus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a file is compressed, found by its first bytes. */
public enum Compression {
  NONE("(?!)", "(?!)"),
  GZIP("\\x1f\\x8b\\x08", "gz|gzip"),
  ZSTD("\\x28\\xb5\\x2f\\xfd|[\\x50-\\x5f]\\x2a\\x4d\\x18", "zst|zstd"),
  /** Its magic number includes that of its first block, since "BZh9" could begin a text. */
  BZIP2("BZh.(1AY&SY|\\x17rE8P\\x90)", "bz2"),
  XZ("\\xfd7zXZ\\x00", "xz");

  /** Text compresses about that well. */
  private static final long RATIO = 3;

  private final Pattern magic;
  private final Pattern suffix;

  Compression(String magic, String extensions) {
    this.magic = Pattern.compile(magic, Pattern.DOTALL);
    this.suffix = Pattern.compile("\\.(" + extensions + ")$");
  }

  /**
   * The compression of a file.
   *
   * @param head its first bytes
   * @param name in lower case; tells it for a file that is too short to, and has nothing against it
   * @param whole whether that is all of the file
   */
  public static Compression of(byte[] head, String name, boolean whole) {
    String bytes = new String(head, 0, Math.min(head.length, 16), ISO_8859_1);
    for (Compression compression : values()) {
      Matcher magic = compression.magic.matcher(bytes);
      if (magic.lookingAt() || whole && magic.hitEnd() && compression.suffix.matcher(name).find()) {
        return compression;
      }
    }
    return NONE;
  }

  /** A name in lower case without what a compression adds to it. */
  public static String withoutSuffix(String name) {
    for (Compression compression : values()) {
      Matcher suffix = compression.suffix.matcher(name);
      if (suffix.find()) {
        return name.substring(0, suffix.start());
      }
    }
    return name;
  }

  /** How much text so many stored bytes hold, about: a guess for planning, never exact. */
  public long textBytes(long stored) {
    return this == NONE ? stored : Math.multiplyExact(RATIO, stored);
  }
}

package org.merganser.corpus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The compression of a file, detected by its first bytes, else by its name. */
public enum Compression {
  /** Has no magic number and no extension: its patterns match nothing. */
  NONE("(?!)", "(?!)"),
  GZIP("\\x1f\\x8b\\x08", "gz|gzip"),
  /** The magic number of a frame, or of a skippable one, which may come first. */
  ZSTD("\\x28\\xb5\\x2f\\xfd|[\\x50-\\x5f]\\x2a\\x4d\\x18", "zst|zstd"),
  /**
   * A text may begin with "BZh9", so the magic number includes what follows it: the magic of the
   * first block, or that of the end of a stream without blocks.
   */
  BZIP2("BZh.(1AY&SY|\\x17rE8P\\x90)", "bz2"),
  XZ("\\xfd7zXZ\\x00", "xz");

  /** As many first bytes of a file are enough for each magic number. */
  private static final int MAGIC_BYTES = 16;

  /** The typical compression ratio of text, for estimates. */
  private static final long RATIO = 3;

  private final Pattern magic;

  /** A dot and an extension at the end of a name. */
  private final Pattern suffix;

  /**
   * @param magic a regular expression of the first bytes, each as one character
   * @param extensions of names, separated by bars
   */
  Compression(String magic, String extensions) {
    this.magic = Pattern.compile(magic, Pattern.DOTALL);
    this.suffix = Pattern.compile("\\.(" + extensions + ")$");
  }

  /**
   * The compression of a file: by its magic number, else by its name. A file that has only the name
   * of a compression is damaged, which its decoder reports.
   *
   * @param head the first bytes of the file; fewer than {@value #MAGIC_BYTES} only if it has no
   *     more
   * @param name of the file, in lower case
   */
  public static Compression of(byte[] head, String name) {
    String bytes = new String(head, 0, Math.min(head.length, MAGIC_BYTES), ISO_8859_1);
    Compression named = NONE;
    for (Compression compression : values()) {
      if (compression.magic.matcher(bytes).lookingAt()) {
        return compression;
      }
      if (compression.suffix.matcher(name).find()) {
        named = compression;
      }
    }
    return named;
  }

  /** A name, in lower case, without the extension of its compression, such as {@code .gz}. */
  public static String withoutSuffix(String name) {
    for (Compression compression : values()) {
      Matcher suffix = compression.suffix.matcher(name);
      if (suffix.find()) {
        return name.substring(0, suffix.start());
      }
    }
    return name;
  }

  /** An estimate of the bytes of text in {@code stored} bytes, for planning only. */
  public long textBytes(long stored) {
    return this == NONE ? stored : Math.multiplyExact(RATIO, stored);
  }
}

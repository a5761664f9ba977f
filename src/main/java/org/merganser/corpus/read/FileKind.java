package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of files that hold no text as it is: archives, images, markup, text in another encoding.
 * What such a file is called, and what to do about it, is for dead letters.
 */
public final class FileKind {
  /** Bytes at the beginning of a file that are enough to tell its kind. */
  public static final int SAMPLE = 4096;

  /** What a compression adds to a name in lower case. */
  public static final Pattern COMPRESSION = Pattern.compile("\\.(gz|gzip|zst|zstd|bz2|xz)$");

  private static final String UNPACK = "unpack it";
  private static final String EXTRACT = "extract its text first";
  private static final String CONVERT = "convert it to UTF-8, such as with iconv -f %s -t UTF-8";
  private static final String AS_IS = EXTRACT + ", or take it as it is with corpus.format: text";
  private static final String TO_PARQUET = "convert it to Parquet or JSON lines";

  /**
   * Bytes by which a kind is known.
   *
   * @param at which place
   * @param hex of the bytes
   */
  private record Magic(int at, String hex, String kind, String advice) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(0, "504b0304", "a ZIP archive (also docx, xlsx, epub, jar)", UNPACK),
          new Magic(0, "504b0506", "an empty ZIP archive", UNPACK),
          new Magic(0, "377abcaf271c", "a 7z archive", UNPACK),
          new Magic(0, "526172211a07", "a RAR archive", UNPACK),
          new Magic(257, "757374617200", "a tar archive", UNPACK),
          new Magic(257, "7573746172202000", "a tar archive", UNPACK),
          new Magic(0, "213c617263683e0a", "an ar archive", UNPACK),
          new Magic(0, "04224d18", "compressed with lz4", decompress("lz4")),
          new Magic(0, "02214c18", "compressed with lz4", decompress("lz4")),
          new Magic(0, "1f9d", "compressed with compress (.Z)", decompress("gzip")),
          new Magic(0, "894c5a4f000d0a1a0a", "compressed with lzop", decompress("lzop")),
          new Magic(0, "4c5a495001", "compressed with lzip", decompress("lzip")),
          new Magic(0, "ff060000734e61507059", "framed snappy", decompress("snzip")),
          new Magic(0, "255044462d", "a PDF document", EXTRACT),
          new Magic(0, "d0cf11e0a1b11ae1", "an older Microsoft Office document", EXTRACT),
          new Magic(0, "7b5c727466", "an RTF document", EXTRACT),
          new Magic(0, "252150532d41646f6265", "a PostScript document", EXTRACT),
          new Magic(0, "89504e470d0a1a0a", "a PNG image", EXTRACT),
          new Magic(0, "ffd8ff", "a JPEG image", EXTRACT),
          new Magic(0, "7f454c46", "an ELF program", "leave it out by a narrower glob"),
          new Magic(0, "cafebabe", "a Java class or Mach-O program", "leave it out"),
          new Magic(0, "0061736d", "a WebAssembly module", "leave it out"),
          new Magic(0, "53514c69746520666f726d6174203300", "an SQLite database", EXTRACT),
          new Magic(0, "4f626a01", "an Avro file", TO_PARQUET),
          new Magic(0, "4152524f57310000", "an Arrow file", TO_PARQUET),
          new Magic(0, "894844460d0a1a0a", "an HDF5 file", TO_PARQUET),
          new Magic(0, "934e554d5059", "a NumPy file", TO_PARQUET),
          new Magic(0, "0000feff", "text in UTF-32BE", CONVERT.formatted("UTF-32")),
          new Magic(0, "fffe0000", "text in UTF-32LE", CONVERT.formatted("UTF-32")),
          new Magic(0, "feff", "text in UTF-16BE", CONVERT.formatted("UTF-16")),
          new Magic(0, "fffe", "text in UTF-16LE", CONVERT.formatted("UTF-16")));

  private FileKind() {}

  private static String decompress(String program) {
    return "decompress it with " + program + ", or compress it with zstd or gzip instead";
  }

  /** What a file is by its first bytes alone, and what to do about it; null: perhaps text. */
  static @Nullable String ofBytes(byte[] bytes, int from, int to) {
    for (Magic magic : MAGICS) {
      byte[] wanted = HexFormat.of().parseHex(magic.hex);
      int at = from + magic.at;
      if (at + wanted.length <= to
          && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return said(magic.kind, magic.advice);
      }
    }
    if (isLzma(bytes, from, to)) {
      return said("compressed with lzma", decompress("xz"));
    }
    return withoutMark(bytes, from, Math.min(to, from + SAMPLE));
  }

  /** What a file is whose name says so; null: perhaps text. */
  private static @Nullable String ofName(String path) {
    String name = withoutSuffix(path.toLowerCase(Locale.ROOT));
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html", "htm", "xhtml" -> said("HTML by its name", AS_IS);
      case "xml" -> said("XML by its name", AS_IS);
      case "orc" -> said("an ORC file by its name", TO_PARQUET);
      case "br" -> said("compressed with brotli by its name", decompress("brotli"));
      default -> null;
    };
  }

  /** What markup a file is by its first characters; null: perhaps text. */
  private static @Nullable String ofMarkup(byte[] bytes) {
    String head =
        new String(bytes, 0, Math.min(bytes.length, 256), ISO_8859_1)
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .stripLeading()
            .toLowerCase(Locale.ROOT);
    if (head.startsWith("<!doctype html") || head.startsWith("<html")) {
      return said("HTML", AS_IS);
    }
    return head.startsWith("<?xml") ? said("XML", AS_IS) : null;
  }

  /**
   * What a file is, of which no more than the beginning is looked at, and what to do about it.
   *
   * @param head the first bytes, uncompressed
   * @param saysText whether the name is that of a text
   * @return null where it may be text
   */
  public static @Nullable String of(byte[] head, String path, boolean saysText) {
    String kind = ofBytes(head, 0, head.length);
    if (kind == null && !saysText) {
      kind = ofName(path);
      kind = kind == null ? ofMarkup(head) : kind;
    }
    return kind;
  }

  /** A name in lower case without what its compression adds to it. */
  public static String withoutSuffix(String name) {
    return COMPRESSION.matcher(name).replaceFirst("");
  }

  /** The header of the older format of xz: properties, a dictionary of a power of two, a size. */
  private static boolean isLzma(byte[] bytes, int from, int to) {
    if (to - from < 13 || bytes[from] != 0x5D || bytes[from + 1] != 0 || bytes[from + 2] != 0) {
      return false;
    }
    boolean streamed = true;
    for (int i = from + 5; i < from + 13; i++) {
      streamed &= bytes[i] == (byte) 0xFF;
    }
    return streamed || bytes[from + 11] == 0 && bytes[from + 12] == 0;
  }

  /** UTF-16 without a byte order mark: of each pair of bytes nearly always the same one is 0. */
  private static @Nullable String withoutMark(byte[] bytes, int from, int to) {
    int pairs = (to - from) / 2;
    int first = 0;
    int second = 0;
    for (int i = from; i + 1 < to; i += 2) {
      first += bytes[i] == 0 ? 1 : 0;
      second += bytes[i + 1] == 0 ? 1 : 0;
    }
    if (pairs < 8 || Math.max(first, second) < pairs - pairs / 4) {
      return null;
    }
    if (Math.min(first, second) > pairs / 16) {
      return null;
    }
    String order = first > second ? "UTF-16BE" : "UTF-16LE";
    return said("text in " + order + " without a byte order mark", CONVERT.formatted(order));
  }

  private static String said(String kind, String advice) {
    return "the file is " + kind + ", which is not read: " + advice;
  }
}

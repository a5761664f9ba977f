package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.corpus.read.DecodedInput;
import org.merganser.corpus.read.FileKind;
import org.merganser.corpus.read.StoredInput;
import org.merganser.store.FileStore;

/**
 * Finds out what a file holds. The compression is told by the first bytes alone, never by the name.
 * The format is told by the first (uncompressed) bytes where they say it (Parquet, WARC), else by
 * the name without its compression suffix, else, where the first line is a JSON object, it is
 * JSONL, else text. What {@link FileKind} knows to be no text is unsupported.
 */
final class FormatDetector {
  private static final int SAMPLE = FileKind.SAMPLE;

  private FormatDetector() {}

  static InputFile detect(FileStore store, FileStore.Entry entry, String path, InputFormat wanted)
      throws IOException {
    byte[] head;
    try (InputStream in = store.open(entry.location(), 0)) {
      head = in.readNBytes((int) Math.min(SAMPLE, Math.max(entry.size(), 16)));
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new FileSystemException(entry.location(), null, "cannot be read: " + e.getMessage());
    }
    Compression compression = compression(head);
    if (compression == Compression.NONE && entry.size() == head.length) {
      compression = cutShort(head, path);
    }
    InputFormat format = wanted == InputFormat.AUTO ? format(path, head, compression) : wanted;
    return new InputFile(
        path, entry.location(), entry.size(), entry.modified(), format, compression);
  }

  /**
   * By magic numbers (in hexadecimal); bzip2's includes that of its first block, since "BZh9" could
   * begin a text.
   */
  static Compression compression(byte[] head) {
    if (starts(head, 0, "1f8b08")) {
      return Compression.GZIP;
    }
    boolean skippable = starts(head, 1, "2a4d18") && (head[0] & 0xF0) == 0x50;
    if (starts(head, 0, "28b52ffd") || skippable) {
      return Compression.ZSTD;
    }
    if (starts(head, 0, "fd377a585a00")) {
      return Compression.XZ;
    }
    boolean block = starts(head, 4, "314159265359") || starts(head, 4, "177245385090");
    if (starts(head, 0, "425a68") && block) {
      return Compression.BZIP2;
    }
    return Compression.NONE;
  }

  /**
   * The compression of a file that is too short to show it: its name tells it, and no byte speaks
   * against it.
   */
  private static Compression cutShort(byte[] head, String path) {
    Matcher suffix = FileKind.COMPRESSION.matcher(path.toLowerCase(Locale.ROOT));
    if (!suffix.find()) {
      return Compression.NONE;
    }
    return switch (suffix.group(1)) {
      case "gz", "gzip" -> begins(head, "1f8b08") ? Compression.GZIP : Compression.NONE;
      case "xz" -> begins(head, "fd377a585a00") ? Compression.XZ : Compression.NONE;
      case "bz2" -> {
        // The fourth byte is a digit, the level.
        byte[] level = head.clone();
        if (level.length > 3) {
          level[3] = '9';
        }
        boolean bzip2 =
            begins(level, "425a6839314159265359") || begins(level, "425a6839177245385090");
        yield bzip2 ? Compression.BZIP2 : Compression.NONE;
      }
      default -> {
        boolean skippable =
            head.length > 0
                && (head[0] & 0xF0) == 0x50
                && begins(Arrays.copyOfRange(head, 1, head.length), "2a4d18");
        yield skippable || begins(head, "28b52ffd") ? Compression.ZSTD : Compression.NONE;
      }
    };
  }

  /** Whether the whole of a file is a beginning of these bytes. */
  private static boolean begins(byte[] file, String hex) {
    byte[] magic = HexFormat.of().parseHex(hex);
    return file.length <= magic.length
        && Arrays.equals(file, 0, file.length, magic, 0, file.length);
  }

  private static InputFormat format(String path, byte[] head, Compression compression)
      throws IOException {
    String name = path.toLowerCase(Locale.ROOT);
    if (compression != Compression.NONE) {
      name = FileKind.withoutSuffix(name);
    }
    byte[] plain = compression == Compression.NONE ? head : decoded(head, compression);
    InputFormat named = null;
    for (InputFormat format : InputFormat.values()) {
      String magic = format.magic();
      if (magic != null && (starts(plain, magic) || format.hasName(name))) {
        return format;
      }
      if (named == null && format.hasName(name)) {
        named = format;
      }
    }
    if (FileKind.of(plain, path, named != null) != null) {
      return InputFormat.UNSUPPORTED;
    }
    if (named != null) {
      return named;
    }
    return beginsWithObject(plain) ? InputFormat.JSONL : InputFormat.TEXT;
  }

  /** As much as the sample's bytes decode to; damage is left to the reader to report. */
  private static byte[] decoded(byte[] head, Compression compression) throws IOException {
    try (DecodedInput in = new DecodedInput(StoredInput.of(head), compression)) {
      return in.head(SAMPLE);
    }
  }

  private static boolean beginsWithObject(byte[] plain) {
    String sample = new String(plain, ISO_8859_1);
    int newline = sample.indexOf('\n');
    if (newline < 0) {
      return sample.matches("(?s)(\u00ef\u00bb\u00bf)?[ \t]*\\{[ \t]*\"[^\"\\\\]*\"[ \t]*:.*");
    }
    JsonRecord record = new JsonRecord(List.of());
    int from = sample.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
    return record.parse(plain, from, newline) && record.isObject();
  }

  private static boolean starts(byte[] head, int at, String hex) {
    byte[] magic = HexFormat.of().parseHex(hex);
    return head.length >= at + magic.length
        && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
  }

  private static boolean starts(byte[] head, String text) {
    return new String(head, 0, Math.min(head.length, text.length()), ISO_8859_1).equals(text);
  }
}

package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings.Format;
import org.merganser.corpus.DamagedStreamException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.read.DecodedInput;
import org.merganser.corpus.read.JsonRecord;
import org.merganser.corpus.read.StoredInput;
import org.merganser.store.FileStore;

/**
 * Finds out what a file holds. The compression is told by the first bytes alone, never by the name.
 * The format is told by the first (uncompressed) bytes where they say it (Parquet, WARC), else by
 * the name without its compression suffix, else, where the first line is a JSON object, it is
 * JSONL, else text.
 */
final class FormatDetector {
  private static final int SAMPLE = 4096;

  private FormatDetector() {}

  static InputFile detect(FileStore store, FileStore.Entry entry, String path, Format wanted)
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
    Format format = wanted == Format.AUTO ? format(path, head, compression) : wanted;
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

  private static Format format(String path, byte[] head, Compression compression)
      throws IOException {
    String name = path.toLowerCase(Locale.ROOT);
    if (compression != Compression.NONE) {
      name = name.replaceFirst("\\.(gz|gzip|zst|zstd|bz2|xz)$", "");
    }
    byte[] plain = compression == Compression.NONE ? head : decoded(head, compression);
    if (starts(plain, 0, "50415231") || name.endsWith(".parquet")) {
      return Format.PARQUET;
    }
    if (starts(plain, 0, "574152432f") || name.matches("(?s).*\\.(warc|wet)")) {
      return Format.WARC;
    }
    if (name.matches("(?s).*\\.(jsonl|ndjson|jsonlines|json)")) {
      return Format.JSONL;
    }
    if (name.matches("(?s).*\\.(txt|text|md)")) {
      return Format.TEXT;
    }
    return beginsWithObject(plain) ? Format.JSONL : Format.TEXT;
  }

  /** As much as the sample's bytes decode to; damage is left to the reader to report. */
  private static byte[] decoded(byte[] head, Compression compression) throws IOException {
    byte[] out = new byte[SAMPLE];
    int length = 0;
    try (DecodedInput in =
        new DecodedInput(StoredInput.of(head), compression, DecodedInput.DEFAULT_WINDOW_LOG)) {
      int n = 0;
      while (n >= 0 && length < out.length) {
        n = in.read(out, length, out.length - length);
        length += Math.max(n, 0);
      }
      return Arrays.copyOf(out, length);
    } catch (DamagedStreamException cutShort) {
      return Arrays.copyOf(out, length);
    }
  }

  private static boolean beginsWithObject(byte[] plain) {
    String sample = new String(plain, ISO_8859_1);
    int newline = sample.indexOf('\n');
    if (newline < 0) {
      return sample.matches("(?s)(\u00ef\u00bb\u00bf)?[ \t]*\\{[ \t]*\"[^\"\\\\]*\"[ \t]*:.*");
    }
    JsonRecord record = new JsonRecord("text", "id", null);
    int from = sample.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
    return record.parse(plain, from, newline) && record.isObject();
  }

  private static boolean starts(byte[] head, int at, String hex) {
    byte[] magic = HexFormat.of().parseHex(hex);
    return head.length >= at + magic.length
        && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
  }
}

package org.merganser.pipeline.output;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.WorkUnit;
import org.merganser.output.OutputFile;

/**
 * A name for everything that the bytes of an output depend on: outputs with equal fingerprints have
 * equal bytes. It has the first {@link #LENGTH} hex digits of a SHA-256. {@link
 * org.merganser.pipeline.spec.Stage} says which keys of a job decide a stage; its callers add the
 * hashes of files.
 */
public final class Fingerprint {
  /** The length in hex digits. */
  public static final int LENGTH = OutputFile.FINGERPRINT_LENGTH;

  /** Raised when a change of the code changes the output of a stage for the same job and input. */
  private static final String FORMAT_VERSION = "merganser-5";

  private Fingerprint() {}

  /** The fingerprint of values, by their order and their strings. */
  public static String of(@Nullable Object... parts) {
    MessageDigest digest = Sha256.newDigest();
    update(digest, FORMAT_VERSION);
    for (@Nullable Object part : parts) {
      update(digest, String.valueOf(part));
    }
    return hex(digest);
  }

  /** The fingerprint of the input of one unit, as {@link #of(List)}. */
  public static String of(WorkUnit unit) {
    return of(List.of(unit));
  }

  /**
   * The fingerprint of the input of units: names, places, ranges, sizes and versions. The numbers
   * of the units do not count, since they change when files are added before them.
   */
  public static String of(List<WorkUnit> units) {
    MessageDigest digest = Sha256.newDigest();
    for (WorkUnit unit : units) {
      StringBuilder text = new StringBuilder();
      unit.ranges().forEach(range -> append(range, text));
      update(digest, text.toString());
    }
    return hex(digest);
  }

  /** Appends what identifies a range; names are preceded by their lengths. */
  private static void append(FileRange range, StringBuilder to) {
    InputFile file = range.file();
    to.append(file.path().length()).append(':').append(file.path());
    to.append(file.location().length()).append(':').append(file.location());
    to.append(file.format()).append(' ').append(file.compression()).append(' ');
    to.append(range.start()).append(' ').append(range.end()).append(' ');
    to.append(file.size()).append(' ').append(file.version());
    if (!file.source().equals(SourceSettings.NONE)) {
      String source = file.source().toString();
      to.append(' ').append(source.length()).append(':').append(source);
    }
    to.append(file.validation() ? " validation\n" : "\n");
  }

  /** Adds a part after its length, so that equal fingerprints mean equal parts. */
  private static void update(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  /** The first {@link #LENGTH} digits. */
  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, LENGTH / 2);
  }
}

package org.merganser.checksum;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of lines of UTF-8 text, each with a tab between its fields and LF behind it. The
 * names of requests and of data are such sums; {@code docs/identity.md} lists their lines.
 */
public final class LineSum {
  private final MessageDigest digest = Sha256.newDigest();

  /** Adds a line; a null is an empty field. */
  public LineSum add(@Nullable String... fields) {
    String line = Arrays.stream(fields).map(LineSum::escaped).collect(Collectors.joining("\t"));
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** The text with a backslash in place of what ends a field or a line. */
  private static String escaped(@Nullable String field) {
    return Objects.requireNonNullElse(field, "")
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  /** The sum of all lines; nothing can be added afterwards. */
  public String sha256() {
    return Sha256.hex(digest);
  }
}

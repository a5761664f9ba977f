package org.merganser.checksum;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of lines of UTF-8 text, each with tabs between its fields and LF at its end. Requests
 * and data are identified by such sums; {@code docs/identity.md} lists their lines.
 */
public final class LineSum {
  private final MessageDigest digest = Sha256.newDigest();

  /** Adds a line; a null is an empty field. */
  public LineSum add(@Nullable String... fields) {
    String line = Arrays.stream(fields).map(LineSum::escaped).collect(Collectors.joining("\t"));
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** The sum of all lines; call it only once. */
  public String sha256() {
    return Sha256.hex(digest);
  }

  /** A field without tabs and line ends, so that different fields have different lines. */
  private static String escaped(@Nullable String field) {
    return Objects.requireNonNullElse(field, "")
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}

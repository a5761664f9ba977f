package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.json.Json;

/**
 * The table {@code kinds.json}: the kinds of files that are not read as text, by media type. Loaded
 * when the first file has a media type.
 */
final class KindTable {
  private static final String RESOURCE = "kinds.json";

  private static final List<Entry> ENTRIES =
      List.of(
          Json.read(
              WholeFile.resource(KindTable.class, RESOURCE).getBytes(UTF_8),
              Entry[].class,
              RESOURCE,
              IllegalStateException::new));

  /**
   * A row of the table.
   *
   * @param types media types; one that ends in {@code *} means all types that begin so
   * @param kind the name of the kind: {@link FileKind#name}
   * @param holdsText as {@link FileKind#holdsText}
   * @param decodes as {@link FileKind#decodes}; null means false
   * @param advice as {@link FileKind#advice}
   */
  private record Entry(
      List<String> types,
      String kind,
      boolean holdsText,
      @JsonInclude(Include.NON_NULL) @Nullable Boolean decodes,
      String advice) {
    boolean has(String type) {
      return types.stream().anyMatch(known -> matches(known, type));
    }

    private static boolean matches(String known, String type) {
      return known.endsWith("*")
          ? type.startsWith(known.substring(0, known.length() - 1))
          : known.equals(type);
    }
  }

  private KindTable() {}

  /** The kind of a file whose bytes are UTF-8, by its type; null if the table lacks the type. */
  static @Nullable FileKind ofUtf8(String type) {
    // corpus.includeAll reads UTF-8 as text, but a pointer has nothing of the file's text.
    boolean isUtf8 = !type.equals(Utf8Types.LFS_POINTER);
    return find(type, isUtf8);
  }

  /** The kind of a file whose bytes are no text, by its type; null if the table lacks the type. */
  static @Nullable FileKind ofBinary(String type) {
    boolean isUtf8 = false;
    return find(type, isUtf8);
  }

  /** The kind of the first row that has a type; null if there is none. */
  private static @Nullable FileKind find(String type, boolean isUtf8) {
    for (Entry entry : ENTRIES) {
      if (entry.has(type)) {
        return new FileKind(
            entry.kind, entry.advice, entry.holdsText, Boolean.TRUE.equals(entry.decodes), isUtf8);
      }
    }
    return null;
  }
}

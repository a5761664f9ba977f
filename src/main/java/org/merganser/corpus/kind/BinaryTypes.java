package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MimeTypes;
import org.jspecify.annotations.Nullable;

/**
 * Media types of files that are not text: by our own signatures for formats that Apache Tika does
 * not know or finds by name alone, else by Tika. Tika gets the name of a file only to decide which
 * kind of document a container, such as a ZIP file, is.
 */
final class BinaryTypes {
  /** The type of bytes about which nothing is known. */
  static final String UNKNOWN = "application/octet-stream";

  /**
   * The beginning of a picture of ZSoft Paintbrush: its third byte, and the bits of a pixel. Tika
   * takes any file that begins with a line feed and a version for one.
   */
  private static final Pattern PCX =
      Pattern.compile("\\n[\\x00\\x02-\\x05]\\x01[\\x01\\x02\\x04\\x08]");

  /**
   * The beginnings of files by media type, each byte as one character, in the order of the search.
   */
  private static final Map<String, Pattern> SIGNATURES = new LinkedHashMap<>();

  static {
    add("application/x-arrow-file", "ARROW1\\x00\\x00");
    add("application/x-arrow-stream", "\\xff\\xff\\xff\\xff");
    add("application/x-safetensors", ".{4}\\x00{4}\\{\\s*\"");
    add("application/x-gguf", "GGUF[\\x01-\\x20]\\x00");
    add("application/x-numpy", "\\x93NUMPY");
    add("application/x-orc", "ORC[\\x00-\\x1f]");
    add("application/x-avro", "Obj\\x01");
    add("application/x-pickle", "\\x80[\\x02-\\x03]|\\x80[\\x04-\\x05]\\x95");
    add("application/x-gettext-mo", "\\xde\\x12\\x04\\x95|\\x95\\x04\\x12\\xde");
    add("application/x-r-data", "RD[XA][23]\\n|X\\n\\x00\\x00\\x00[\\x02\\x03]");
    // The fixed fields of the first file in a ZIP archive; its name follows.
    String zip = "PK\\x03\\x04.{26}";
    add("application/x-numpy-zip", zip + "[^\\x00/]+\\.npy");
    add("application/x-pytorch", zip + "[^\\x00/]+/(data\\.pkl|byteorder|version)");
    String office =
        zip + "(?:\\[Content_Types\\]\\.xml|_rels/|docProps/|word/|xl/|ppt/|customXml/)";
    add(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "(?=" + office + ").*word/");
    add(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "(?=" + office + ").*xl/");
    add(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "(?=" + office + ").*ppt/");
  }

  /** Loaded when the first file has bytes that text does not have. */
  private static final class Tika {
    static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes();
  }

  private BinaryTypes() {}

  /** Adds a type whose files begin with a pattern. */
  private static void add(String type, String pattern) {
    SIGNATURES.put(type, Pattern.compile(pattern, Pattern.DOTALL));
  }

  /**
   * The type of a file, such as {@code image/png}; null for none that is known.
   *
   * @param bytes its first bytes, uncompressed, in {@code [from, to)}
   * @param path of the file; its name decides the type of a container
   */
  static @Nullable String of(byte[] bytes, int from, int to, String path) {
    String head = new String(bytes, from, to - from, ISO_8859_1);
    for (Map.Entry<String, Pattern> known : SIGNATURES.entrySet()) {
      if (known.getValue().matcher(head).lookingAt()) {
        return known.getKey();
      }
    }
    String type = byTika(bytes, from, to);
    boolean isContainer = type.startsWith("application/x-tika-") || type.equals("application/zip");
    if (isContainer) {
      Metadata named = new Metadata();
      named.set(TikaCoreProperties.RESOURCE_NAME_KEY, path.substring(path.lastIndexOf('/') + 1));
      type = byTika(bytes, from, to, named);
    }
    boolean isFalsePcx = type.equals("image/vnd.zbrush.pcx") && !PCX.matcher(head).lookingAt();
    return isFalsePcx || type.equals(UNKNOWN) ? null : type;
  }

  /** The type by Apache Tika from the bytes alone, without its parameters. */
  static String byTika(byte[] bytes, int from, int to) {
    return byTika(bytes, from, to, new Metadata());
  }

  /**
   * The type by Apache Tika, without its parameters.
   *
   * @param metadata what else is known of the file
   */
  private static String byTika(byte[] bytes, int from, int to, Metadata metadata) {
    try {
      return Tika.TYPES
          .detect(new ByteArrayInputStream(bytes, from, to - from), metadata)
          .getBaseType()
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot be read", e);
    }
  }
}

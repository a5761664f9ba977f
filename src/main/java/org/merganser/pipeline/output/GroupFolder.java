package org.merganser.pipeline.output;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.message.Phrase;

/**
 * The folder of the documents of a group, in Hive's form: {@code lang=en}, and {@code
 * lang=__HIVE_DEFAULT_PARTITION__} for documents without a group. Lower-case ASCII letters, digits,
 * {@code -}, {@code _} and {@code .} stay unchanged. Every other character is written as {@code %}
 * and two hexadecimal digits for each byte of its UTF-8. This includes capital letters, since some
 * file systems ignore case, and a dot at the end. So each folder has one group, and its name has no
 * space and no slash. A longer name is cut, and ends with {@code ~} and 16 digits of the SHA-256 of
 * the group.
 */
public final class GroupFolder {
  private static final String NO_GROUP = "__HIVE_DEFAULT_PARTITION__";

  /** The characters of a group's name that stay unchanged. */
  private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

  /** The characters of the field's name that stay unchanged: all folders have the same field. */
  private static final String PLAIN_IN_FIELD = PLAIN + PLAIN.toUpperCase(Locale.ROOT);

  /** The characters of an escaped byte: {@code %} and two digits. */
  private static final int ESCAPE_LENGTH = 3;

  /**
   * The maximum bytes of the escaped field, without those of the SHA-256. Together with those of
   * the group they stay below the 255 bytes that file systems allow for a name.
   */
  private static final int LONGEST_FIELD = 60;

  /** The maximum bytes of the escaped group, without those of the SHA-256. */
  private static final int LONGEST_GROUP = 150;

  /** The bytes of the SHA-256 at the end of a name that was cut. */
  private static final int CUT_SUM_BYTES = 8;

  private GroupFolder() {}

  /**
   * The folder of a group.
   *
   * @param field the group field
   * @param group null for documents without a group
   * @return a name with a slash at the end
   */
  public static String of(String field, @Nullable String group) {
    String name = escaped(field, PLAIN_IN_FIELD, LONGEST_FIELD);
    String value = group == null ? NO_GROUP : escaped(group, PLAIN, LONGEST_GROUP);
    return name + "=" + value + "/";
  }

  /**
   * The group of a folder that {@link #of} returned; null for documents without a group. Of a name
   * that was cut, it is the remaining part with the end.
   */
  public static @Nullable String group(String folder) {
    String name = folder.substring(folder.indexOf('=') + 1, folder.length() - 1);
    return name.equals(NO_GROUP)
        ? null
        : URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The folder of a group that a file is in, with a slash at the end; empty if there is none. */
  public static String ofFile(String path) {
    int end = path.lastIndexOf('/');
    if (end < 0) {
      return "";
    }
    int begin = path.lastIndexOf('/', end - 1) + 1;
    String name = path.substring(begin, end + 1);
    return name.indexOf('=') > 0 ? name : "";
  }

  /**
   * A name as it is in a folder.
   *
   * @param plain the characters that stay unchanged
   * @param longest the maximum number of characters; a longer name is cut, and its sum follows
   */
  private static String escaped(String text, String plain, int longest) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder escaped = new StringBuilder();
    for (byte b : utf8) {
      if (plain.indexOf((char) (b & 0xFF)) >= 0) {
        escaped.append((char) b);
      } else {
        escape(b, escaped);
      }
    }
    if (escaped.length() > longest) {
      cut(escaped, longest);
      byte[] sha256 = Sha256.newDigest().digest(utf8);
      escaped.append('~').append(HexFormat.of().formatHex(sha256, 0, CUT_SUM_BYTES));
    } else if (escaped.length() > 0 && escaped.charAt(escaped.length() - 1) == '.') {
      escaped.setLength(escaped.length() - 1);
      escape((byte) '.', escaped);
    }
    return escaped.toString();
  }

  /** Cuts a text to at most {@code longest} characters, before an escape that would be divided. */
  private static void cut(StringBuilder escaped, int longest) {
    int end = longest;
    int escape = escaped.lastIndexOf("%", end - 1);
    while (escape > end - ESCAPE_LENGTH) {
      end = escape;
      escape = escaped.lastIndexOf("%", end - 1);
    }
    escaped.setLength(end);
  }

  private static void escape(byte b, StringBuilder to) {
    to.append(Phrase.of("%%%02X", b & 0xFF));
  }
}

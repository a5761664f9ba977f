package org.merganser.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.merganser.checksum.WholeFile;
import org.merganser.json.Json;

/** Puts parts and data into the resource {@code page.html}, and encodes them for HTML. */
final class PageTemplate {
  /** The place of a part in a resource. */
  private static final Pattern MARK = Pattern.compile("@@([\\w.]+)@@");

  /** Characters that JSON in a script element must not have unescaped. */
  private static final Pattern UNSAFE = Pattern.compile("[<>&\\u2028\\u2029\\x7F]");

  private PageTemplate() {}

  /**
   * The page as UTF-8.
   *
   * @param parts by the name of their place in the resource; receives the data as a further part
   * @param data that the script of the page reads
   */
  static byte[] page(Map<String, String> parts, JsonNode data) {
    parts.put("data", inScript(data.toString()));
    return filled("page.html", parts).getBytes(StandardCharsets.UTF_8);
  }

  /** A resource with {@code @@NAME@@} replaced by the part, or the resource, of that name. */
  static String filled(String resource, Map<String, String> parts) {
    String template = WholeFile.resource(PageTemplate.class, resource);
    StringBuilder text = new StringBuilder();
    int from = 0;
    Matcher mark = MARK.matcher(template);
    while (mark.find()) {
      String part = parts.get(mark.group(1));
      text.append(template, from, mark.start());
      text.append(part == null ? filled(mark.group(1), parts) : part);
      from = mark.end();
    }
    return text.append(template, from, template.length()).toString();
  }

  /** A value as a tree of JSON, written with the settings of the program's files. */
  static JsonNode tree(Object value) {
    try {
      return Json.MAPPER.readTree(Json.line(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text that is safe between two tags. */
  static String inText(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Bytes compressed with gzip, in base64. */
  static String packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  /** JSON that is safe in a script element: no text in it can end the element or open a comment. */
  private static String inScript(String json) {
    return UNSAFE
        .matcher(json)
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }
}

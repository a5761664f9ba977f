package org.merganser.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.WholeFile;
import org.merganser.json.Json;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.Statistics;
import org.merganser.tokenizer.Tokenizer;

/**
 * {@code report.html}: one file that contains everything and makes no network request. Figures come
 * from {@link Statistics}; the vocabulary and the examples are stored packed and compressed, and
 * the browser unpacks them.
 */
public final class ReportPage {

  /** The place of a part in a resource. */
  private static final Pattern MARK = Pattern.compile("@@([\\w.]+)@@");

  /** Characters that JSON in a script element must not have unescaped. */
  private static final Pattern UNSAFE = Pattern.compile("[<>&\\u2028\\u2029\\x7F]");

  private ReportPage() {}

  /**
   * The content of a page.
   *
   * @param identity figures of the run's origin: from the manifest, and times of the run
   * @param histogram of the ids; empty if it is lost
   * @param shown the documents to show
   * @param sample chose the text of the corpus that is cut in five ways
   * @param rows the embedding table, or the part of it that is shown; null without one
   * @param references tokenizers that this one was compared with, by their place in the comparison;
   *     those that still exist
   * @param learned training figures of the tokenizer, by file name
   * @param ngrams an n-gram model for the next token; null without one
   */
  public record Content(
      String title,
      JsonNode identity,
      Statistics statistics,
      Tokenizer tokenizer,
      IdHistogram histogram,
      TokenExamples examples,
      List<ShownDocument> shown,
      CutTextChoice sample,
      @Nullable VectorRows rows,
      SortedMap<Integer, Tokenizer> references,
      Map<String, JsonNode> learned,
      byte @Nullable [] ngrams) {}

  /** The page as UTF-8. */
  public static byte[] of(Content content) {
    ObjectNode data = data(content);
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("chart", filled("chart.umd.min.js", Map.of()));
    parts.put("script", filled("page.js", Map.of()));
    addVocabularies(parts, data, content.references());
    parts.put("title", inText(content.title()));
    TokenBytes bytes = new TokenBytes(content.tokenizer());
    parts.put(
        "vocabulary", packed(PackedVocabulary.of(content.tokenizer(), bytes, content.histogram())));
    parts.put("ngrams", content.ngrams() == null ? "" : packed(content.ngrams()));
    parts.put("examples", packed(content.examples().packed()));
    parts.put("texts", packed(Json.bytes(content.shown())));
    VectorRows rows = content.rows();
    if (rows != null) {
      data.set("rows", tree(rows));
    }
    parts.put("vectors", rows == null ? "" : packed(rows.bytes()));
    return page(parts, data);
  }

  /**
   * Adds what the page needs to encode with the tokenizers of a comparison: their vocabularies,
   * each after its length, and the rest in {@code data}.
   *
   * @param tokenizers by their place in the comparison
   */
  static void addVocabularies(
      Map<String, String> parts, ObjectNode data, SortedMap<Integer, Tokenizer> tokenizers) {
    ArrayNode described = data.putArray("tokenizers");
    ByteBuilder all = new ByteBuilder(1 << 16);
    tokenizers.forEach(
        (place, tokenizer) -> {
          PageTokenizer page = PageTokenizer.of(tokenizer);
          described.add(((ObjectNode) tree(page)).put("place", place));
          byte[] vocabulary =
              page.unsupported() == null
                  ? PackedVocabulary.of(tokenizer, new TokenBytes(tokenizer), new IdHistogram())
                  : new byte[0];
          all.appendVarint(vocabulary.length);
          all.append(vocabulary);
        });
    parts.put("vocabularies", tokenizers.isEmpty() ? "" : packed(all.toByteArray()));
  }

  /** The page of some parts and of the data that its script reads. */
  static byte[] page(Map<String, String> parts, JsonNode data) {
    parts.put("data", inScript(data.toString()));
    return filled("page.html", parts).getBytes(StandardCharsets.UTF_8);
  }

  /** A resource with {@code @@NAME@@} replaced by the part, or the resource, of that name. */
  static String filled(String resource, Map<String, String> parts) {
    String template = WholeFile.resource(ReportPage.class, resource);
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (Matcher mark = MARK.matcher(template); mark.find(); from = mark.end()) {
      String part = parts.get(mark.group(1));
      text.append(template, from, mark.start());
      text.append(part == null ? filled(mark.group(1), parts) : part);
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

  /** JSON that is safe in a script element: no text in it can end the element or open a comment. */
  static String inScript(String json) {
    return UNSAFE
        .matcher(json)
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }

  /** The data that the page's script reads as JSON. */
  private static ObjectNode data(Content content) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.put("title", content.title());
    data.set("identity", content.identity());
    JsonNode statistics = tree(content.statistics());
    boolean hasTexts = !content.shown().isEmpty();
    if (!hasTexts) {
      statistics.findParents("example").forEach(kind -> ((ObjectNode) kind).putNull("example"));
    }
    data.set("statistics", statistics);
    data.set("tokenizer", tree(PageTokenizer.of(content.tokenizer())));
    data.set("documents", Json.MAPPER.valueToTree(content.examples().documents()));
    SampleCuts sample = content.sample().chosen();
    data.set("sample", sample == null ? null : tree(sample));
    ObjectNode learned = data.putObject("learned");
    content.learned().forEach(learned::set);
    data.put("ngrams", content.ngrams() != null);
    return data;
  }

  /** A text that is safe between two tags. */
  private static String inText(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Bytes compressed with gzip, in base64. */
  private static String packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }
}

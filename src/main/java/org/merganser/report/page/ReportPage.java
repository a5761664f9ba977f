package org.merganser.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.IdHistogram;
import org.merganser.json.Json;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.Statistics;
import org.merganser.tokenizer.Tokenizer;

/**
 * {@code report.html}: one file with everything in it, that asks no network for anything. Figures
 * come from {@link Statistics}; the vocabulary and the examples are in it packed and compressed,
 * and unpacked by the browser.
 */
public final class ReportPage {

  /** Each may use the functions of those before it. */
  private static final List<String> SCRIPTS =
      List.of(
          "elements.js",
          "charts.js",
          "card.js",
          "overview.js",
          "next.js",
          "figures.js",
          "learned.js",
          "vocabulary.js",
          "page.js");

  private ReportPage() {}

  /**
   * What a page shows.
   *
   * @param title how the run is called
   * @param identity figures of where it came from: the manifest's, and times of the run
   * @param histogram of the ids; empty where it isn't known any more
   * @param sample a text of the corpus, cut in five ways by the page's maker; null without one
   * @param rows the embedding table, or what of it is shown; null without one
   * @param learned figures of what was learned, by their file's name
   * @param ngrams a packed model of the next token; null without one
   */
  public record Content(
      String title,
      JsonNode identity,
      Statistics statistics,
      Tokenizer tokenizer,
      IdHistogram histogram,
      TokenExamples examples,
      @Nullable SampleCuts sample,
      @Nullable VectorRows rows,
      Map<String, JsonNode> learned,
      byte @Nullable [] ngrams) {}

  /** The page as UTF-8. */
  public static byte[] of(Content content) {
    TokenBytes bytes = new TokenBytes(content.tokenizer());
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.put("title", content.title());
    data.set("identity", content.identity());
    data.set("statistics", tree(content.statistics()));
    data.set("tokenizer", tree(PageTokenizer.of(content.tokenizer())));
    data.set("documents", Json.MAPPER.valueToTree(content.examples().documents()));
    data.set("sample", content.sample() == null ? null : tree(content.sample()));
    if (content.rows() != null) {
      data.set("rows", content.rows().description());
    }
    ObjectNode learned = data.putObject("learned");
    content.learned().forEach(learned::set);
    String page = resource("page.html");
    List<String[]> parts =
        List.of(
            new String[] {"style", resource("page.css")},
            new String[] {"chart", resource("chart.umd.min.js")},
            new String[] {"model", resource("encoder.js") + resource("ngrams.js")},
            new String[] {
              "script", SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining())
            },
            new String[] {"data", inScript(data.toString())},
            new String[] {
              "vocabulary",
              packed(PackedVocabulary.of(content.tokenizer(), bytes, content.histogram()))
            },
            new String[] {"examples", packed(content.examples().packed())},
            new String[] {"vectors", content.rows() == null ? "" : packed(content.rows().bytes())},
            new String[] {"ngrams", content.ngrams() == null ? "" : packed(content.ngrams())},
            new String[] {"title", inText(content.title())});
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < page.length()) {
      int mark = page.indexOf("@@", at);
      if (mark < 0) {
        break;
      }
      int end = page.indexOf("@@", mark + 2);
      String name = page.substring(mark + 2, end);
      out.append(page, at, mark).append(part(parts, name));
      at = end + 2;
    }
    out.append(page, at, page.length());
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String part(List<String[]> parts, String name) {
    for (String[] part : parts) {
      if (part[0].equals(name)) {
        return part[1];
      }
    }
    throw new IllegalStateException("page.html asks for " + name);
  }

  private static JsonNode tree(Object value) {
    try {
      return Json.MAPPER.readTree(Json.line(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON that ends no script element and opens no comment, whatever its texts hold. */
  static String inScript(String json) {
    StringBuilder out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029' || c == 0x7F) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String inText(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing beside " + ReportPage.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}

package org.merganser.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.Statistics;
import org.merganser.tokenizer.Tokenizer;

/**
 * {@code report.html}: one file that contains everything and makes no network request. Figures come
 * from {@link Statistics}; the vocabulary and the examples are stored packed and compressed, and
 * the browser unpacks them. {@link PageTemplate} puts the parts into the resource {@code
 * page.html}.
 */
public final class ReportPage {
  private ReportPage() {}

  /**
   * The content of a page.
   *
   * @param title the title of the page
   * @param identity the facts about the run, such as the names of its data and its times
   * @param statistics the figures of statistics.json
   * @param tokenizer the tokenizer of the run
   * @param histogram the counts of the ids
   * @param examples places where tokens occur
   * @param shown the documents to show
   * @param cutText the choice of the text that is cut in five ways, which has been made
   * @param rows the embedding table, or the part of it that is shown; null without one
   * @param references the tokenizers that this one was compared with and that still exist, by their
   *     place in the comparison
   * @param learned the figures of training the tokenizer, by file name
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
      CutTextChoice cutText,
      @Nullable VectorRows rows,
      SortedMap<Integer, Tokenizer> references,
      Map<String, JsonNode> learned,
      byte @Nullable [] ngrams) {}

  /** The page as UTF-8. */
  public static byte[] of(Content content) {
    ObjectNode data = data(content);
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("chart", PageTemplate.filled("chart.umd.min.js", Map.of()));
    parts.put("script", PageTemplate.filled("page.js", Map.of()));
    ComparedTokenizers.addTo(parts, data, content.references());
    parts.put("title", PageTemplate.inText(content.title()));
    TokenBytes bytes = new TokenBytes(content.tokenizer());
    parts.put(
        "vocabulary",
        PageTemplate.packed(PackedVocabulary.of(content.tokenizer(), bytes, content.histogram())));
    parts.put("ngrams", content.ngrams() == null ? "" : PageTemplate.packed(content.ngrams()));
    parts.put("examples", PageTemplate.packed(content.examples().packed()));
    parts.put("texts", PageTemplate.packed(Json.bytes(content.shown())));
    VectorRows rows = content.rows();
    if (rows != null) {
      data.set("rows", PageTemplate.tree(rows));
    }
    parts.put("vectors", rows == null ? "" : PageTemplate.packed(rows.bytes()));
    return PageTemplate.page(parts, data);
  }

  /** The data that the page's script reads as JSON. */
  private static ObjectNode data(Content content) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.put("title", content.title());
    data.set("identity", content.identity());
    JsonNode statistics = PageTemplate.tree(content.statistics());
    if (content.shown().isEmpty()) { // then the differences of tokenizers have no examples either
      statistics.findParents("example").forEach(kind -> ((ObjectNode) kind).putNull("example"));
    }
    data.set("statistics", statistics);
    data.set("tokenizer", PageTemplate.tree(PageTokenizer.of(content.tokenizer())));
    // Those of the examples, which are names; the documents to show are the part "texts".
    data.set("documents", Json.MAPPER.valueToTree(content.examples().documents()));
    SampleCuts cuts = content.cutText().chosen();
    data.set("sample", cuts == null ? null : PageTemplate.tree(cuts));
    ObjectNode learned = data.putObject("learned");
    content.learned().forEach(learned::set);
    data.put("ngrams", content.ngrams() != null);
    return data;
  }
}

package org.merganser.report.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.json.Json;
import org.merganser.report.statistics.VocabularyComparison;

/** A comparison of tokenizers as one HTML file, like the section of it in the report. */
public final class ComparisonPage {
  private static final List<String> SCRIPTS = List.of("elements.js", "comparison.js", "compare.js");

  private ComparisonPage() {}

  /** The page as UTF-8. */
  public static byte[] of(VocabularyComparison compared) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    ObjectNode statistics = data.putObject("statistics").put("sampledOneIn", 1);
    statistics.set("comparison", ReportPage.tree(compared));
    statistics.set("groups", statistics.at("/comparison/texts/groups"));
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", "Tokenizers compared");
    ReportPage.addScripts(parts, SCRIPTS);
    for (String unused : List.of("chart", "model", "vocabulary", "examples", "vectors", "ngrams")) {
      parts.put(unused, "");
    }
    return ReportPage.page(parts, data);
  }
}

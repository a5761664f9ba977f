package org.merganser.report.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.json.Json;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.tokenizer.Tokenizer;

/** A comparison of tokenizers as one HTML file, with the same figures as in {@link ReportPage}. */
public final class ComparisonPage {
  private static final String TITLE = "Tokenizers compared";

  /** The title of a page is within this many bytes of its beginning. */
  private static final int HEAD_BYTES = 2000;

  private ComparisonPage() {}

  /** Whether a file is the page of a comparison, by its title. */
  public static boolean isPage(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8)
          .contains("<title>" + TITLE + " · Merganser</title>");
    }
  }

  /**
   * The page as UTF-8.
   *
   * @param tokenizers the compared tokenizers, in the order of the comparison
   */
  public static byte[] of(VocabularyComparison compared, List<NamedTokenizer> tokenizers) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    ObjectNode statistics = data.putObject("statistics").put("sampledOneIn", 1);
    statistics.set("comparison", PageTemplate.tree(compared));
    statistics.set("groups", statistics.at("/comparison/texts/groups")); // as in a report
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", TITLE);
    parts.put("script", PageTemplate.filled("compare.js", Map.of()));
    SortedMap<Integer, Tokenizer> byPlace = new TreeMap<>();
    tokenizers.forEach(each -> byPlace.put(byPlace.size(), each.tokenizer()));
    ComparedTokenizers.addTo(parts, data, byPlace);
    // page.html has these places for the report; without a part they would be read as resources.
    for (String unused : List.of("chart", "vocabulary", "examples", "texts", "vectors", "ngrams")) {
      parts.put(unused, "");
    }
    return PageTemplate.page(parts, data);
  }
}

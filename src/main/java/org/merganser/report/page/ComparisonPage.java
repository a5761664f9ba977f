package org.merganser.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import org.merganser.binary.ByteBuilder;
import org.merganser.json.Json;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.tokenizer.Tokenizer;

/** A comparison of tokenizers as one HTML file, like its section in the report. */
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
   * @param tokenizers those that were compared, in their order
   */
  public static byte[] of(VocabularyComparison compared, List<NamedTokenizer> tokenizers) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    ObjectNode statistics = data.putObject("statistics").put("sampledOneIn", 1);
    statistics.set("comparison", PageTemplate.tree(compared));
    statistics.set("groups", statistics.at("/comparison/texts/groups"));
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", TITLE);
    parts.put("script", PageTemplate.filled("compare.js", Map.of()));
    SortedMap<Integer, Tokenizer> embedded = new TreeMap<>();
    tokenizers.forEach(each -> embedded.put(embedded.size(), each.tokenizer()));
    addVocabularies(parts, data, embedded);
    for (String unused : List.of("chart", "vocabulary", "examples", "texts", "vectors", "ngrams")) {
      parts.put(unused, "");
    }
    return PageTemplate.page(parts, data);
  }

  /**
   * Adds what a page needs to encode with the tokenizers of a comparison.
   *
   * @param parts receives the vocabularies, each after its length, as the part {@code vocabularies}
   * @param data receives the {@link PageTokenizer} of each as the member {@code tokenizers}
   * @param tokenizers by their place in the comparison
   */
  static void addVocabularies(
      Map<String, String> parts, ObjectNode data, SortedMap<Integer, Tokenizer> tokenizers) {
    ArrayNode described = data.putArray("tokenizers");
    ByteBuilder all = new ByteBuilder(1 << 16);
    tokenizers.forEach(
        (place, tokenizer) -> {
          PageTokenizer page = PageTokenizer.of(tokenizer);
          described.add(((ObjectNode) PageTemplate.tree(page)).put("place", place));
          byte[] vocabulary =
              page.unsupported() == null
                  ? PackedVocabulary.of(tokenizer, new TokenBytes(tokenizer), new IdHistogram())
                  : new byte[0];
          all.appendVarint(vocabulary.length);
          all.append(vocabulary);
        });
    parts.put("vocabularies", tokenizers.isEmpty() ? "" : PageTemplate.packed(all.toByteArray()));
  }
}

package org.merganser.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import org.merganser.binary.ByteBuilder;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;

/** What a page needs to encode with the tokenizers of a comparison. */
final class ComparedTokenizers {
  private ComparedTokenizers() {}

  /**
   * Adds the tokenizers to a page.
   *
   * @param parts receives the vocabularies, each after its length, as the part {@code
   *     vocabularies}; the vocabulary of a tokenizer with which the page cannot encode is empty
   * @param data receives the {@link PageTokenizer} of each as the member {@code tokenizers}
   * @param tokenizers the tokenizers by their place in the comparison
   */
  static void addTo(
      Map<String, String> parts, ObjectNode data, SortedMap<Integer, Tokenizer> tokenizers) {
    ArrayNode described = data.putArray("tokenizers");
    ByteBuilder all = new ByteBuilder(1 << 16);
    IdHistogram noCounts = new IdHistogram();
    tokenizers.forEach(
        (place, tokenizer) -> {
          PageTokenizer forPage = PageTokenizer.of(tokenizer);
          described.add(((ObjectNode) PageTemplate.tree(forPage)).put("place", place));
          byte[] vocabulary =
              forPage.unsupported() == null
                  ? PackedVocabulary.of(tokenizer, new TokenBytes(tokenizer), noCounts)
                  : new byte[0];
          all.appendVarint(vocabulary.length);
          all.append(vocabulary);
        });
    parts.put("vocabularies", tokenizers.isEmpty() ? "" : PageTemplate.packed(all.toByteArray()));
  }
}

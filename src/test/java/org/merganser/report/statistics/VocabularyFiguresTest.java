package org.merganser.report.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.UnusedTokens;

/** A vocabulary of tokens that are twice as long one after the other. */
final class VocabularyFiguresTest {
  private static final int DOUBLINGS = 10;

  /** All bytes, and tokens a, aa, aaaa … of up to 2^10 bytes. */
  private static Tokenizer doublings() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode tree = json.createObjectNode();
    tree.putObject("pre_tokenizer")
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", false);
    tree.putObject("decoder")
        .put("type", "ByteLevel")
        .put("add_prefix_space", true)
        .put("trim_offsets", true)
        .put("use_regex", true);
    ObjectNode model = tree.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int b = 0; b < 256; b++) {
      vocabulary.put(String.valueOf(ByteAlphabet.toChar(b)), b);
    }
    ArrayNode merges = model.putArray("merges");
    String token = "a";
    for (int i = 0; i < DOUBLINGS; i++) {
      merges.addArray().add(token).add(token);
      token += token;
      vocabulary.put(token, 256 + i);
    }
    return Tokenizer.read(json.writeValueAsString(tree).getBytes(UTF_8), "doublings.json");
  }

  @Test
  void examinesSoMuchTextOfUnusedTokensAndSaysWhatItLeftOut() throws IOException {
    Tokenizer tokenizer = doublings();
    VocabularyFigures figures =
        VocabularyFigures.of(
            tokenizer,
            new IdHistogram(),
            // All have 2 + 4 + … + 2^10 = 2046 bytes: no room for the last.
            new UnusedTokens(tokenizer, new MergeSteps(tokenizer.model()), 2045),
            new TokenBytes(tokenizer));
    assertThat(figures.unused().get(UnusedTokens.Kind.UNEXAMINED))
        .isEqualTo(new VocabularyFigures.Tokens(1, List.of(265)));
    assertThat(figures.countUnused(UnusedTokens.Kind.RESIDUE)).isEqualTo(DOUBLINGS - 1);
    assertThat(figures.absentTokens()).isEqualTo(DOUBLINGS);
  }
}

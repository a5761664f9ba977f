package org.merganser.pipeline.train.count;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.superword.WordRuns;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FileRef;

/**
 * The vocabulary of words, from which tokens of several words are learned. It is a file between the
 * two stages.
 *
 * @param cut the pretokens that were learned from and left out
 */
public record WordVocabulary(TrainedBpe trained, TrainingBound.Cut cut) {
  private static final String TOKENS = "tokens";
  private static final String MERGES = "merges";
  private static final String CUT = "cut";

  public byte[] toJson() throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    ArrayNode tokens = json.putArray(TOKENS);
    trained.tokens().forEach(tokens::add);
    ArrayNode merges = json.putArray(MERGES);
    for (int id : trained.merges()) {
      merges.add(id);
    }
    json.putArray(CUT)
        .add(cut.minimumCount())
        .add(cut.keptDistinct())
        .add(cut.keptMass())
        .add(cut.cutDistinct())
        .add(cut.cutMass());
    return Json.MAPPER.writeValueAsBytes(json);
  }

  public static WordVocabulary read(FileRef file) throws IOException {
    JsonNode json = Json.MAPPER.readTree(file.read());
    List<String> tokens = new ArrayList<>();
    json.get(TOKENS).forEach(token -> tokens.add(token.textValue()));
    JsonNode merges = json.get(MERGES);
    int[] pairs = new int[merges.size()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = merges.get(i).intValue();
    }
    JsonNode cut = json.get(CUT);
    return new WordVocabulary(
        new TrainedBpe(tokens, pairs),
        new TrainingBound.Cut(
            cut.get(0).longValue(),
            cut.get(1).longValue(),
            cut.get(2).longValue(),
            cut.get(3).longValue(),
            cut.get(4).longValue()));
  }

  /**
   * The counter for these files. With the file of the words alone it counts pairs of words; with
   * the file of frequent pairs as well it counts runs of words.
   */
  static WordRuns runs(List<FileRef> files) throws IOException {
    WordVocabulary vocabulary = read(files.get(0));
    BpeEncoder encoder = vocabulary.model().newSentenceEncoder();
    return files.size() == 1
        ? WordRuns.ofPairs(encoder, vocabulary.trained)
        : WordRuns.between(encoder, vocabulary.trained, WordPairs.fromBytes(files.get(1).read()));
  }

  /** The model that encodes text into words. */
  private BpeModel model() {
    BpeModel.Builder builder = BpeModel.builder();
    List<String> tokens = trained.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      builder.token(tokens.get(id), id);
    }
    int[] merges = trained.merges();
    for (int at = 0; at < merges.length; at += 2) {
      builder.merge(tokens.get(merges[at]), tokens.get(merges[at + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }
}

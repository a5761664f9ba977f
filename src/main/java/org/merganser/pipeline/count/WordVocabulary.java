package org.merganser.pipeline.count;

import java.io.IOException;
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
  public byte[] toJson() throws IOException {
    return Json.MAPPER.writeValueAsBytes(this);
  }

  public static WordVocabulary read(FileRef file) throws IOException {
    return Json.MAPPER.readValue(file.read(), WordVocabulary.class);
  }

  /**
   * The counter for these files. With the file of the words alone it counts pairs of words; with
   * the file of frequent pairs it counts runs of words.
   */
  static WordRuns runs(List<FileRef> files) throws IOException {
    WordVocabulary vocabulary = read(files.get(0));
    BpeEncoder encoder = vocabulary.model().newSentenceEncoder();
    return files.size() == 1
        ? WordRuns.ofPairs(encoder, vocabulary.trained)
        : WordRuns.between(encoder, vocabulary.trained, WordPairs.fromBytes(files.get(1).read()));
  }

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

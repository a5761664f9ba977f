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
 * @param trained its tokens and merges
 * @param cut the pretokens that were learned from and left out
 */
public record WordVocabulary(TrainedBpe trained, TrainingBound.Cut cut) {
  /** The bytes of the file. */
  public byte[] toJson() throws IOException {
    return Json.MAPPER.writeValueAsBytes(this);
  }

  /** Reads the file that {@link #toJson} wrote. */
  public static WordVocabulary read(FileRef file) throws IOException {
    return Json.MAPPER.readValue(file.read(), WordVocabulary.class);
  }

  /**
   * Turns pretokens into the keys to count: into pairs of words, or into runs of words.
   *
   * @param files the vocabulary of words; for runs, the frequent pairs as well
   */
  static WordRuns runs(List<FileRef> files) throws IOException {
    WordVocabulary vocabulary = read(files.get(0));
    BpeEncoder encoder = vocabulary.model().newSentenceEncoder();
    return files.size() == 1
        ? WordRuns.ofPairs(encoder, vocabulary.trained)
        : WordRuns.between(encoder, vocabulary.trained, WordPairs.fromBytes(files.get(1).read()));
  }

  /** The model that encodes text with the words alone. */
  private BpeModel model() {
    BpeModel.Builder builder = BpeModel.builder();
    List<String> tokens = trained.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      builder.token(tokens.get(id), id);
    }
    int[] merges = trained.merges();
    for (int left = 0; left < merges.length; left += 2) {
      builder.merge(tokens.get(merges[left]), tokens.get(merges[left + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }
}

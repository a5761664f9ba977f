package org.merganser.pipeline.count;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.bpe.superword.SuperwordKeys;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.train.KeptCounts;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FileRef;

/**
 * The vocabulary that the first stage of training superwords has learned: its tokens do not span
 * words. The first stage publishes it in a file, and the second stage encodes the text by it.
 *
 * @param trained the tokens and merges
 * @param kept how many pretokens it was learned from, and how many rare ones were left out
 */
public record WordVocabulary(TrainedBpe trained, @JsonProperty("cut") KeptCounts kept) {
  /**
   * The files of earlier steps that decide what the second stage counts: pairs of words, or runs of
   * words.
   *
   * @param words the vocabulary of words
   * @param pairs the frequent pairs of words, which are not cut: text is cut at all other pairs,
   *     and the runs between these cuts are counted; null while the pairs themselves are counted
   */
  record Files(FileRef words, @Nullable FileRef pairs) {
    /**
     * The files of the steps so far, in their order.
     *
     * @param written nothing before the first stage, then the file of words, then also that of
     *     pairs
     * @return null for no file: pretokens are counted
     */
    static @Nullable Files of(List<FileRef> written) {
      return switch (written.size()) {
        case 0 -> null;
        case 1 -> new Files(written.get(0), null);
        case 2 -> new Files(written.get(0), written.get(1));
        default ->
            throw new IllegalArgumentException(
                written.size() + " files; there are at most two, of words and of pairs");
      };
    }

    /** The sha256 of each file. */
    List<String> sha256s() {
      return pairs == null ? List.of(words.sha256()) : List.of(words.sha256(), pairs.sha256());
    }
  }

  /** The content of the file with this vocabulary. */
  public byte[] toJson() throws IOException {
    return Json.MAPPER.writeValueAsBytes(this);
  }

  /** Reads the file that {@link #toJson} wrote. */
  public static WordVocabulary read(FileRef file) throws IOException {
    return Json.MAPPER.readValue(file.read(), WordVocabulary.class);
  }

  /**
   * Turns the segments of text that the second stage does not cut into the keys that it counts:
   * pairs without {@link Files#pairs}, else runs.
   */
  static SuperwordKeys superwordKeys(Files files) throws IOException {
    WordVocabulary vocabulary = read(files.words());
    BpeEncoder encoder = vocabulary.model().newSentenceEncoder();
    return files.pairs() == null
        ? SuperwordKeys.ofPairs(encoder, vocabulary.trained)
        : SuperwordKeys.ofRuns(
            encoder, vocabulary.trained, WordPairs.fromBytes(files.pairs().read()));
  }

  /** The model that encodes text with the words alone. */
  private BpeModel model() {
    BpeModelBuilder builder = BpeModel.builder();
    List<String> tokens = trained.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      builder.addToken(tokens.get(id), id);
    }
    int[] merges = trained.merges(); // the left and right id of each merge
    for (int i = 0; i < merges.length; i += 2) {
      builder.addMerge(tokens.get(merges[i]), tokens.get(merges[i + 1]));
    }
    return builder.build(BpeModel.Options.NONE);
  }
}

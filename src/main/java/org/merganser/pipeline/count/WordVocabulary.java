package org.merganser.pipeline.count;

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
 * @param cut how many pretokens it was learned from, and how many rare ones were cut off
 */
public record WordVocabulary(TrainedBpe trained, KeptCounts cut) {
  /**
   * The files of earlier steps that decide what the second stage counts.
   *
   * @param words the vocabulary of words
   * @param pairs the frequent pairs of words: text is cut at all others, and the runs between the
   *     cuts are counted; null while the pairs themselves are counted
   */
  record Files(FileRef words, @Nullable FileRef pairs) {
    /**
     * Files in the order in which they were written: of words, and then of pairs; null if there are
     * none, so that pretokens are counted.
     */
    static @Nullable Files of(List<FileRef> written) {
      if (written.isEmpty()) {
        return null;
      }
      return new Files(written.get(0), written.size() == 1 ? null : written.get(1));
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

  /** The encoder that turns segments of text into the keys that the second stage counts. */
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

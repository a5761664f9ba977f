package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.superword.WordRuns;
import org.merganser.pipeline.output.FileRef;

/**
 * What the counting of a stage of tokens that span words needs: the file of the words, and then
 * that of the pairs of them that are frequent, once they are known.
 */
final class WordFiles {
  private WordFiles() {}

  /** What counts with these files: pairs of words while there is one, runs of words with both. */
  static WordRuns runs(List<FileRef> files) throws IOException {
    WordVocabulary vocabulary = WordVocabulary.read(files.get(0));
    BpeEncoder encoder = vocabulary.model().newSentenceEncoder();
    return files.size() == 1
        ? WordRuns.ofPairs(encoder, vocabulary.trained())
        : WordRuns.between(encoder, vocabulary.trained(), WordPairs.fromBytes(files.get(1).read()));
  }
}

package org.merganser.pipeline.train;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.superword.WordPairs;
import org.merganser.bpe.superword.WordRuns;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;

/**
 * What the counting of a stage of tokens that span words needs: the words, and the pairs of them
 * that are frequent, once they are known.
 *
 * @param pairs null while pairs are counted
 */
record WordFiles(Broadcast<FileRef> words, @Nullable Broadcast<FileRef> pairs)
    implements Serializable {

  List<Broadcast<FileRef>> all() {
    List<Broadcast<FileRef>> all = new ArrayList<>(List.of(words));
    if (pairs != null) {
      all.add(pairs);
    }
    return all;
  }

  /** For fingerprints. */
  List<String> sha256s(DoFn<?, ?>.ProcessContext context) {
    return all().stream().map(file -> file.get(context).sha256()).toList();
  }

  /** What counts with these. */
  WordRuns runs(DoFn<?, ?>.ProcessContext context) throws IOException {
    WordVocabulary vocabulary = WordVocabulary.read(words.get(context).location());
    BpeEncoder encoder = vocabulary.model().newSentenceEncoder();
    return pairs == null
        ? WordRuns.ofPairs(encoder, vocabulary.trained())
        : WordRuns.between(encoder, vocabulary.trained(), readPairs(pairs.get(context).location()));
  }

  static WordPairs readPairs(String location) throws IOException {
    byte[] content = CheckedFile.content(FileStore.of(location).readAll(location));
    if (content == null) {
      throw new IOException(location + ": is damaged; delete it and run again");
    }
    return WordPairs.fromBytes(content);
  }
}

package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.Tokenizer;

/** Runs our encoder and programs of others in turns on the same documents. */
final class PeerTurns {
  private final Path tokenizerFile;
  private final String shape;
  private final BenchCorpus corpus;
  private final OurRuns ours;

  /** Our ids of the measured documents. */
  private final int[] expected;

  private final Path before;
  private final Path measured;
  private final Path ids;

  /**
   * The speeds of one turn.
   *
   * @param difference where the ids differ first; our encoder is not timed then. Null if the ids
   *     are equal
   */
  record Turn(@Nullable String difference, OurRuns.Encoding ours, PeerProgram.Speeds theirs) {}

  /**
   * @param shape what the documents are called
   * @param scratch for the files that the programs read and write
   */
  PeerTurns(Path tokenizerFile, String shape, BenchCorpus corpus, Path scratch) throws IOException {
    this.tokenizerFile = tokenizerFile;
    this.shape = shape;
    this.corpus = corpus;
    ours = new OurRuns(Tokenizer.read(tokenizerFile));
    expected = ids(ours.newEncoder(), corpus.measured());
    before = scratch.resolve("before");
    measured = scratch.resolve("measured");
    ids = scratch.resolve("ids");
    PeerProgram.write(corpus.before(), before);
    PeerProgram.write(corpus.measured(), measured);
  }

  /** Runs a program, and then our encoder. */
  Turn next(PeerProgram peer) throws IOException, InterruptedException {
    PeerProgram.Speeds theirs = peer.run(tokenizerFile, before, measured, ids);
    String difference = PeerProgram.difference(ids, expected);
    if (difference != null) {
      return new Turn(difference, new OurRuns.Encoding(shape, 0, 0, 0, 0, 0), theirs);
    }
    return new Turn(null, ours.encoding(shape, corpus.before(), corpus.measured()), theirs);
  }

  /** The ids of all documents, one after the other. */
  private static int[] ids(Encoder encoder, Texts texts) {
    IdBuffer out = new IdBuffer(1 << 16);
    for (byte[] document : texts.documents()) {
      encoder.encode(document, 0, document.length, out);
    }
    return out.toArray();
  }
}

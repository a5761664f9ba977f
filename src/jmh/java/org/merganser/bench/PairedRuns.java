package org.merganser.bench;

import java.util.Arrays;
import java.util.List;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.Encoder;

/** Runs our encoder and a peer on the same text in turns, so that other work slows down both. */
final class PairedRuns {
  private static final int ROUNDS = 5;

  private PairedRuns() {}

  /**
   * The speeds of both.
   *
   * @param peer the name of the peer
   * @param bytes of the text
   * @param difference where the ids differ first, and then nothing is timed; null if they are equal
   * @param ratio the median of the rounds' ratios: our speed divided by the peer's
   */
  record Result(
      String peer, long bytes, String difference, double ours, double theirs, double ratio) {}

  /**
   * Compares the ids, and then measures both.
   *
   * @param sample the most bytes of the measured text, for a slow peer
   */
  static Result run(OurRuns ours, Peer peer, BenchCorpus corpus, long sample) {
    Texts texts = corpus.measured().first(sample);
    List<String> strings = texts.strings();
    for (int i = 0; i < strings.size(); i++) {
      int[] expected = peer.ids(strings.get(i));
      int[] actual = ours.ids(texts.documents()[i]);
      int place = Arrays.mismatch(expected, actual);
      if (place >= 0) {
        return new Result(
            peer.name(),
            texts.bytes(),
            "document %d of the measured half, id %d: %s, ours %s"
                .formatted(i, place, at(expected, place), at(actual, place)),
            0,
            0,
            0);
      }
    }
    Encoder encoder = ours.warmEncoder(corpus.before());
    IdBuffer out = new IdBuffer(1 << 16);
    // A peer in Java needs its code compiled as well.
    for (int i = 0; i < 3; i++) {
      strings.forEach(peer::ids);
    }
    double[] mine = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      mine[round] = speed(texts, () -> OurRuns.encode(encoder, texts, out));
      theirs[round] = speed(texts, () -> strings.forEach(peer::ids));
      ratios[round] = mine[round] / theirs[round];
    }
    return new Result(
        peer.name(),
        texts.bytes(),
        null,
        Meter.median(mine),
        Meter.median(theirs),
        Meter.median(ratios));
  }

  /** The id at a place, for a message. */
  static String at(int[] ids, int place) {
    return place < ids.length ? "id " + ids[place] : "the end";
  }

  private static double speed(Texts texts, Runnable task) {
    return Meter.megabytesPerSecond(texts.bytes(), Meter.cpuNanos(task));
  }
}

package org.merganser.bpe.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.merganser.bpe.IdBuffer;

/**
 * Every way from pretokens to ids, or to their number, that a model has: encoding and counting of
 * many at once, the ids of each of many, ids with their lengths, and the encoder of texts that were
 * not cut into words. Tests that know the ids of pretokens check all of them at once. Each way has
 * caches, so each is asked twice: the caches are warm the second time.
 */
final class ModelWays {
  private static final int BEFORE = -7;

  private final boolean byteLevel;
  private final BpeEncoder encoder;
  private final BpeEncoder lengths;
  private final BpeCounter counter;
  private final BpeEncoder sentences;

  ModelWays(BpeModel model, boolean byteLevel) {
    this.byteLevel = byteLevel;
    this.encoder = model.newEncoder(byteLevel);
    this.lengths = model.newEncoder(byteLevel);
    this.counter = model.newCounter(byteLevel);
    this.sentences = byteLevel ? model.newSentenceEncoder() : encoder;
  }

  /** The encoder of pretokens, as {@link BpeModel#newEncoder} made it. */
  BpeEncoder encoder() {
    return encoder;
  }

  /**
   * Asserts that each way has these ids, cold or not, and warm.
   *
   * @param what describes the case in a failure
   */
  void check(List<Integer> expected, String what, String... pretokens) {
    byte[][] bytes =
        Arrays.stream(pretokens).map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
    check(expected, what, bytes);
  }

  /** {@link #check(List, String, String...)} of bytes that need not be UTF-8. */
  void check(List<Integer> expected, String what, byte[]... pretokens) {
    int[] ends = new int[pretokens.length];
    int length = 0;
    for (int i = 0; i < ends.length; i++) {
      length += pretokens[i].length;
      ends[i] = length;
    }
    byte[] text = new byte[length];
    for (int i = 0; i < ends.length; i++) {
      System.arraycopy(pretokens[i], 0, text, ends[i] - pretokens[i].length, pretokens[i].length);
    }
    int[] ids = expected.stream().mapToInt(Integer::intValue).toArray();
    once(text, ends, ids, "the first time, ", what);
    once(text, ends, ids, "the second time, ", what);
  }

  private void once(byte[] text, int[] ends, int[] ids, String time, String what) {
    IdBuffer out = new IdBuffer(1);
    out.add(BEFORE);
    encoder.encode(text, 0, ends, ends.length, out);
    same(out, ids, "encode", time, what);

    int counted = counter.count(text, 0, ends, ends.length);
    if (counted != ids.length) {
      assertThat(counted).as("count, %s%s", time, what).isEqualTo(ids.length);
    }

    out.setSize(1);
    IdBuffer ofTokens = new IdBuffer(1);
    int[] idEnds = new int[ends.length];
    int from = 0;
    for (int i = 0; i < ends.length; i++) {
      if (from < ends[i]) {
        lengths.encodeWithLengths(text, from, ends[i], out, ofTokens);
      }
      idEnds[i] = out.size();
      from = ends[i];
    }
    same(out, ids, "encode with lengths", time, what);

    out.setSize(1);
    int[] eachEnds = new int[ends.length];
    encoder.encodeEach(text, 0, ends, ends.length, out, eachEnds);
    same(out, ids, "encode each", time, what);
    if (!Arrays.equals(eachEnds, idEnds)) {
      assertThat(eachEnds).as("encode each, %s%s", time, what).isEqualTo(idEnds);
    }

    if (byteLevel && ends.length == 1) {
      out.setSize(1);
      sentences.encode(text, 0, ends, 1, out);
      same(out, ids, "encode a sentence", time, what);
    }
  }

  /**
   * Asserts that the ids of a pretoken represent these numbers of bytes, cold or not, and warm. A
   * model that drops characters, or has bytes for characters with affixes, has other sums.
   */
  void checkLengths(List<Integer> expected, String what, byte[] pretoken) {
    if (expected.stream().mapToInt(Integer::intValue).sum() == pretoken.length) {
      int[] sizes = expected.stream().mapToInt(Integer::intValue).toArray();
      byte[] text = new byte[1 + pretoken.length];
      System.arraycopy(pretoken, 0, text, 1, pretoken.length);
      for (String time : List.of("the first time, ", "the second time, ")) {
        IdBuffer ofTokens = new IdBuffer(1);
        ofTokens.add(BEFORE);
        IdBuffer out = new IdBuffer(1);
        out.add(BEFORE);
        lengths.encodeWithLengths(text, 1, text.length, out, ofTokens);
        same(ofTokens, sizes, "lengths", time, what);
      }
    }
  }

  private static void same(IdBuffer out, int[] ids, String way, String time, String what) {
    int[] all = out.ids();
    if (all[0] != BEFORE || !Arrays.equals(all, 1, out.size(), ids, 0, ids.length)) {
      Assertions.assertArrayEquals(
          ids, Arrays.copyOfRange(all, 1, out.size()), () -> way + ", " + time + what);
      assertThat(all[0]).as("what the buffer had before, %s", what).isEqualTo(BEFORE);
    }
  }
}

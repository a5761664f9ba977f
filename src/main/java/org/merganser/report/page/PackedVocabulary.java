package org.merganser.report.page;

import java.util.BitSet;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;

/**
 * A vocabulary with the counts of its tokens, for the page: all numbers are unsigned LEB128.
 *
 * <pre>
 * bound      one more than the largest id
 * n, n × (distance from the last id, length, bytes)   tokens other than the joined parts of a merge
 * m, m × left, m × right                              the merges by rank
 * m × result: 2 (id − last result − 1), as 2x or −2x−1   mostly 0
 * bound × count
 * </pre>
 *
 * The bytes of a merged token are those of its parts, so that a million tokens take some 5 MB.
 */
final class PackedVocabulary {
  private PackedVocabulary() {}

  static byte[] of(Tokenizer tokenizer, TokenBytes bytes, IdHistogram histogram) {
    ByteBuilder out = new ByteBuilder(1 << 16);
    int bound = tokenizer.idBound();
    BpeModel model = tokenizer.model();
    BitSet derived = derived(model, bytes, bound);
    out.appendVarint(bound);
    BitSet given = new BitSet(bound);
    bytes.ids().filter(id -> !derived.get(id)).forEach(given::set);
    out.appendVarint(given.cardinality());
    int last = -1;
    for (int id = given.nextSetBit(0); id >= 0; id = given.nextSetBit(id + 1)) {
      byte[] text = bytes.of(id);
      out.appendVarint(id - last);
      out.appendVarint(text.length);
      out.append(text);
      last = id;
    }
    int merges = model.mergeCount();
    out.appendVarint(merges);
    for (int rank = 0; rank < merges; rank++) {
      out.appendVarint(model.mergeLeft(rank));
    }
    for (int rank = 0; rank < merges; rank++) {
      out.appendVarint(model.mergeRight(rank));
    }
    int before = -1;
    for (int rank = 0; rank < merges; rank++) {
      long distance = (long) model.mergeResult(rank) - before - 1;
      out.appendVarint(distance >= 0 ? 2 * distance : -2 * distance - 1);
      before = model.mergeResult(rank);
    }
    for (int id = 0; id < bound; id++) {
      out.appendVarint(histogram.count(id));
    }
    return out.toByteArray();
  }

  /**
   * The tokens whose bytes are the concatenation of the parts of the first merge that produces
   * them, if both parts are known before: such tokens can be built in the order of ranks.
   */
  private static BitSet derived(BpeModel model, TokenBytes bytes, int bound) {
    BitSet made = new BitSet(bound);
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      made.set(model.mergeResult(rank));
    }
    BitSet known = new BitSet(bound);
    known.set(0, bound);
    known.andNot(made);
    BitSet derived = new BitSet(bound);
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      int id = model.mergeResult(rank);
      if (!known.get(id)) {
        int left = model.mergeLeft(rank);
        int right = model.mergeRight(rank);
        derived.set(id, known.get(left) && known.get(right) && bytes.isJoinOf(id, left, right));
        known.set(id);
      }
    }
    return derived;
  }
}

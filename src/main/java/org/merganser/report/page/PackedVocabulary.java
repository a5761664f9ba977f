package org.merganser.report.page;

import java.util.BitSet;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;

/**
 * A vocabulary with the counts of its tokens, for the page. All numbers are unsigned LEB128. {@code
 * encoder.js} reads them in this order:
 *
 * <pre>
 * bound          one more than the largest id
 * n              the number of spelled tokens, by id; each is three fields:
 *   distance       its id minus the id of the one before, which is -1 for the first
 *   length         of its bytes
 *   bytes
 * m              the number of merges, by rank
 * m times        the id of the left part
 * m times        the id of the right part
 * m times        zigzag(the id of the result - the id of the result before - 1), mostly 0;
 *                the result before the first is -1
 * bound times    the count of the id
 * </pre>
 *
 * where zigzag(x) is 2x for x of at least 0, else -2x - 1. The page builds every other token from
 * the parts of the first merge that produces it, so that a million tokens take some 5 MB.
 */
final class PackedVocabulary {
  private PackedVocabulary() {}

  /**
   * The packed vocabulary of a tokenizer.
   *
   * @param bytes of its tokens
   * @param histogram the counts of its ids
   */
  static byte[] of(Tokenizer tokenizer, TokenBytes bytes, IdHistogram histogram) {
    ByteBuilder out = new ByteBuilder(1 << 16);
    int bound = tokenizer.idBound();
    BpeModel model = tokenizer.model();
    out.appendVarint(bound);
    appendSpelled(derived(model, bytes, bound), bytes, bound, out);
    appendMerges(model, out);
    for (int id = 0; id < bound; id++) {
      out.appendVarint(histogram.count(id));
    }
    return out.toByteArray();
  }

  /** Appends the tokens that are not derived, with their bytes. */
  private static void appendSpelled(BitSet derived, TokenBytes bytes, int bound, ByteBuilder out) {
    BitSet spelled = new BitSet(bound);
    bytes.ids().filter(id -> !derived.get(id)).forEach(spelled::set);
    out.appendVarint(spelled.cardinality());
    int before = -1;
    for (int id = spelled.nextSetBit(0); id >= 0; id = spelled.nextSetBit(id + 1)) {
      byte[] text = bytes.of(id);
      out.appendVarint(id - before);
      out.appendVarint(text.length);
      out.append(text);
      before = id;
    }
  }

  /** Appends the number of merges, their parts and their results. */
  private static void appendMerges(BpeModel model, ByteBuilder out) {
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
      int result = model.mergeResult(rank);
      out.appendVarint(zigzag((long) result - before - 1));
      before = result;
    }
  }

  /** A signed number as an unsigned one: 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4. */
  private static long zigzag(long number) {
    return number >= 0 ? 2 * number : -2 * number - 1;
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
    BitSet known = new BitSet(bound); // the page knows these tokens before a rank
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

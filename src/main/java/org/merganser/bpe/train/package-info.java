/**
 * Learns merges from pretoken counts, exactly as HF's trainer does ({@code
 * tokenizers/src/models/bpe/trainer.rs}).
 *
 * <h2>Definition</h2>
 *
 * A corpus is a set of pretokens, each with a count. Every pretoken starts as a sequence of
 * symbols, one for each byte. The count of a pair (x, y) is the sum, over all pretokens, of the
 * pretoken's count times the number of places where y follows x. A step takes the pair with the
 * highest count; of equal counts the pair with the smaller left id, then the smaller right id. The
 * pair becomes a new symbol with the next free id, and every pretoken is rewritten from left to
 * right. Steps repeat until the vocabulary is full, or the best count is below {@code
 * minFrequency}. The rank of a merge is the number of its step.
 *
 * <h2>Worked example</h2>
 *
 * The counts are {@code low} 5, {@code lower} 2, {@code newest} 6 and {@code widest} 3. The
 * alphabet has the ids 0 to 255, so the new symbols start at 256.
 *
 * <pre>
 *   step  best pair     count  tied with        new symbol
 *   0     e   s         9      (s, t)           es      256
 *   1     es  t         9                       est     257
 *   2     l   o         7      (o, w)           lo      258
 *   3     lo  w         7                       low     259
 *   4     e   w         6      (n, e) (w, est)  ew      260
 *   5     n   ew        6      (ew, est)        new     261
 *   6     new est       6                       newest  262
 * </pre>
 *
 * Step 0 chooses (e, s) over (s, t) because the id of {@code e} is smaller. It lowers the count of
 * (s, t) from 9 to 0 and adds (es, t) with 9.
 *
 * <p>{@link org.merganser.bpe.train.MergeLearner} has the steps of the algorithm, over the cells of
 * {@link org.merganser.bpe.train.PretokenSymbols}; {@link org.merganser.bpe.train.BpeTrainer} has
 * its cost.
 *
 * <h2>Why it is exact</h2>
 *
 * <ul>
 *   <li><b>Only one pair produces a string.</b> Each merge is applied everywhere before the next
 *       one is chosen. Within an occurrence of a string whose ends no merge has crossed, all merges
 *       went as if the string were a pretoken of its own. Therefore all pairs with a new symbol are
 *       new pairs, and the count of an existing pair never rises.
 *   <li>Therefore the entry of the queue with the highest current count is the best pair.
 *   <li>A pair that starts below the lowest count that can still be merged is not kept. If that
 *       estimate proves too high, all pairs are counted again, which costs time but keeps the
 *       result exact.
 *   <li>The order of pretokens has no effect: counts are summed, and ids break all ties.
 * </ul>
 *
 * The tests compare the trainer with a slow twin that recounts all pairs at every step, a port of
 * HF's queue, and HF's own library.
 *
 * <p>Start with {@link org.merganser.bpe.train.BpeTrainer}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.train;

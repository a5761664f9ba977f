/**
 * Turns pretokens into ids, exactly as HF's model does ({@code tokenizers/src/models/bpe/word.rs}).
 *
 * <h2>Definition</h2>
 *
 * A pretoken begins as a row of symbols, one for each byte (or character, in a model that is not
 * byte-level). Of all neighbouring pairs that have a merge, the one with the lowest rank is merged;
 * of equal ranks the leftmost. This repeats until no pair has a merge. The ids of the pretoken are
 * those of the symbols that remain. With {@code ignore_merges}, a pretoken that is a token of the
 * vocabulary as a whole is that token.
 *
 * <h2>Worked example</h2>
 *
 * The merges by rank are {@code e s}, {@code es t}, {@code l o}, {@code lo w} (the first four of
 * the example in {@code bpe.train}). The pretoken is {@code lowest}:
 *
 * <pre>
 *   l o w e s t     (l, o) has rank 2, (e, s) has rank 0: merge (e, s)
 *   l o w es t      (l, o) has rank 2, (es, t) has rank 1: merge (es, t)
 *   l o w est       merge (l, o)
 *   lo w est        merge (lo, w)
 *   low est         no pair has a merge
 * </pre>
 *
 * <h2>Algorithm</h2>
 *
 * A pretoken goes through these steps until one of them gives its ids:
 *
 * <ol>
 *   <li>{@link org.merganser.bpe.encode.PretokenCache} holds the ids of pretokens of up to 15
 *       bytes, {@code LineCache} those of 16 to 30 bytes in scripts of two-byte characters, and
 *       {@code PretokenArena} those of other pretokens of up to 512 bytes. All three are bounded.
 *       99 of 100 pretokens of a usual text are found here.
 *   <li>{@code MergeBarriers} cuts a long pretoken where no merge can reach from one side to the
 *       other. Each part goes through step 1 again.
 *   <li>{@code WordMerger} merges the symbols of what is left. Up to 32 symbols it searches the
 *       lowest rank by a scan; above, it uses a heap. {@code IndependentCharacters} lets the
 *       merging begin at whole characters where the result is provably the same.
 * </ol>
 *
 * <h2>Why it is exact</h2>
 *
 * <ul>
 *   <li><b>Caches.</b> The ids of a pretoken depend on its bytes alone. Parts of pretokens have
 *       keys of their own where {@code ignore_merges} can give them other ids.
 *   <li><b>Barriers.</b> A merge reaches over the place between the characters x and y only if its
 *       token holds the last byte of x followed by the first byte of y, in the surroundings that
 *       the text has there. Where no token of the vocabulary does, no merge crosses the place, now
 *       or later. Merges on one side then never change what is possible on the other side, so
 *       merging both sides apart gives the same symbols.
 *   <li><b>Independent characters.</b> Let r be the highest rank that merging the bytes of the
 *       character takes. If every other merge that could touch these bytes ranks above r, none of
 *       them comes first.
 *   <li><b>Queue.</b> HF's queue and the rule above are one: {@code WordMerger} has the argument.
 * </ul>
 *
 * The tests compare all ways with a slow twin that follows the definition, with HF's own library,
 * and with published ids.
 *
 * <h2>Cost</h2>
 *
 * A pretoken that is found in a cache costs a look-up that waits for memory once. One that is not
 * costs n log n in its n symbols at the worst. An encoder takes at most 48 MB for its caches (less
 * where the heap is small) and belongs to one thread; the model is shared.
 *
 * <p>Start with {@link org.merganser.bpe.encode.BpeModel}. Uses {@code bpe} alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.encode;

/**
 * Turns pretokens into ids, exactly as HF's model does ({@code tokenizers/src/models/bpe/word.rs}).
 *
 * <h2>Definition</h2>
 *
 * A pretoken starts as a sequence of symbols, one for each byte (or character, in a model that is
 * not byte-level). Of all adjacent pairs that have a merge, the one with the lowest rank is merged;
 * of equal ranks the leftmost. This repeats until no pair has a merge. The ids of the pretoken are
 * those of the symbols that remain. With {@code ignore_merges}, a pretoken that is a token of the
 * vocabulary is that token.
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
 * A pretoken passes these steps until one of them finds its ids:
 *
 * <ol>
 *   <li>{@link EncodingCaches}: a {@link ShortPretokenCache} holds the ids of pretokens of up to 7
 *       bytes, a {@link PretokenCache} those of up to 15 bytes, and a {@link PretokenArena} those
 *       of other pretokens of up to 512 bytes. All are bounded. They have 97 to 99 of 100 pretokens
 *       of usual text.
 *   <li>{@link MergeBarriers} cuts a long pretoken where no merge can reach from one side to the
 *       other. Each part goes through step 1 again.
 *   <li>{@link WordMerger} merges the symbols of the remaining parts. {@link IndependentCharacters}
 *       lets it start from characters if the result is provably the same.
 * </ol>
 *
 * A vocabulary whose tokens span words (SuperBPE) is encoded on two levels: see below.
 *
 * <h2>Why it is exact</h2>
 *
 * <ul>
 *   <li><b>Caches.</b> The ids of a pretoken depend on its bytes alone. Parts of pretokens have
 *       separate keys if {@code ignore_merges} can lead to other ids.
 *   <li><b>Barriers.</b> {@link MergeBarriers} has the proof.
 *   <li><b>Independent characters.</b> {@link IndependentCharacters} has the proof.
 *   <li><b>Queue.</b> HF's queue and the rule above agree: {@link WordMerger} has the proof.
 * </ul>
 *
 * The tests compare all paths with a slow twin that follows the definition, with HF's own library,
 * and with published ids.
 *
 * <h2>Tokens that span words</h2>
 *
 * If tokens span words, a pretoken is a sentence. It seldom occurs twice, and few places in it are
 * barriers, so the steps above would merge nearly every one. {@link SuperwordEncoder} uses the fact
 * that the merges that join words come last.
 *
 * <p><b>Definitions.</b> The state of a pretoken is its sequence of symbols. For a number t, stage
 * 1 consists of the merges of rank below t; if a pair occurs twice, its last rank counts. {@code
 * E(w)} is the state in which merging the text w ends, and {@code E1(w)} the one in which merging w
 * with only stage 1 ends.
 *
 * <p><b>Lemma 1.</b> Merging {@code E1(w)} with all merges ends in {@code E(w)}. Proof: a step
 * depends on the state alone. While a pair of rank below t exists, the lowest rank is that of a
 * merge of stage 1, and both take the same step. So merging w passes the state {@code E1(w)} before
 * {@code E(w)}. This holds for every table and every t: the ranks of stage 2 need no order, and its
 * steps may produce pairs of stage 1.
 *
 * <p><b>Lemma 2.</b> If no token that a merge of stage 1 produces has the byte x followed by the
 * byte y, then for u ending with x and v beginning with y, {@code E1(uv)} is {@code E1(u)} followed
 * by {@code E1(v)}. Proof: a merge across that place would produce this token, and steps on one
 * side do not change the other side. The premise is decided for each pair of bytes, from the
 * tokens, when the model is first used.
 *
 * <p><b>Lemma 3.</b> Let a symbol s, which spans the text p, be in the state at the end of stage 1
 * or later. Then {@code E1(w)} has the symbols {@code E1(p)} in that span. Proof: no merge has
 * crossed the ends of the span, since its result would be in place of s. So the steps inside were
 * the lowest and leftmost ones of the span alone, in the same order; and when stage 1 ended, no
 * pair of stage 1 was left inside.
 *
 * <p><b>Lemma 4.</b> Let a and b be neighbors in {@code E1(w)}. If a later merge ever joins them
 * into one symbol, then there is a merge (x, y) such that a is the last symbol of {@code E1(x)} and
 * b is the first one of {@code E1(y)}, and (x, y) is not a merge of stage 1 whose parts stage 1
 * produces. Proof: take the first merge that crosses the place between a and b, and apply lemma 3
 * to its two parts. If it were of stage 1, with {@code E1(x) = x} and {@code E1(y) = y}, its pair
 * would be in {@code E1(w)}, which has no pair of stage 1.
 *
 * <p><b>Algorithm.</b> {@link SuperwordTables} takes as t the lowest rank of a token with a letter,
 * spaces and a letter; a table without such a token is encoded as above. It marks the pairs of
 * bytes of lemma 2 and the pairs of symbols of lemma 4. A pretoken is cut into pieces by lemma 2.
 * These are roughly words, which stage 1 encodes through the caches. The resulting ids are cut into
 * runs by lemma 4, mostly of one or two ids, and each run is merged with all merges.
 *
 * <p><b>Cost.</b> Linear in the bytes of the pretoken if its pieces are in caches and its runs are
 * short; n log n in the worst case. The tables take 128 KB, up to 512 KB of marks and a second
 * table of the merges of stage 1; building them encodes each token once.
 *
 * <h2>Cost</h2>
 *
 * A cached pretoken costs a look-up that waits for memory once. Another one costs n log n in its n
 * symbols in the worst case. An encoder takes at most 100 MB for its caches (less if the heap is
 * small) and belongs to one thread; the model is shared.
 *
 * <p>Start with {@link org.merganser.bpe.encode.BpeModel}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.encode;

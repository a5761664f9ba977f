// Predicts as merganser predict does: org.merganser.learn.ngram.NgramFile.read, NgramModel and SamplingStrategy, with
// the same operations in the same order, so that the probabilities are the same doubles. ReportPageBrowserTest compares
// them.
"use strict";
(function (root) {
  /** The n-gram model of a file. Symbols are ids and, behind them, begin and perhaps an end. */
  class Ngrams {
    constructor(file) {
      const numbers = new root.Numbers(file);
      this.order = numbers.next();
      this.idBound = numbers.next();
      const endOfDocument = numbers.next() - 1;
      this.begin = this.idBound;
      this.end = endOfDocument < 0 ? this.idBound + 1 : endOfDocument;
      this.symbols = endOfDocument < 0 ? this.idBound + 2 : this.idBound + 1;
      const doubles = numbers.take(24 * this.order);
      const view = new DataView(doubles.buffer, doubles.byteOffset, doubles.byteLength);
      const discounts = Array.from({ length: this.order }, (_, k) => [0, 1, 2, 3].map((c) => (c === 0 ? 0 : view.getFloat64(24 * k + 8 * (c - 1), true))));
      const discount = (k, adjusted) => discounts[k][Math.min(adjusted, 3)];
      this.levels = [this.unigrams(Float64Array.from({ length: this.symbols }, () => numbers.next()), discount)];
      for (let k = 1; k < this.order; k++) this.read(numbers, k, discount);
    }

    unigrams(adjusted, discount) {
      let total = 0, left = 0;
      for (const count of adjusted) { total += count; left += discount(0, count); }
      const uniform = (total === 0 ? 1 : left / total) / (this.symbols - 1);
      const probabilities = adjusted.map((count) => (total === 0 ? 0 : (count - discount(0, count)) / total) + uniform);
      probabilities[this.begin] = 0;
      return { probabilities, ids: null, size: this.symbols, parents: null };
    }

    /** The n-grams of k + 1 symbols; gives those of k symbols their continuations and backoffs. */
    read(numbers, k, discount) {
      const above = this.levels[k - 1];
      const first = above.first = new Int32Array(above.size + 1);
      const cut = new Float64Array(above.size);
      for (let h = 0; h < above.size; h++) {
        const value = numbers.next();
        first[h + 1] = first[h] + Math.floor(value / 2);
        cut[h] = value % 2 === 0 ? 0 : numbers.next();
      }
      const size = first[above.size];
      const ids = new Int32Array(size), parents = new Int32Array(size), adjusted = new Float64Array(size);
      for (let h = 0, i = 0; h < above.size; h++) {
        for (let last = -1; i < first[h + 1]; i++) {
          const value = numbers.next();
          ids[i] = last += Math.floor(value / 2);
          adjusted[i] = value % 2 === 0 ? 1 : numbers.next();
          if (k < this.order - 1) numbers.next();
          parents[i] = h;
        }
      }
      const level = { ids, parents, size, probabilities: new Float64Array(size) };
      above.backoffs = new Float64Array(above.size);
      this.levels[k] = level;
      const symbols = new Int32Array(k + 1);
      for (let h = 0; h < above.size; h++) {
        let total = cut[h], left = total;
        for (let i = first[h]; i < first[h + 1]; i++) { total += adjusted[i]; left += discount(k, adjusted[i]); }
        const backoff = above.backoffs[h] = total === 0 ? 1 : left / total;
        for (let i = first[h]; i < first[h + 1]; i++) {
          for (let at = k, node = i; at > 0; at--) {
            symbols[at] = this.levels[at].ids[node];
            node = this.levels[at].parents[node];
          }
          const lower = above.probabilities[this.node(symbols, 1, k + 1)];
          level.probabilities[i] = (adjusted[i] - discount(k, adjusted[i])) / total + backoff * lower;
        }
      }
    }

    /** The n-gram symbols[from, to) on its level, or -1. */
    node(symbols, from, to) {
      let node = symbols[from];
      for (let at = from + 1; at < to && node >= 0; at++) {
        const { first } = this.levels[at - from - 1], { ids } = this.levels[at - from];
        let low = first[node], high = first[node + 1];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (ids[middle] < symbols[at]) low = middle + 1; else high = middle;
        }
        node = low < first[node + 1] && ids[low] === symbols[at] ? low : -1;
      }
      return node;
    }

    /** The probability of each symbol to come after the history, the earliest symbol first. */
    distribution(history) {
      const out = Float64Array.from(this.levels[0].probabilities);
      for (let length = 1; length <= Math.min(history.length, this.order - 1); length++) {
        const node = this.node(history, history.length - length, history.length);
        if (node < 0) return out;
        const { first, backoffs } = this.levels[length - 1], below = this.levels[length];
        for (let symbol = 0; symbol < out.length; symbol++) out[symbol] *= backoffs[node];
        for (let i = first[node]; i < first[node + 1]; i++) out[below.ids[i]] = below.probabilities[i];
      }
      return out;
    }
  }

  /** Symbols by probability, the highest first, ties by symbol; those of probability 0 left out. */
  function mostProbable(distribution, wanted) {
    const best = [];
    const before = (a, b) => distribution[b] - distribution[a] || a - b;
    for (let symbol = 0; symbol < distribution.length; symbol++) {
      if (!(distribution[symbol] > 0)) continue;
      if (best.length === wanted && before(symbol, best[wanted - 1]) > 0) continue;
      let low = 0, high = best.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (before(best[middle], symbol) < 0) low = middle + 1; else high = middle;
      }
      best.splice(low, 0, symbol);
      if (best.length > wanted) best.pop();
    }
    return best;
  }

  /** An id without a token has a probability but no text: it is never chosen. */
  function withoutGaps(distribution, idBound, has) {
    let gaps = 0;
    for (let id = 0; id < idBound; id++) if (!has(id)) { gaps += distribution[id]; distribution[id] = 0; }
    if (gaps > 0) for (let id = 0; id < distribution.length; id++) distribution[id] /= 1 - gaps;
  }

  function keepBest(distribution, k) {
    const best = mostProbable(distribution, k), kept = best.map((symbol) => distribution[symbol]);
    const sum = kept.reduce((a, b) => a + b, 0);
    distribution.fill(0);
    best.forEach((symbol, i) => { distribution[symbol] = kept[i] / sum; });
  }

  function heat(distribution, temperature) {
    if (temperature === 0) keepBest(distribution, 1);
    if (temperature === 0 || temperature === 1) return;
    const most = distribution.reduce((a, b) => Math.max(a, b), 0);
    let sum = 0;
    for (let i = 0; i < distribution.length; i++) {
      if (distribution[i] > 0) sum += distribution[i] = Math.exp(Math.log(distribution[i] / most) / temperature);
    }
    for (let i = 0; i < distribution.length; i++) distribution[i] /= sum;
  }

  /** Turns the distribution of a model into the one that is drawn from, in place. */
  const STRATEGIES = {
    greedy: (distribution) => keepBest(distribution, 1),
    random: () => {},
    "top-k": (distribution, k, temperature) => { keepBest(distribution, k); heat(distribution, temperature); },
    temperature: (distribution, k, temperature) => heat(distribution, temperature),
  };

  /** The generator SplitMix64, uniform in [0, 1). */
  class Random {
    constructor(seed) { this.state = BigInt.asUintN(64, BigInt(seed)); }
    next() {
      const mask = (1n << 64n) - 1n;
      let z = this.state = (this.state + 0x9e3779b97f4a7c15n) & mask;
      z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
      return Number((z ^ (z >> 31n)) >> 11n) * 2 ** -53;
    }
  }

  /** Draws a symbol; those of probability 0 are never drawn. */
  function draw(distribution, random) {
    let left = random.next(), last = -1;
    for (let i = 0; i < distribution.length; i++) {
      if (distribution[i] > 0) {
        left -= distribution[i];
        last = i;
        if (left < 0) return i;
      }
    }
    return last;
  }

  Object.assign(root, { Ngrams, mostProbable, withoutGaps, STRATEGIES, Random, draw });
})(globalThis.Merganser);

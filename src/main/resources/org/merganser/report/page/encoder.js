// Encodes text as the tokenizer of the run does: the steps of org.merganser.tokenizer.Encoder, on the
// packed vocabulary of the page (org.merganser.report.page.PackedVocabulary) and the description of
// org.merganser.report.page.PageTokenizer. PageEncoderTest compares the ids with those of the Java one.
"use strict";
(function (root) {
  /** Reads unsigned LEB128 numbers and bytes. */
  class Numbers {
    constructor(bytes) { this.bytes = bytes; this.at = 0; }
    next() {
      let value = 0, factor = 1;
      for (;;) {
        const b = this.bytes[this.at++];
        if (b === undefined) throw new Error("the packed data ends within a number");
        value += (b & 0x7f) * factor;
        if (b < 0x80) return value;
        factor *= 128;
      }
    }
    take(length) { return this.bytes.subarray(this.at, this.at += length); }
    get done() { return this.at >= this.bytes.length; }
  }

  /** The bytes and counts of tokens by id, and the merges by rank. */
  class Vocabulary {
    constructor(packed) {
      const numbers = new Numbers(packed);
      const bound = this.bound = numbers.next();
      const spelled = new Map(); // tokens whose bytes are not those of two others
      for (let left = numbers.next(), id = -1; left > 0; left--) {
        id += numbers.next();
        spelled.set(id, numbers.take(numbers.next()));
      }
      const merges = this.merges = numbers.next();
      this.left = Int32Array.from({ length: merges }, () => numbers.next());
      this.right = Int32Array.from({ length: merges }, () => numbers.next());
      let last = -1;
      this.result = Int32Array.from({ length: merges }, () => {
        const zigzag = numbers.next();
        return last += 1 + (zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
      });
      this.counts = Float64Array.from({ length: bound }, () => numbers.next());

      this.rankOf = new Int32Array(bound).fill(-1);
      this.lengths = new Int32Array(bound).fill(-1);
      spelled.forEach((bytes, id) => { this.lengths[id] = bytes.length; });
      const joined = []; // ranks of the merges that give a token its bytes
      for (let rank = 0; rank < merges; rank++) {
        const id = this.result[rank];
        if (this.rankOf[id] < 0) this.rankOf[id] = rank;
        if (this.lengths[id] < 0) {
          this.lengths[id] = this.lengths[this.left[rank]] + this.lengths[this.right[rank]];
          joined.push(rank);
        }
      }
      this.starts = new Float64Array(bound + 1);
      for (let id = 0; id < bound; id++) this.starts[id + 1] = this.starts[id] + Math.max(0, this.lengths[id]);
      this.bytes = new Uint8Array(this.starts[bound]);
      spelled.forEach((bytes, id) => this.bytes.set(bytes, this.starts[id]));
      for (const rank of joined) {
        const left = this.left[rank], start = this.starts[this.result[rank]];
        this.bytes.set(this.of(left), start);
        this.bytes.set(this.of(this.right[rank]), start + this.lengths[left]);
      }
    }
    has(id) { return this.lengths[id] >= 0; }
    of(id) { return this.bytes.subarray(this.starts[id], this.starts[id + 1]); }
  }

  /** Ranks of pairs of ids: open addressing, which is ready ten times sooner than a Map. */
  class Ranks {
    constructor(vocabulary) {
      this.vocabulary = vocabulary;
      let size = 4;
      while (size < 2 * vocabulary.merges) size *= 2;
      this.slots = new Int32Array(size).fill(-1);
      for (let rank = 0; rank < vocabulary.merges; rank++) {
        // A pair that is merged twice keeps the last rank.
        this.slots[this.slot(vocabulary.left[rank], vocabulary.right[rank])] = rank;
      }
    }
    slot(left, right) {
      const { slots, vocabulary } = this;
      let slot = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
      for (slot ^= slot >>> 15; ; slot++) {
        slot &= slots.length - 1;
        const rank = slots[slot];
        if (rank < 0 || (vocabulary.left[rank] === left && vocabulary.right[rank] === right)) return slot;
      }
    }
    rank(left, right) { return this.slots[this.slot(left, right)]; }
  }

  /** A binary heap of numbers. */
  class Heap {
    constructor() { this.numbers = []; }
    get empty() { return this.numbers.length === 0; }
    add(number) {
      const { numbers } = this;
      let at = numbers.length;
      for (let parent; at > 0 && numbers[parent = (at - 1) >> 1] > number; at = parent) numbers[at] = numbers[parent];
      numbers[at] = number;
    }
    takeLeast() {
      const { numbers } = this;
      const least = numbers[0], number = numbers.pop();
      if (numbers.length === 0) return least;
      let at = 0;
      for (let child; (child = 2 * at + 1) < numbers.length; at = child) {
        if (child + 1 < numbers.length && numbers[child + 1] < numbers[child]) child++;
        if (numbers[child] >= number) break;
        numbers[at] = numbers[child];
      }
      numbers[at] = number;
      return least;
    }
  }

  const utf8 = new TextEncoder();
  const POSITIONS = 2 ** 31; // more than a pretoken has bytes; a rank times it is an exact number
  const CACHED_PRETOKENS = 50000;

  class Encoder {
    constructor(vocabulary, tokenizer) {
      if (tokenizer.unsupported) throw new Error(tokenizer.unsupported);
      this.vocabulary = vocabulary;
      this.added = tokenizer.added;
      this.ignoreMerges = tokenizer.ignoreMerges;
      this.splits = tokenizer.splits.map((split) => new RegExp(split, "gu"));
      this.normalizers = tokenizer.normalizers.map((step) => {
        if (step.prepend !== null) return (text) => text === "" ? "" : step.prepend + text;
        const regex = new RegExp(step.form ? tokenizer.normalizedRun : step.find, "gu");
        if (step.form) return (text) => text.replace(regex, (run) => run.normalize(step.form));
        return (text) => text.replace(regex, () => step.replacement);
      });
      this.ranks = new Ranks(vocabulary);
      this.addedIds = new Set(this.added.map((token) => token.id));
      this.idOfByte = new Int32Array(256).fill(-1);
      const takeByte = (id) => {
        const bytes = vocabulary.of(id);
        if (bytes.length === 1) this.idOfByte[bytes[0]] = id;
      };
      [...this.addedIds].reverse().forEach(takeByte); // an added token may be a byte of the model, too
      for (let id = vocabulary.bound - 1; id >= 0; id--) {
        if (vocabulary.rankOf[id] < 0 && !this.addedIds.has(id)) takeByte(id);
      }
      this.cache = new Map();
    }

    /** Ids of a text; `parseSpecial`: special tokens spelled in it are these tokens. */
    encode(text, parseSpecial) {
      const ids = [];
      const added = this.added.filter((token) => parseSpecial || !token.special);
      const seesNormalized = (token) => token.normalized && this.normalizers.length > 0;
      const inText = added.filter((token) => !seesNormalized(token));
      const inNormalized = added.filter(seesNormalized)
        .map((token) => ({ id: token.id, content: this.normalize(token.content) }));
      const wellFormed = text.toWellFormed ? text.toWellFormed() : text;
      cutAtAddedTokens(wellFormed, inText, ids, (part) =>
        cutAtAddedTokens(this.normalize(part), inNormalized, ids, (rest) => this.encodePlain(rest, ids)));
      return ids;
    }

    normalize(text) { return this.normalizers.reduce((result, step) => step(result), text); }

    /** Appends the ids of a normalized text without added tokens. */
    encodePlain(text, ids) {
      let pretokens = [text];
      for (const split of this.splits) pretokens = pretokens.flatMap((pretoken) => cut(pretoken, split));
      for (const pretoken of pretokens) {
        let known = this.cache.get(pretoken);
        if (!known) {
          known = this.encodePretoken(utf8.encode(pretoken));
          if (this.cache.size >= CACHED_PRETOKENS) this.cache.clear();
          this.cache.set(pretoken, known);
        }
        for (const id of known) ids.push(id);
      }
    }

    encodePretoken(bytes) {
      const whole = this.ignoreMerges ? this.idOfBytes().get(latin1(bytes)) : undefined;
      return whole === undefined ? this.merge(bytes) : [whole];
    }

    /** Merges the pair of the lowest rank, the leftmost of these first, until no pair has a rank. */
    merge(bytes) {
      const { ranks, vocabulary } = this;
      const ids = Int32Array.from(bytes, (b) => this.idOfByte[b]); // -1: merged into the id before it
      const end = ids.length;
      const next = ids.map((_, at) => at + 1);
      const previous = ids.map((_, at) => at - 1);
      const heap = new Heap(); // rank * POSITIONS + position of the left id
      const addPair = (at) => {
        if (at < 0 || next[at] === end) return;
        const rank = ranks.rank(ids[at], ids[next[at]]);
        if (rank >= 0) heap.add(rank * POSITIONS + at);
      };
      for (let at = 0; at < end; at++) addPair(at);
      while (!heap.empty) {
        const least = heap.takeLeast();
        const rank = Math.floor(least / POSITIONS), at = least % POSITIONS, right = next[at];
        // A pair is stale when a merge has changed one of its ids.
        if (ids[at] < 0 || right === end || ranks.rank(ids[at], ids[right]) !== rank) continue;
        ids[at] = vocabulary.result[rank];
        ids[right] = -1;
        next[at] = next[right];
        if (next[at] < end) previous[next[at]] = at;
        addPair(previous[at]);
        addPair(at);
      }
      return ids.filter((id) => id >= 0);
    }

    /** Tokens of the model by their bytes, made when first asked for. */
    idOfBytes() {
      if (!this.byBytes) {
        this.byBytes = new Map();
        for (let id = 0; id < this.vocabulary.bound; id++) {
          if (this.vocabulary.has(id) && !this.addedIds.has(id)) this.byBytes.set(latin1(this.vocabulary.of(id)), id);
        }
      }
      return this.byBytes;
    }
  }

  /** A string with a character for each byte, since a Map finds no array by its content. */
  function latin1(bytes) {
    let text = "";
    for (const b of bytes) text += String.fromCharCode(b);
    return text;
  }

  /** Appends the ids of the added tokens in a text, leftmost and then longest; hands on what is between. */
  function cutAtAddedTokens(text, added, ids, handOn) {
    const longestFirst = added.filter((token) => token.content !== "")
      .sort((a, b) => b.content.length - a.content.length);
    const idOf = new Map(longestFirst.map((token) => [token.content, token.id]));
    let at = 0;
    if (idOf.size > 0) {
      const quoted = longestFirst.map((token) => token.content.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&"));
      for (const match of text.matchAll(new RegExp(quoted.join("|"), "gu"))) {
        if (match.index > at) handOn(text.slice(at, match.index));
        ids.push(idOf.get(match[0]));
        at = match.index + match[0].length;
      }
    }
    if (at < text.length) handOn(text.slice(at));
  }

  /** The matches of a regular expression in a text, and what is between them. */
  function cut(text, regex) {
    const pieces = [];
    let at = 0;
    const add = (to) => {
      if (to > at) pieces.push(text.slice(at, to));
      at = to;
    };
    for (const match of text.matchAll(regex)) {
      add(match.index);
      add(match.index + match[0].length);
    }
    add(text.length);
    return pieces;
  }

  root.Merganser = { Numbers, Vocabulary, Encoder };
})(globalThis);

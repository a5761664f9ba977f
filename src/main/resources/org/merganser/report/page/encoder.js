// Encodes text as the run's tokenizer does: the same steps as org.merganser.tokenizer.Encoder, on
// the packed vocabulary of the page (org.merganser.report.PackedVocabulary). A test compares them.
"use strict";
(function (root) {
  /** Unsigned LEB128 numbers one behind the other. */
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

  /** Tokens by id: bytes, counts, and the merges that make them. */
  class Vocabulary {
    constructor(packed) {
      const numbers = new Numbers(packed);
      const bound = this.bound = numbers.next();
      const given = numbers.next();
      const own = new Map();
      for (let i = 0, id = -1; i < given; i++) {
        id += numbers.next();
        own.set(id, numbers.take(numbers.next()));
      }
      const merges = this.merges = numbers.next();
      this.left = new Int32Array(merges);
      this.right = new Int32Array(merges);
      this.result = new Int32Array(merges);
      for (let r = 0; r < merges; r++) this.left[r] = numbers.next();
      for (let r = 0; r < merges; r++) this.right[r] = numbers.next();
      for (let r = 0, before = -1; r < merges; r++) {
        const twice = numbers.next();
        const distance = twice % 2 === 0 ? twice / 2 : -(twice + 1) / 2;
        before = this.result[r] = before + 1 + distance;
      }
      this.counts = new Float64Array(bound);
      for (let id = 0; id < bound; id++) this.counts[id] = numbers.next();
      this.rankOf = new Int32Array(bound).fill(-1);
      const lengths = new Int32Array(bound).fill(-1);
      own.forEach((bytes, id) => { lengths[id] = bytes.length; });
      for (let r = 0; r < merges; r++) {
        const id = this.result[r];
        if (this.rankOf[id] < 0) {
          this.rankOf[id] = r;
          if (lengths[id] < 0) lengths[id] = lengths[this.left[r]] + lengths[this.right[r]];
        }
      }
      this.starts = new Float64Array(bound + 1);
      for (let id = 0; id < bound; id++) this.starts[id + 1] = this.starts[id] + Math.max(0, lengths[id]);
      this.bytes = new Uint8Array(this.starts[bound]);
      this.known = new Uint8Array(bound);
      own.forEach((bytes, id) => { this.bytes.set(bytes, this.starts[id]); this.known[id] = 1; });
      this.size = given;
      for (let r = 0; r < merges; r++) {
        const id = this.result[r];
        if (!this.known[id]) {
          this.bytes.set(this.of(this.left[r]), this.starts[id]);
          this.bytes.set(this.of(this.right[r]), this.starts[id] + lengths[this.left[r]]);
          this.known[id] = 1;
          this.size++;
        }
      }
    }
    has(id) { return id >= 0 && id < this.bound && this.known[id] === 1; }
    of(id) { return this.bytes.subarray(this.starts[id], this.starts[id + 1]); }
  }

  /** Ranks of pairs of ids, in one open-addressed table. */
  class Ranks {
    constructor(vocabulary) {
      let size = 4;
      while (size < 2 * vocabulary.merges) size *= 2;
      this.mask = size - 1;
      this.slots = new Int32Array(size).fill(-1);
      this.vocabulary = vocabulary;
      for (let r = 0; r < vocabulary.merges; r++) {
        const slot = this.find(vocabulary.left[r], vocabulary.right[r]);
        this.slots[slot] = r; // a pair that was merged twice keeps the last rank
      }
    }
    find(left, right) {
      const { left: lefts, right: rights } = this.vocabulary;
      let slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b));
      slot = (slot ^ (slot >>> 15)) & this.mask;
      for (;;) {
        const r = this.slots[slot];
        if (r < 0 || (lefts[r] === left && rights[r] === right)) return slot;
        slot = (slot + 1) & this.mask;
      }
    }
    rank(left, right) { return this.slots[this.find(left, right)]; }
  }

  const utf8 = new TextEncoder();

  class Encoder {
    constructor(vocabulary, spec) {
      if (spec.unsupported) throw new Error(spec.unsupported);
      this.vocabulary = vocabulary;
      this.spec = spec;
      this.ranks = new Ranks(vocabulary);
      this.splits = spec.splits.map((s) => ({ ...s, regex: new RegExp(s.regex, "gu") }));
      this.normalizedRun = spec.normalizedRun ? new RegExp(spec.normalizedRun, "gu") : null;
      this.idOfByte = new Int32Array(256).fill(-1);
      this.special = new Set(spec.added.map((a) => a.id));
      for (let id = vocabulary.bound - 1; id >= 0; id--) {
        if (vocabulary.has(id) && vocabulary.rankOf[id] < 0 && !this.special.has(id)) {
          const bytes = vocabulary.of(id);
          if (bytes.length === 1) this.idOfByte[bytes[0]] = id;
        }
      }
      for (const added of spec.added) { // an added token may be a single byte of the model, too
        const bytes = vocabulary.of(added.id);
        if (bytes.length === 1 && this.idOfByte[bytes[0]] < 0) this.idOfByte[bytes[0]] = added.id;
      }
      this.cache = new Map();
      this.whole = null;
    }

    /** Ids of a text; `parseSpecial`: special tokens spelled in it are these tokens. */
    encode(text, parseSpecial) {
      const out = [];
      const found = this.spec.added.filter((a) => !a.special || parseSpecial);
      const raw = found.filter((a) => !a.normalized || this.spec.normalizers.length === 0);
      const later = found.filter((a) => !raw.includes(a));
      const later2 = later.map((a) => ({ ...a, content: this.normalize(a.content) }));
      for (const piece of cutOut(text.toWellFormed ? text.toWellFormed() : text, raw)) {
        if (typeof piece === "number") { out.push(piece); continue; }
        for (const part of cutOut(this.normalize(piece), later2)) {
          if (typeof part === "number") out.push(part);
          else this.encodePlain(part, out);
        }
      }
      return out;
    }

    normalize(text) {
      let result = text;
      for (const step of this.spec.normalizers) {
        if (step.form) {
          result = result.replace(this.normalizedRun, (run) => run.normalize(step.form));
        } else if (step.prepend !== null) {
          result = result === "" ? "" : step.prepend + result;
        } else {
          result = result.replace(new RegExp(step.find, "gu"), () => step.replacement);
        }
      }
      return result;
    }

    encodePlain(text, out) {
      if (text === "") return;
      let pieces = [text];
      if (this.spec.prefixSpace && !/^\s/u.test(text)) pieces = [" " + text];
      for (const split of this.splits) pieces = pieces.flatMap((piece) => cut(piece, split));
      for (const piece of pieces) {
        let ids = this.cache.get(piece);
        if (!ids) {
          ids = this.merge(utf8.encode(piece));
          if (this.cache.size > 50000) this.cache.clear();
          this.cache.set(piece, ids);
        }
        for (const id of ids) out.push(id);
      }
    }

    merge(bytes) {
      if (this.spec.ignoreMerges) {
        const id = this.wholes().get(latin1(bytes));
        if (id !== undefined) return [id];
      }
      const ids = Array.from(bytes, (b) => this.idOfByte[b]);
      const { ranks, vocabulary } = this;
      const found = []; // the rank of each pair, -1 for none
      for (let i = 0; i + 1 < ids.length; i++) found.push(ranks.rank(ids[i], ids[i + 1]));
      for (;;) {
        let best = -1;
        for (let i = 0; i < found.length; i++) {
          if (found[i] >= 0 && (best < 0 || found[i] < found[best])) best = i;
        }
        if (best < 0) return ids;
        ids.splice(best, 2, vocabulary.result[found[best]]);
        found.splice(best, 1);
        if (best > 0) found[best - 1] = ranks.rank(ids[best - 1], ids[best]);
        if (best < found.length) found[best] = ranks.rank(ids[best], ids[best + 1]);
      }
    }

    wholes() {
      if (!this.whole) {
        this.whole = new Map();
        for (let id = 0; id < this.vocabulary.bound; id++) {
          if (this.vocabulary.has(id) && !this.special.has(id)) {
            this.whole.set(latin1(this.vocabulary.of(id)), id);
          }
        }
      }
      return this.whole;
    }
  }

  function latin1(bytes) {
    let text = "";
    for (const b of bytes) text += String.fromCharCode(b);
    return text;
  }

  /** Cuts added tokens out of a text: the leftmost, and the longest of those. */
  function cutOut(text, added) {
    if (added.length === 0) return [text];
    const longest = [...added].sort((a, b) => b.content.length - a.content.length);
    const quoted = longest.map((a) => a.content.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&"));
    const ids = new Map(longest.map((a) => [a.content, a.id]));
    const out = [];
    let at = 0;
    for (const match of text.matchAll(new RegExp(quoted.join("|"), "gu"))) {
      if (match[0] === "") continue;
      if (match.index > at) out.push(text.slice(at, match.index));
      out.push(ids.get(match[0]));
      at = match.index + match[0].length;
    }
    if (at < text.length) out.push(text.slice(at));
    return out;
  }

  /** A Split of HF: what of a text the matches of its pattern make. */
  function cut(text, split) {
    const spans = []; // {from, to, match}
    let at = 0;
    for (const m of text.matchAll(split.regex)) {
      const end = m.index + m[0].length;
      if (m.index > at) spans.push({ from: at, to: m.index, match: false });
      if (end > m.index) spans.push({ from: m.index, to: end, match: true });
      at = Math.max(at, end);
    }
    if (at < text.length) spans.push({ from: at, to: text.length, match: false });
    if (split.invert) for (const s of spans) s.match = !s.match;
    const joined = [];
    let before = null;
    for (const s of spans) {
      const last = joined[joined.length - 1];
      if (split.behavior === "removed") {
        if (!s.match) joined.push({ ...s });
      } else if (split.behavior === "contiguous" && last && last.match === s.match) {
        last.to = s.to;
      } else if (split.behavior === "merged_with_previous" && s.match && before && !before.match) {
        last.to = s.to;
      } else if (split.behavior === "merged_with_next" && before && before.match && !s.match) {
        last.to = s.to;
      } else {
        joined.push({ ...s });
      }
      before = s;
    }
    return joined.map((s) => text.slice(s.from, s.to));
  }

  root.Merganser = { Numbers, Vocabulary, Encoder };
})(globalThis);

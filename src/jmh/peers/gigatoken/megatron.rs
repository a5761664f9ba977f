//! The work of Megatron-LM's `tools/preprocess_data_fast.py` as a peer of `merganser bench megatron`:
//! megatron TOKENIZER.json INPUT.jsonl PREFIX
//!
//! Encodes the field `text` of each line by the library of gigatoken 0.10 (its crate `gigatoken_rs`) on
//! all cores, as its Python package encodes a batch, and writes PREFIX.bin and PREFIX.idx. As in that
//! tool the whole file and all its ids are in memory. It is the same in Rust from end to end: the ids are
//! never Python's.

use gigatoken_rs::load_tokenizer::hf::load_hf_bpe;
use gigatoken_rs::{WorkerPool, encode_docs_ragged};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::thread;

/// Vocabularies below have ids of 16 bits, by Megatron's own rule.
const NARROW: usize = 65_500;

/// A JSON text from a place on.
struct Json<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Json<'a> {
    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Whether the next character is this one, which is passed then.
    fn next_is(&mut self, character: u8) -> bool {
        self.blanks();
        let is = self.bytes.get(self.at) == Some(&character);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, character: u8) {
        assert!(
            self.next_is(character),
            "no '{}' at byte {} of {}",
            character as char,
            self.at,
            String::from_utf8_lossy(self.bytes)
        );
    }

    /// A string without its quotes, as it is where nothing in it is escaped.
    fn string(&mut self) -> Cow<'a, [u8]> {
        self.expect(b'"');
        let from = self.at;
        self.at += self.plain();
        if self.bytes[self.at] == b'"' {
            self.at += 1;
            return Cow::Borrowed(&self.bytes[from..self.at - 1]);
        }
        let mut text = self.bytes[from..self.at].to_vec();
        while self.bytes[self.at] == b'\\' {
            self.escaped(&mut text);
            let plain = self.plain();
            text.extend_from_slice(&self.bytes[self.at..self.at + plain]);
            self.at += plain;
        }
        self.at += 1;
        Cow::Owned(text)
    }

    /// Bytes before the next quote or backslash.
    fn plain(&self) -> usize {
        let rest = &self.bytes[self.at..];
        rest.iter()
            .position(|byte| matches!(byte, b'"' | b'\\'))
            .expect("a string has no end")
    }

    fn escaped(&mut self, text: &mut Vec<u8>) {
        let kind = self.bytes[self.at + 1];
        self.at += 2;
        match kind {
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'u' => {
                let mut units = vec![self.unit()];
                if (0xD800..0xDC00).contains(&units[0]) && self.bytes[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    units.push(self.unit());
                }
                let decoded = String::from_utf16(&units).expect("half of a surrogate pair");
                text.extend_from_slice(decoded.as_bytes());
            }
            itself => text.push(itself),
        }
    }

    fn unit(&mut self) -> u16 {
        let digits = std::str::from_utf8(&self.bytes[self.at..self.at + 4]).expect("no hex digits");
        self.at += 4;
        u16::from_str_radix(digits, 16).expect("no hex digits")
    }

    /// Passes a value, whatever it is.
    fn skip(&mut self) {
        self.blanks();
        match self.bytes[self.at] {
            b'"' => {
                self.string();
            }
            b'{' | b'[' => {
                let mut depth = 0;
                loop {
                    match self.bytes[self.at] {
                        b'"' => {
                            self.string();
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        _ => {}
                    }
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => {
                while !matches!(self.bytes.get(self.at), None | Some(b',' | b'}')) {
                    self.at += 1;
                }
            }
        }
    }
}

/// The field `text` of an object.
fn text(line: &[u8]) -> Cow<'_, [u8]> {
    let mut json = Json { bytes: line, at: 0 };
    json.expect(b'{');
    loop {
        let field = json.string();
        json.expect(b':');
        if field.as_ref() == b"text" {
            json.blanks();
            return json.string();
        }
        json.skip();
        json.expect(b',');
    }
}

/// Parts of about the same size that end behind lines.
fn parts(file: &[u8], count: usize) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = file;
    for left in (1..=count).rev() {
        let target = rest.len() / left;
        let end = rest[target..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |place| target + place + 1);
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

fn texts(part: &[u8]) -> Vec<Cow<'_, [u8]>> {
    part.split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(text)
        .collect()
}

fn write_ids(bin: &File, ids: &[u32], width: usize, cores: usize) {
    let each = ids.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        for (part, ids) in ids.chunks(each).enumerate() {
            scope.spawn(move || {
                for (block, ids) in ids.chunks(1 << 20).enumerate() {
                    let bytes: Vec<u8> = ids
                        .iter()
                        .flat_map(|id| id.to_le_bytes().into_iter().take(width))
                        .collect();
                    let at = (part * each + (block << 20)) * width;
                    bin.write_all_at(&bytes, at as u64).expect("PREFIX.bin cannot be written");
                }
            });
        }
    });
}

fn write_index(idx: File, lengths: &[i64], width: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(idx);
    out.write_all(b"MMIDIDX\0\0")?;
    out.write_all(&1u64.to_le_bytes())?;
    out.write_all(&[if width == 2 { 8 } else { 4 }])?;
    out.write_all(&(lengths.len() as u64).to_le_bytes())?;
    out.write_all(&(lengths.len() as u64 + 1).to_le_bytes())?;
    for length in lengths {
        out.write_all(&(*length as i32).to_le_bytes())?;
    }
    let mut position = 0i64;
    for length in lengths {
        out.write_all(&position.to_le_bytes())?;
        position += length * width as i64;
    }
    for document in 0..=lengths.len() as i64 {
        out.write_all(&document.to_le_bytes())?;
    }
    out.flush()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [json, input, prefix] = arguments.as_slice() else {
        panic!("megatron TOKENIZER.json INPUT.jsonl PREFIX");
    };
    let tokenizer = load_hf_bpe(json).expect("the tokenizer is not one of gigatoken's");
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let file = std::fs::read(input).expect("INPUT.jsonl cannot be read");
    let texts: Vec<Cow<[u8]>> = thread::scope(|scope| {
        let threads: Vec<_> = parts(&file, cores)
            .into_iter()
            .map(|part| scope.spawn(move || texts(part)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no JSON")).collect()
    });
    let documents: Vec<&[u8]> = texts.iter().map(|text| text.as_ref()).collect();
    let (ids, lengths) = encode_docs_ragged(&WorkerPool::new(), &tokenizer, &documents);
    let width = if tokenizer.vocab_size() < NARROW { 2 } else { 4 };
    let bin = File::create(format!("{prefix}.bin")).expect("PREFIX.bin cannot be made");
    write_ids(&bin, &ids, width, cores);
    let idx = File::create(format!("{prefix}.idx")).expect("PREFIX.idx cannot be made");
    write_index(idx, &lengths, width).expect("PREFIX.idx cannot be written");
}

//! gigatoken as a peer of `merganser bench peers`: encode TOKENIZER.json BEFORE MEASURED IDS
//!
//! Written for the library of gigatoken 0.10 (its crate `gigatoken_rs`). Its caches hold the strings of
//! the vocabulary from the start and may take what its Python package lets them take, 512 MB. Times are
//! CPU times of this thread, medians of seven rounds; making a tokenizer is not counted, as it is not
//! for ours.

use gigatoken_rs::Tokenizer;
use gigatoken_rs::load_tokenizer::hf::load_hf_bpe;
use std::io::{BufWriter, Write};

const ROUNDS: usize = 7;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanos: i64,
}

unsafe extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

/// CPU seconds of this thread.
fn cpu_seconds() -> f64 {
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;
    let mut time = Timespec { seconds: 0, nanos: 0 };
    let failed = unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert!(failed == 0, "no clock of the thread's CPU time");
    time.seconds as f64 + time.nanos as f64 / 1e9
}

/// Of each document its length, little-endian in 32 bits, and its UTF-8.
fn documents(file: &[u8]) -> Vec<&[u8]> {
    let mut documents = Vec::new();
    let mut rest = file;
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let (document, after) = behind.split_at(u32::from_le_bytes(*length) as usize);
        documents.push(document);
        rest = after;
    }
    documents
}

/// A document after the other into a buffer that is used again.
fn pass(tokenizer: &mut Tokenizer, documents: &[&[u8]], ids: &mut Vec<u32>) {
    for document in documents {
        ids.clear();
        tokenizer.encode_with_added_tokens_flat(document, ids);
    }
}

/// MB (10^6 bytes) a second of a pass.
fn speed(tokenizer: &mut Tokenizer, documents: &[&[u8]], ids: &mut Vec<u32>) -> f64 {
    let bytes: usize = documents.iter().map(|document| document.len()).sum();
    let start = cpu_seconds();
    pass(tokenizer, documents, ids);
    bytes as f64 / 1e6 / (cpu_seconds() - start)
}

fn median(mut speeds: Vec<f64>) -> f64 {
    speeds.sort_by(f64::total_cmp);
    speeds[speeds.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [json, before, measured, out] = arguments.as_slice() else {
        panic!("encode TOKENIZER.json BEFORE MEASURED IDS");
    };
    let loaded = load_hf_bpe(json).expect("the tokenizer is not one of gigatoken's");
    let before = std::fs::read(before).expect("BEFORE cannot be read");
    let measured = std::fs::read(measured).expect("MEASURED cannot be read");
    let (before, measured) = (documents(&before), documents(&measured));
    let (mut again, mut warm, mut cold) = (Vec::new(), Vec::new(), Vec::new());
    let mut ids = Vec::new();
    for _ in 0..ROUNDS {
        cold.push(speed(&mut loaded.fork(), &measured, &mut ids));
        let mut tokenizer = loaded.fork();
        pass(&mut tokenizer, &before, &mut ids);
        warm.push(speed(&mut tokenizer, &measured, &mut ids));
        again.push(speed(&mut tokenizer, &measured, &mut ids));
    }
    let mut file = BufWriter::new(std::fs::File::create(out).expect("IDS cannot be written"));
    let mut tokenizer = loaded.fork();
    for document in &measured {
        ids.clear();
        tokenizer.encode_with_added_tokens_flat(document, &mut ids);
        for id in &ids {
            file.write_all(&id.to_le_bytes()).expect("IDS cannot be written");
        }
    }
    file.flush().expect("IDS cannot be written");
    println!(
        "{{\"again\": {}, \"warm\": {}, \"cold\": {}}}",
        median(again),
        median(warm),
        median(cold)
    );
}

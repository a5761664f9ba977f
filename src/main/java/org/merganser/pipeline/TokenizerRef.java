package org.merganser.pipeline;

import java.io.Serializable;

/**
 * A published tokenizer: what travels to workers instead of the tokenizer itself.
 *
 * @param location of its tokenizer.json
 * @param sha256 of that file, lower-case hex
 */
record TokenizerRef(String location, String sha256) implements Serializable {}

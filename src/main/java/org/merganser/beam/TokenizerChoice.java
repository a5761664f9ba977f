package org.merganser.beam;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.SpecialText;

/**
 * Which tokenizer encodes, and how.
 *
 * @param location of its tokenizer.json, as every worker finds it
 * @param sha256 that its bytes must have; null: any
 * @param addSpecialTokens whether the post-processor's template is applied
 */
record TokenizerChoice(
    String location, @Nullable String sha256, SpecialText specialText, boolean addSpecialTokens)
    implements Serializable {}

package org.merganser.beam;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.SpecialText;

/**
 * The tokenizer and its settings.
 *
 * @param location of its tokenizer.json for every worker
 * @param sha256 that its bytes must have; null accepts any
 * @param addSpecialTokens whether the post-processor's template is applied
 */
record TokenizerChoice(
    String location, @Nullable String sha256, SpecialText specialText, boolean addSpecialTokens)
    implements Serializable {}

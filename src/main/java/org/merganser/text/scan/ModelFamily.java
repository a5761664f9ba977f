package org.merganser.text.scan;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.json.NamedInFile;
import org.merganser.text.normalize.NormalizerSpec;

/**
 * The model families with a known treatment of text: the split pattern, the normalizer and {@code
 * ignore_merges} of the family's published tokenizer.json.
 */
@SuppressWarnings("ImmutableEnumChecker") // a NormalizerSpec is immutable
public enum ModelFamily implements NamedInFile {
  GPT2("gpt2", SplitPattern.GPT2, /* ignoreMerges= */ false),
  LLAMA3("llama3", SplitPattern.CL100K, /* ignoreMerges= */ true),
  LLAMA4("llama4", SplitPattern.O200K, /* ignoreMerges= */ true),
  GPT_OSS("gpt-oss", SplitPattern.O200K, /* ignoreMerges= */ true),
  QWEN2("qwen2", SplitPattern.QWEN2, new NormalizerSpec.Nfc(), /* ignoreMerges= */ false),
  QWEN35("qwen3.5", SplitPattern.QWEN35, new NormalizerSpec.Nfc(), /* ignoreMerges= */ false),
  DEEPSEEK3("deepseek3", SplitPattern.DEEPSEEK3, /* ignoreMerges= */ false);

  private final String nameInFile;
  private final SplitPattern pattern;
  private final @Nullable NormalizerSpec normalizer;
  private final boolean ignoreMerges;

  ModelFamily(String nameInFile, SplitPattern pattern, boolean ignoreMerges) {
    this(nameInFile, pattern, null, ignoreMerges);
  }

  ModelFamily(
      String nameInFile,
      SplitPattern pattern,
      @Nullable NormalizerSpec normalizer,
      boolean ignoreMerges) {
    this.nameInFile = nameInFile;
    this.pattern = pattern;
    this.normalizer = normalizer;
    this.ignoreMerges = ignoreMerges;
  }

  /** The split patterns by their names: their own, and those of the families. */
  public static Map<String, SplitPattern> patterns() {
    Map<String, SplitPattern> patterns = new LinkedHashMap<>();
    for (SplitPattern pattern : SplitPattern.values()) {
      patterns.put(pattern.nameInFile(), pattern);
    }
    for (ModelFamily family : values()) {
      patterns.put(family.nameInFile, family.pattern);
    }
    return patterns;
  }

  /** The name in a job file. */
  @Override
  public String nameInFile() {
    return nameInFile;
  }

  /** The family's split pattern. */
  public SplitPattern pattern() {
    return pattern;
  }

  /** The family's normalizer; null if it has none. */
  public @Nullable NormalizerSpec normalizer() {
    return normalizer;
  }

  /** Whether the family's tokenizer.json sets {@code ignore_merges}. */
  public boolean ignoresMerges() {
    return ignoreMerges;
  }

  /** The spelling in a job file, independent of the constants' names. */
  @Override
  public String toString() {
    return nameInFile;
  }
}

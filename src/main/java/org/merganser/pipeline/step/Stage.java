package org.merganser.pipeline.step;

/** The stages of a run in the order in which they begin, with their names in progress and times. */
public enum Stage {
  DEDUPLICATE("find duplicates"),
  CHOOSE("choose documents"),
  COUNT("count pretokens"),
  LEARN_WORDS("learn words"),
  COUNT_WORD_PAIRS("count pairs of words"),
  COUNT_WORD_RUNS("count runs of words"),
  LEARN("learn merges"),
  ENCODE("encode"),
  PACK("pack sequences"),
  SHUFFLE("shuffle"),
  CONVERT("make layouts"),
  COUNT_NGRAMS("count n-grams"),
  LEARN_NGRAMS("learn n-grams"),
  COUNT_PAIRS("count pairs"),
  LEARN_VECTORS("learn vectors"),
  JOIN("join embeddings"),
  MEASURE("measure"),
  MANIFEST("write manifest");

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** Whether the stage reads the corpus, so that an error may be one of reading. */
  boolean readsText() {
    return switch (this) {
      case DEDUPLICATE, COUNT, COUNT_WORD_PAIRS, COUNT_WORD_RUNS, ENCODE -> true;
      default -> false;
    };
  }

  /** Whether the stage learns merges, so that its progress is counted in merges. */
  public boolean learnsMerges() {
    return this == LEARN || this == LEARN_WORDS;
  }
}

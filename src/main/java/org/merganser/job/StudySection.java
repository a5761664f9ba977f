package org.merganser.job;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code study} of a job file: which vocabularies are learned and compared. Each size
 * is combined with each pattern, and each of these with the job as it is and with each element of
 * {@code mix}, {@code parity} and {@code superwords}.
 */
record StudySection(
    @Field(
            doc = "The sizes, as tokenizer.train.vocabSize; null: that one.",
            byDefault = "null",
            min = 1,
            max = 16777216)
        @Nullable List<Integer> vocabSize,
    @Field(
            doc = "The split patterns, as tokenizer.train.pattern; null: that one.",
            byDefault = "null")
        @Nullable List<String> pattern,
    @Field(
            doc = "Each is learned from once more with this tokenizer.train.mix.",
            byDefault = "null")
        @Nullable List<SortedMap<String, MixShare>> mix,
    @Field(doc = "Each is learned once more with this tokenizer.train.parity.", byDefault = "null")
        @Nullable List<TrainSection.Parity> parity,
    @Field(
            doc = "Each is learned once more with this tokenizer.train.superwords.",
            byDefault = "null")
        @Nullable List<TrainSection.Superwords> superwords,
    @Field(
            doc =
                "Floats a row of the embedding table of the model to be: says what each vocabulary"
                    + " costs there; null: not said.",
            byDefault = "null",
            min = 1,
            max = 1048576)
        @Nullable Integer dim) {
  static final String KEY = "study";
}

package org.merganser.pipeline.spec;

import static org.merganser.job.key.KeyRole.ARRANGEMENT;
import static org.merganser.job.key.KeyRole.BLEND;
import static org.merganser.job.key.KeyRole.COUNTED;
import static org.merganser.job.key.KeyRole.DUPLICATES;
import static org.merganser.job.key.KeyRole.ENCODED;
import static org.merganser.job.key.KeyRole.ENDS;
import static org.merganser.job.key.KeyRole.FOLDER_LIMIT;
import static org.merganser.job.key.KeyRole.FORMATS;
import static org.merganser.job.key.KeyRole.GROUPS;
import static org.merganser.job.key.KeyRole.LAYOUT;
import static org.merganser.job.key.KeyRole.NGRAMS;
import static org.merganser.job.key.KeyRole.PAIRS;
import static org.merganser.job.key.KeyRole.PRETOKENS;
import static org.merganser.job.key.KeyRole.REPORT;
import static org.merganser.job.key.KeyRole.ROWS;
import static org.merganser.job.key.KeyRole.RUN_END;
import static org.merganser.job.key.KeyRole.SPLIT;
import static org.merganser.job.key.KeyRole.SUPERWORDS;
import static org.merganser.job.key.KeyRole.TEXT;
import static org.merganser.job.key.KeyRole.VECTORS;
import static org.merganser.job.key.KeyRole.VOCABULARY;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.job.JobKeys;
import org.merganser.job.JobReader;
import org.merganser.job.Key;
import org.merganser.job.key.KeyRole;
import org.merganser.pipeline.output.Fingerprint;

/**
 * The stages of a run in the order in which they begin, with their names in progress and times, and
 * the keys of the job that each declares by their roles. {@link #PACK} begins before {@link
 * #SHUFFLE} if sequences are shuffled, and after it if documents are.
 *
 * <p>A stage receives a job in which every key that it does not declare has its default. The first
 * set of roles decides the output of the stage, and its keys are in the fingerprint. The second set
 * is only visible. Its effect is among the other inputs of the fingerprint, or there is none on
 * files:
 *
 * <ul>
 *   <li>The way of pretokenization is an input as the rule for cutting documents or as the
 *       tokenizer, segments of documents as the shards, and groups of counts as the way of
 *       counting.
 *   <li>A layout has a separate fingerprint, also if encoding writes it.
 *   <li>Limits and the report do not change the files of other stages.
 * </ul>
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // the sets are never modified; lastKeys is a cache of one entry
public enum Stage {
  DEDUPLICATE("find duplicates", EnumSet.of(TEXT), EnumSet.of(PRETOKENS)),
  CHOOSE("choose documents", EnumSet.of(TEXT, SPLIT, PRETOKENS), Declared.NONE),
  COUNT("count pretokens", Declared.COUNTING, EnumSet.of(GROUPS)),
  LEARN_WORDS("learn words", Declared.LEARNING, EnumSet.of(GROUPS)),
  COUNT_WORD_PAIRS(
      "count pairs of words", Declared.COUNTING, EnumSet.of(GROUPS, VOCABULARY, SUPERWORDS)),
  COUNT_WORD_RUNS(
      "count runs of words", Declared.COUNTING, EnumSet.of(GROUPS, VOCABULARY, SUPERWORDS)),
  LEARN("learn merges", Declared.LEARNING, EnumSet.of(GROUPS)),
  ENCODE(
      "encode",
      EnumSet.of(TEXT, SPLIT, ENCODED, ROWS, ENDS),
      EnumSet.of(PRETOKENS, FOLDER_LIMIT, REPORT, ARRANGEMENT, LAYOUT, FORMATS)),
  PACK("pack sequences", EnumSet.of(ARRANGEMENT, ROWS, ENDS), EnumSet.of(TEXT, LAYOUT, FORMATS)),
  SHUFFLE("shuffle", EnumSet.of(ARRANGEMENT, ROWS, ENDS), EnumSet.of(TEXT, LAYOUT, FORMATS)),
  CONVERT("make layouts", EnumSet.of(ARRANGEMENT, ROWS, ENDS, LAYOUT), EnumSet.of(TEXT, FORMATS)),
  COUNT_NGRAMS("count n-grams", EnumSet.of(NGRAMS, ENDS), Declared.NONE),
  LEARN_NGRAMS("learn n-grams", EnumSet.of(NGRAMS, ENDS), Declared.NONE),
  COUNT_PAIRS("count pairs", EnumSet.of(PAIRS, ENDS), Declared.NONE),
  LEARN_VECTORS("learn vectors", EnumSet.of(PAIRS, VECTORS, ENDS), Declared.NONE),
  JOIN("join embeddings", EnumSet.of(KeyRole.JOIN, ENDS), EnumSet.of(TEXT, RUN_END)),
  MEASURE(
      "measure", EnumSet.of(REPORT), EnumSet.of(TEXT, SPLIT, DUPLICATES, GROUPS, ENCODED, ENDS)),
  MANIFEST("write manifest", EnumSet.of(BLEND), EnumSet.allOf(KeyRole.class));

  /** Sets that several stages share; constants of an enum cannot use its own static fields. */
  private static final class Declared {
    static final Set<KeyRole> NONE = Set.of();
    static final Set<KeyRole> COUNTING = EnumSet.of(TEXT, SPLIT, DUPLICATES, PRETOKENS, COUNTED);
    static final Set<KeyRole> LEARNING = EnumSet.of(VOCABULARY, SUPERWORDS);

    /** The files to read and the place of the output, which every stage may see. */
    static final Set<KeyRole> ALWAYS = EnumSet.of(KeyRole.FILES, KeyRole.PLACE);

    static {
      LEARNING.addAll(COUNTING);
    }
  }

  private final String label;
  private final Set<KeyRole> decidedBy;
  private final Set<KeyRole> seen = EnumSet.copyOf(Declared.ALWAYS);

  /** The deciding keys of the job that was fingerprinted last: all units of a run have one job. */
  private volatile DecidingKeys lastKeys = new DecidingKeys(null, List.of());

  /**
   * The keys of a job that decide the output of the stage.
   *
   * @param values each key, followed by its value
   */
  private record DecidingKeys(@Nullable Job job, List<String> values) {}

  /**
   * @param decidedBy the roles of the keys that decide the output
   * @param sees the roles of further keys that the stage receives
   */
  Stage(String label, Set<KeyRole> decidedBy, Set<KeyRole> sees) {
    this.label = label;
    this.decidedBy = Collections.unmodifiableSet(decidedBy);
    seen.addAll(decidedBy);
    seen.addAll(sees);
  }

  /** The name in progress, times and receipts. */
  public String label() {
    return label;
  }

  /** The roles of the keys that decide the output of the stage. */
  public Set<KeyRole> decidedBy() {
    return decidedBy;
  }

  /** The job as the stage receives it: each key that it does not declare has its default. */
  public Job seenBy(Job job) {
    return JobReader.only(job, seen);
  }

  /**
   * The fingerprint of the stage's output: of these inputs and the keys that decide it.
   *
   * @param job with the keys of the stage; other keys do not matter
   */
  public String fingerprint(Job job, @Nullable Object... inputs) {
    return Fingerprint.of(label, decidingKeys(job), Fingerprint.of(inputs));
  }

  /** The stages that a change of a key runs again, whatever the stages before them produce. */
  public static Set<Stage> ofKey(Key key) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (Stage stage : values()) {
      if (key.hasRole(stage.decidedBy)
          || (key.roles().contains(KeyRole.FILES) && stage.readsText())
          || (key.roles().contains(FORMATS) && stage == CONVERT)) { // it makes the added formats
        stages.add(stage);
      }
    }
    return stages;
  }

  /** The other stages that read the output of changed ones, directly or through a third stage. */
  public static Set<Stage> after(Set<Stage> changed) {
    Set<Stage> affected = EnumSet.noneOf(Stage.class);
    affected.addAll(changed);
    // Each stage comes after those that it reads; PACK alone comes before SHUFFLE, but what affects
    // SHUFFLE is ENCODE, which PACK reads as well.
    for (Stage stage : values()) {
      if (!Collections.disjoint(stage.reads(), affected)) {
        affected.add(stage);
      }
    }
    affected.removeAll(changed);
    return affected;
  }

  /** The stages whose output the stage may read; none for the manifest, which every run writes. */
  private Set<Stage> reads() {
    return switch (this) {
      case DEDUPLICATE -> Set.of();
      case CHOOSE -> Set.of(DEDUPLICATE);
      case COUNT -> Set.of(DEDUPLICATE, CHOOSE);
      case LEARN_WORDS -> Set.of(COUNT);
      case COUNT_WORD_PAIRS -> Set.of(LEARN_WORDS);
      case COUNT_WORD_RUNS -> Set.of(COUNT_WORD_PAIRS);
      case LEARN -> Set.of(COUNT, COUNT_WORD_RUNS);
      case ENCODE -> Set.of(DEDUPLICATE, LEARN);
      case PACK -> Set.of(ENCODE, SHUFFLE);
      case CONVERT -> Set.of(ENCODE, SHUFFLE, PACK);
      case SHUFFLE, COUNT_NGRAMS, COUNT_PAIRS, MEASURE -> Set.of(ENCODE);
      case LEARN_NGRAMS -> Set.of(COUNT_NGRAMS);
      case LEARN_VECTORS -> Set.of(COUNT_PAIRS);
      case JOIN -> Set.of(ENCODE, LEARN_VECTORS);
      case MANIFEST -> Set.of();
    };
  }

  /** Whether the stage reads the corpus, so that an error may be one of reading. */
  public boolean readsText() {
    return switch (this) {
      case DEDUPLICATE, CHOOSE, COUNT, COUNT_WORD_PAIRS, COUNT_WORD_RUNS, ENCODE -> true;
      case LEARN_WORDS, LEARN, LEARN_NGRAMS, LEARN_VECTORS -> false; // from counts
      case PACK, SHUFFLE, CONVERT, COUNT_NGRAMS, COUNT_PAIRS, JOIN -> false; // shards
      case MEASURE, MANIFEST -> false;
    };
  }

  /** Whether the stage learns merges, so that its progress is counted in merges. */
  public boolean learnsMerges() {
    return this == LEARN || this == LEARN_WORDS;
  }

  /** The keys of a job that decide the output, each followed by its value. */
  @SuppressWarnings("ReferenceEquality") // an equal job in another object is only read again
  private List<String> decidingKeys(Job job) {
    DecidingKeys keys = lastKeys;
    if (keys.job != job) {
      List<String> values = new ArrayList<>();
      JobKeys.changedValues(job, decidedBy)
          .forEach((key, value) -> Collections.addAll(values, key, value));
      keys = new DecidingKeys(job, values);
      lastKeys = keys;
    }
    return keys.values;
  }
}

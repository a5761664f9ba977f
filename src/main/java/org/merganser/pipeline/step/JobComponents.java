package org.merganser.pipeline.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.KeptField;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.read.UnitReader;
import org.merganser.dataset.DocumentMarks;
import org.merganser.embedding.FloatType;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.ShardsSection;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.TokenizerConfig;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.text.scan.CutRule;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.PostProcessor;

/** Builds the parts of the core that a stage needs from the job, in the same way on all workers. */
public final class JobComponents {
  private JobComponents() {}

  public static Job.Corpus corpus(Job job) {
    return Objects.requireNonNull(job.corpus(), "a run that reads text has a corpus");
  }

  public static Job.TokenizerChoice tokenizer(Job job) {
    return Objects.requireNonNull(job.tokenizer(), "a run that reads text has a tokenizer");
  }

  public static TrainSection train(Job job) {
    return Objects.requireNonNull(tokenizer(job).train(), "a run that counts trains");
  }

  public static Job.Embeddings embeddings(Job job) {
    return Objects.requireNonNull(job.embeddings(), "a run that joins has embeddings");
  }

  public static Job.LearnedVectors learnedVectors(Job job) {
    return Objects.requireNonNull(embeddings(job).learn(), "a run that learns vectors says how");
  }

  public static FloatType floatType(Job.Embeddings embeddings) {
    return embeddings.dtype() == Job.VectorType.F16 ? FloatType.F16 : FloatType.F32;
  }

  public static CorpusSettings encodingSettings(Job job) {
    List<KeptField> kept = job.shards().keep().stream().map(KeptField::of).toList();
    return settings(job, groupField(job), kept, validation(job), corpus(job).inputs());
  }

  private static List<CorpusInput> validation(Job job) {
    return corpus(job).validationInputs();
  }

  public static boolean hasValidation(Job job) {
    return corpus(job).validation() > 0 || !validation(job).isEmpty();
  }

  /** The group field; null if none is named. */
  public static @Nullable String groupField(Job job) {
    ShardsSection shards = job.shards();
    return shards.groupBy() == null ? shards.partitionBy() : shards.groupBy();
  }

  /** The settings of the counting pass, which reads the corpus or the inputs named for training. */
  public static CorpusSettings trainingSettings(Job job) {
    List<CorpusInput> own = train(job).inputs();
    String groupBy = train(job).countsByGroup() ? job.shards().groupBy() : null;
    return settings(
        job, groupBy, List.of(), validation(job), own.isEmpty() ? corpus(job).inputs() : own);
  }

  public static CorpusSettings developmentSettings(Job job) {
    TrainSection.Parity parity =
        Objects.requireNonNull(train(job).parity(), "the job asks for parity");
    return settings(job, job.shards().groupBy(), List.of(), List.of(), parity.dev());
  }

  public static CorpusSettings settings(
      Job job,
      @Nullable String groupBy,
      List<KeptField> kept,
      List<CorpusInput> validationInputs,
      List<CorpusInput> inputs) {
    Job.Corpus corpus = corpus(job);
    Map<String, String> exclude = new TreeMap<>();
    corpus.exclude().forEach(glob -> exclude.put(glob, job.anywhere().at(glob)));
    return new CorpusSettings(
        located(job, validationInputs),
        located(job, inputs),
        exclude,
        corpus.includeAll(),
        corpus.format(),
        corpus.textField(),
        corpus.segmentsField(),
        corpus.idField(),
        groupBy,
        kept,
        corpus.maxDocumentBytes(),
        maxWholeDocumentBytes(corpus),
        corpus.invalidUtf8());
  }

  private static List<CorpusInput> located(Job job, List<CorpusInput> inputs) {
    return inputs.stream().map(input -> input.at(job.at(input.path()))).toList();
  }

  /**
   * @throws JobException naming every field that is neither a path nor a template
   */
  public static void requireFields(Job job) {
    List<String> problems = new ArrayList<>();
    if (job.corpus() != null) {
      requireField("corpus.textField", job.corpus().textField(), problems);
      requirePath("corpus.segmentsField", job.corpus().segmentsField(), problems);
      requireField("corpus.idField", job.corpus().idField(), problems);
      requireFields("corpus.inputs", job.corpus().inputs(), problems);
      requireFields("corpus.validationInputs", validation(job), problems);
    }
    if (job.tokenizer() != null && job.tokenizer().train() != null) {
      TrainSection train = job.tokenizer().train();
      requireFields("tokenizer.train.inputs", train.inputs(), problems);
      if (train.parity() != null) {
        requireFields("tokenizer.train.parity.dev", train.parity().dev(), problems);
      }
    }
    requireField("shards.groupBy", job.shards().groupBy(), problems);
    requireField("shards.partitionBy", job.shards().partitionBy(), problems);
    for (String kept : job.shards().keep()) {
      requirePath("shards.keep", KeptField.of(kept).path(), problems);
    }
    if (!problems.isEmpty()) {
      throw new JobException("the job", problems);
    }
  }

  private static void requireFields(String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      String at = key + "[" + i + "].";
      requireField(at + "textField", inputs.get(i).textField(), problems);
      requireField(at + "idField", inputs.get(i).idField(), problems);
    }
  }

  private static void requirePath(String key, @Nullable String path, List<String> problems) {
    require(key, path, FieldPath::parse, problems);
  }

  private static void requireField(String key, @Nullable String field, List<String> problems) {
    require(key, field, FieldTemplate::parse, problems);
  }

  private static void require(
      String key, @Nullable String named, Consumer<String> parse, List<String> problems) {
    try {
      if (named != null) {
        parse.accept(named);
      }
    } catch (CorpusException e) {
      problems.add(key + ": " + e.getMessage());
    }
  }

  /** The limit for documents that cannot be cut; it depends only on the job. */
  public static long maxWholeDocumentBytes(Job.Corpus corpus) {
    Long named = corpus.maxWholeDocumentBytes();
    return named == null ? Math.min(UnitReader.MAX_DOCUMENT, 2 * corpus.maxDocumentBytes()) : named;
  }

  public static boolean deduplicates(Job job) {
    return job.corpus() != null && job.corpus().deduplicate() != Job.Deduplicate.NONE;
  }

  public static boolean hasSegments(Job job) {
    return job.corpus() != null && job.corpus().segmentsField() != null;
  }

  /** Whether documents may have a group: by a field, or by their input. */
  public static boolean hasGroups(Job job) {
    return groupField(job) != null
        || (job.corpus() != null
            && Stream.of(job.corpus().inputs(), validation(job))
                .flatMap(List::stream)
                .anyMatch(input -> input.group() != null));
  }

  /**
   * The rule for cutting documents. All passes use the same rule, so all passes read the same
   * documents and parts.
   */
  public static @Nullable CutRule cutRule(RunSpec spec) {
    Optional<CutRule> rule =
        spec.tokenizer() instanceof TokenizerSource.Loaded loaded
            ? WorkerTokenizers.get(loaded.file()).cutRule()
            : TrainingSettings.cutRule(spec.job());
    return rule.orElse(null);
  }

  /** A reader that cuts documents at the same places in all passes of the run. */
  public static UnitReader reader(RunSpec spec, CorpusSettings settings) {
    return new UnitReader(settings, cutRule(spec));
  }

  public static UnitReader trainingReader(RunSpec spec) {
    return reader(spec, trainingSettings(spec.job()));
  }

  public static Encoder encoder(RunSpec spec, Tokenizer tokenizer) {
    return tokenizer.newEncoder(tokenizer(spec.job()).specialText());
  }

  /** The tokens whose text makes a document a dead letter. */
  public static List<String> rejected(Job job, TrainingSettings training) {
    return tokenizer(job).specialText() == SpecialText.REJECT
        ? training.specialTokens()
        : List.of();
  }

  /**
   * The ids that should begin and end a document: those of the tokenizer's template, else of the
   * tokenizer_config.json next to it, else the token with which the job ends documents; null if
   * there are none.
   */
  public static @Nullable DocumentMarks marks(RunSpec spec, Tokenizer tokenizer) {
    TokenizerConfig config =
        spec.tokenizer() instanceof TokenizerSource.Loaded loaded
            ? loaded.config()
            : TokenizerConfig.NONE;
    PostProcessor template = tokenizer.parts().postProcessor();
    List<Integer> before = template == null ? List.of() : template.around(true);
    List<Integer> after = template == null ? List.of() : template.around(false);
    int ended = endOfDocument(spec.job(), tokenizer);
    Integer end = config.end() == null && ended >= 0 ? (Integer) ended : config.end();
    return DocumentMarks.of(
        before.isEmpty() ? config.begin() : before.get(0),
        after.isEmpty() ? end : after.get(after.size() - 1));
  }

  public static int endOfDocument(Job job, Tokenizer tokenizer) {
    String token = job.shards().endOfDocument();
    return token == null ? -1 : tokenizer.id(token);
  }
}

package org.merganser.pipeline.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.KeptField;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.read.UnitReader;
import org.merganser.dataset.DocumentMarks;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.ShardsSection;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.RunException;
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

  public static CorpusSettings encodingSettings(Job job) {
    List<KeptField> kept = job.shards().keep().stream().map(KeptField::of).toList();
    Job.Corpus corpus = job.requireCorpus();
    return settings(
        job,
        corpus.splitField(),
        job.shards().groupField(),
        kept,
        corpus.validationInputs(),
        corpus.inputs());
  }

  /** The settings of the counting pass, which reads the corpus or the inputs named for training. */
  public static CorpusSettings trainingSettings(Job job) {
    Job.Corpus corpus = job.requireCorpus();
    List<CorpusInput> own = job.requireTraining().inputs();
    String groupBy = job.requireTraining().countsByGroup() ? job.shards().groupBy() : null;
    return settings(
        job,
        corpus.splitField(),
        groupBy,
        List.of(),
        corpus.validationInputs(),
        own.isEmpty() ? corpus.inputs() : own);
  }

  public static CorpusSettings developmentSettings(Job job) {
    TrainSection.Parity parity =
        Objects.requireNonNull(job.requireTraining().parity(), "the job asks for parity");
    return settings(job, null, job.shards().groupBy(), List.of(), List.of(), parity.dev());
  }

  public static CorpusSettings settings(
      Job job,
      @Nullable String splitField,
      @Nullable String groupBy,
      List<KeptField> kept,
      List<CorpusInput> validationInputs,
      List<CorpusInput> inputs) {
    Job.Corpus corpus = job.requireCorpus();
    Map<String, String> exclude = new TreeMap<>();
    corpus.exclude().forEach(glob -> exclude.put(glob, job.anywhere().at(glob)));
    return new CorpusSettings(
        located(job, validationInputs),
        located(job, inputs),
        exclude,
        corpus.includeAll(),
        corpus.format(),
        corpus.separator(),
        corpus.textField(),
        corpus.segmentsField(),
        corpus.idField(),
        splitField,
        groupBy,
        kept,
        corpus.maxDocumentBytes(),
        corpus.wholeDocumentLimit(),
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
      requireField("corpus.splitField", job.corpus().splitField(), problems);
      requireFields("corpus.inputs", job.corpus().inputs(), problems);
      requireFields("corpus.validationInputs", job.corpus().validationInputs(), problems);
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
    return tokenizer.newEncoder(spec.job().requireTokenizer().specialText());
  }

  /** The tokens whose text makes a document a dead letter. */
  public static List<String> rejected(Job job, TrainingSettings training) {
    return job.requireTokenizer().specialText() == SpecialText.REJECT
        ? training.specialTokens()
        : List.of();
  }

  /**
   * The ids that should begin and end a document; null if there are none. The beginning is the
   * token that the job puts there, else that of the tokenizer's template, else that of the
   * tokenizer_config.json next to it. The end is that of the template, else of the config, else the
   * token with which the job ends documents.
   */
  public static @Nullable DocumentMarks marks(RunSpec spec, Tokenizer tokenizer) {
    TokenizerConfig config =
        spec.tokenizer() instanceof TokenizerSource.Loaded loaded
            ? loaded.config()
            : TokenizerConfig.NONE;
    PostProcessor template = tokenizer.parts().postProcessor();
    List<Integer> before = template == null ? List.of() : template.around(true);
    List<Integer> after = template == null ? List.of() : template.around(false);
    int begun = beginOfDocument(spec.job().shards(), tokenizer);
    Integer begin = before.isEmpty() ? config.begin() : before.get(0);
    int ended = endOfDocument(spec.job(), tokenizer);
    Integer end = config.end() == null && ended >= 0 ? (Integer) ended : config.end();
    return DocumentMarks.of(
        begun >= 0 ? (Integer) begun : begin, after.isEmpty() ? end : after.get(after.size() - 1));
  }

  /**
   * The id that the job puts before each document, or -1.
   *
   * @throws RunException if the vocabulary does not have the token
   */
  public static int beginOfDocument(ShardsSection shards, Tokenizer tokenizer) {
    String token = shards.beginOfDocument();
    if (token == null) {
      return -1;
    }
    requireToken("shards.beginOfDocument", token, tokenizer, "the tokenizer");
    return tokenizer.id(token);
  }

  /**
   * @param key that names the token
   * @param location of the tokenizer, for the error
   * @throws RunException if the vocabulary does not have the token
   */
  public static void requireToken(
      String key, @Nullable String token, Tokenizer tokenizer, String location) {
    if (token != null && tokenizer.id(token) < 0) {
      throw RunException.wrong(
          "%s: \"%s\" is not a token of %s; its special tokens are %s",
          key,
          token,
          location,
          tokenizer.addedTokens().stream().map(added -> added.content()).toList());
    }
  }

  /** The id that ends each document; -1 without one. */
  public static int endOfDocument(Job job, Tokenizer tokenizer) {
    String token = job.shards().endOfDocument();
    return token == null ? -1 : tokenizer.id(token);
  }
}

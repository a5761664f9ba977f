package org.merganser.pipeline.settings;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.KeptField;
import org.merganser.job.CorpusSection;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;

/** The settings by which the passes of a job read its documents. */
public final class ReadingSettings {
  private ReadingSettings() {}

  /** The settings of the encoding pass, which reads the corpus with all fields of its shards. */
  public static CorpusSettings encodingSettings(Job job) {
    List<KeptField> kept = job.shards().keep().stream().map(KeptField::of).toList();
    CorpusSection corpus = job.requireCorpus();
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
    CorpusSection corpus = job.requireCorpus();
    List<CorpusInput> own = job.requireTraining().inputs();
    String groupBy = job.requireTraining().countsByGroup() ? job.shards().groupBy() : null;
    List<KeptField> noneKept = List.of();
    return settings(
        job,
        corpus.splitField(),
        groupBy,
        noneKept,
        corpus.validationInputs(),
        own.isEmpty() ? corpus.inputs() : own);
  }

  /** The settings for the development text of {@code tokenizer.train.parity}, which the job has. */
  public static CorpusSettings developmentSettings(Job job) {
    TrainSection.Parity parity =
        Objects.requireNonNull(job.requireTraining().parity(), "the job asks for parity");
    String noSplitField = null;
    List<KeptField> noneKept = List.of();
    List<CorpusInput> noValidation = List.of();
    return settings(
        job, noSplitField, job.shards().groupBy(), noneKept, noValidation, parity.dev());
  }

  /**
   * The settings of the corpus, with other fields and inputs.
   *
   * @param splitField the field that names the split of a document; null for none
   * @param groupField the field with the group of a document; null for none
   * @param kept the fields that are read beside the text
   * @param validationInputs the files whose documents are for validation, as the job names them
   * @param inputs the other files, as the job names them
   */
  public static CorpusSettings settings(
      Job job,
      @Nullable String splitField,
      @Nullable String groupField,
      List<KeptField> kept,
      List<CorpusInput> validationInputs,
      List<CorpusInput> inputs) {
    CorpusSection corpus = job.requireCorpus();
    Map<String, String> exclude = new TreeMap<>();
    corpus.exclude().forEach(glob -> exclude.put(glob, job.anywhere().at(glob)));
    return CorpusSettings.builder(located(job, inputs))
        .validationInputs(located(job, validationInputs))
        .exclude(exclude)
        .includeAll(corpus.includeAll())
        .format(corpus.format())
        .separator(corpus.separator())
        .textField(corpus.textField())
        .segmentsField(corpus.segmentsField())
        .idField(corpus.idField())
        .splitField(splitField)
        .groupField(groupField)
        .kept(kept)
        .maxDocumentBytes(corpus.maxDocumentBytes())
        .maxWholeDocumentBytes(corpus.wholeDocumentLimit())
        .invalidUtf8(corpus.invalidUtf8())
        .build();
  }

  /** The inputs with their locations resolved from the folder of the job. */
  private static List<CorpusInput> located(Job job, List<CorpusInput> inputs) {
    return inputs.stream().map(input -> input.at(job.at(input.path()))).toList();
  }
}

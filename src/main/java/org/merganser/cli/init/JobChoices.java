package org.merganser.cli.init;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;

/**
 * What {@link CorpusExamination} has chosen so far for the section {@code corpus}. Each choice that
 * is not made yet has the default of a job.
 */
final class JobChoices {
  private final @Nullable DatasetSplitProposal splits;
  private final List<String> inputs;

  /** Globs of excluded files, each with the reason. */
  private final Map<String, String> reasonsByGlob = new LinkedHashMap<>();

  private FormatProposal format = FormatProposal.beforeReading(InputFormat.AUTO);
  private @Nullable FieldProposal fields;
  private InputProposal fieldInputs = InputProposal.NONE;
  private InputProposal validationFieldInputs = InputProposal.NONE;

  private JobChoices(@Nullable DatasetSplitProposal splits, List<String> inputs) {
    this.splits = splits;
    this.inputs = inputs;
  }

  /** The choices for a corpus whose files are all trained on. */
  static JobChoices withoutSplits(List<String> inputs) {
    return new JobChoices(null, inputs);
  }

  /** The choices for a corpus of which these files are trained on and validated on. */
  static JobChoices withSplits(DatasetSplitProposal splits) {
    JobChoices choices = new JobChoices(splits, splits.inputs());
    splits.exclude().forEach(glob -> choices.exclude(glob, "the split test"));
    return choices;
  }

  /** Chooses the format of texts, and the separator. */
  void setFormat(FormatProposal chosen) {
    format = chosen;
  }

  /** Chooses the fields of all files that no input of {@link #fieldInputs} has. */
  void setFields(FieldProposal chosen) {
    fields = chosen;
  }

  /** Chooses inputs for training that name the fields of their files. */
  void setFieldInputs(InputProposal chosen) {
    fieldInputs = chosen;
  }

  /** Chooses inputs for validation that name the fields of their files. */
  void setValidationFieldInputs(InputProposal chosen) {
    validationFieldInputs = chosen;
  }

  /** Excludes the files of a glob; replaces the reason if the glob is excluded already. */
  void exclude(String glob, String reason) {
    reasonsByGlob.put(glob, reason);
  }

  /** Excludes globs, each with its reason; the reason of an excluded glob stays. */
  void excludeIfAbsent(Map<String, String> globs) {
    globs.forEach(reasonsByGlob::putIfAbsent);
  }

  /** How a job of these choices reads the corpus. */
  CorpusSettings settings() {
    List<String> validation = splits == null ? List.of() : splits.validationInputs();
    Map<String, String> excluded = new TreeMap<>();
    reasonsByGlob.keySet().forEach(glob -> excluded.put(glob, glob));
    CorpusSettings.Builder settings =
        CorpusSettings.builder(fieldInputs.with(inputs))
            .validationInputs(validationFieldInputs.with(validation))
            .exclude(excluded)
            .format(format.format())
            .separator(format.separatorLine());
    if (fields == null) {
      return settings.build();
    }
    String textField = fields.textField();
    String idField = fields.idField();
    return settings
        .textField(textField == null ? CorpusSettings.DEFAULT_TEXT_FIELD : textField)
        .segmentsField(fields.segmentsField())
        .idField(idField == null ? CorpusSettings.DEFAULT_ID_FIELD : idField)
        .splitField(fields.splitField())
        .build();
  }

  /** The splits of the files; null for a corpus without splits in the names of its files. */
  @Nullable DatasetSplitProposal splits() {
    return splits;
  }

  /** The files, folders and globs of the training data. */
  List<String> inputs() {
    return inputs;
  }

  /** The globs of excluded files, each with its reason. */
  Map<String, String> reasonsByGlob() {
    return Collections.unmodifiableMap(reasonsByGlob);
  }

  /** The format of texts, and the separator. */
  FormatProposal format() {
    return format;
  }

  /** The fields of all files that no input of {@link #fieldInputs} has; null without records. */
  @Nullable FieldProposal fields() {
    return fields;
  }

  /** Inputs for training that name the fields of their files. */
  InputProposal fieldInputs() {
    return fieldInputs;
  }

  /** Inputs for validation that name the fields of their files. */
  InputProposal validationFieldInputs() {
    return validationFieldInputs;
  }

  /** The lines of the section {@code corpus} for the format and the fields. */
  String keys() {
    return format.keys() + (fields == null ? "" : fields.keys());
  }
}

package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.corpus.read.RecordSample;
import org.merganser.pipeline.output.OutputFolder;

/**
 * The choices of a job file for a corpus without a description: splits, formats, fields and
 * excluded files. {@link ProposedJobFile} writes them. Deterministic. Cost: that of {@link
 * CorpusSurvey}.
 */
final class JobProposal {
  /** The files that a job would read, and the sentences about others. */
  private record Listed(List<InputFile> files, SkippedInputs skipped) {}

  private final String inputs;
  private final FormatSample sample = new FormatSample();
  private final Map<List<Object>, Listed> listings = new HashMap<>();

  /** Excluded globs, each with its reason. */
  private final Map<String, String> exclude = new LinkedHashMap<>();

  private final StringBuilder keys = new StringBuilder();

  private final @Nullable DatasetSplitProposal splits;
  private final List<String> located;

  /** The files that a job with the choices so far would read. */
  private List<InputFile> read;

  /** Those of {@link #read} that are trained on. */
  private List<InputFile> training;

  private InputFormat format = InputFormat.AUTO;
  private @Nullable SeparatorProposal separator;
  private final CorpusSurvey survey;

  /** Null without records. */
  private @Nullable FieldProposal fields;

  private InputProposal fieldInputs = InputProposal.NONE;
  private InputProposal validationFieldInputs = InputProposal.NONE;
  private final CorpusSettings settings;
  private final SkippedInputs skipped;
  private final SampledDocuments documents;

  /**
   * @param located files, folders and globs, as this process opens them
   * @throws CorpusException if there is no such input, nothing in it can be read, records have no
   *     field with text, or they are chats
   */
  JobProposal(List<String> located) throws IOException {
    inputs = String.join(", ", located);
    CorpusSettings plain = settings(List.of(), CorpusInput.of(located), List.of());
    OutputFolder.requireNoInput(plain, null);
    Listed found = listed(plain);
    boolean code = FormatProposal.areCode(found.files);
    splits = splits(located, found.files);
    this.located = splits == null ? located : splits.inputs();
    if (splits != null) {
      splits.exclude().forEach(glob -> exclude.put(glob, "the split test"));
    }
    format = code ? InputFormat.TEXT : InputFormat.AUTO;
    list();
    chooseFormat(code);
    survey = new CorpusSurvey(training, found.skipped, sample);
    TableHeadings.require(
        inputs,
        CorpusSurvey.sampled(read.stream().filter(f -> f.format().separator() != null).toList()));
    if (!survey.fields().isEmpty()) {
      chooseFields();
    }
    survey.read(chosenSettings(), read);
    survey.unread().globs(training).forEach(exclude::putIfAbsent);
    requireText();
    excludeDescriptions();
    settings = chosenSettings();
    Listed kept = listed(settings);
    skipped = kept.skipped;
    warn(found.files);
    documents = new SampledDocuments(settings, forTraining(kept.files));
  }

  private static List<InputFile> forTraining(List<InputFile> files) {
    return files.stream().filter(file -> !file.validation()).toList();
  }

  private static List<InputFile> withRecords(List<InputFile> files) {
    return files.stream().filter(file -> file.format().hasTextField()).toList();
  }

  /** Lists the files again, after a choice that may change which are read, and how. */
  private void list() throws IOException {
    read = listed(chosenSettings()).files;
    training = forTraining(read);
  }

  /** The files that a job would read, listed once for all settings that decide them. */
  private Listed listed(CorpusSettings settings) throws IOException {
    List<Object> decides =
        List.of(
            settings.validationInputs(),
            settings.inputs(),
            settings.exclude(),
            settings.format(),
            settings.segmentsField() == null,
            settings.splitField() == null,
            String.valueOf(settings.separator()));
    Listed known = listings.get(decides);
    if (known == null) {
      SkippedInputs others = new SkippedInputs();
      known = new Listed(CorpusPlanner.list(settings, others, sample), others);
      listings.put(decides, known);
    }
    return known;
  }

  /** The proposal whose globs match exactly the right files; null for a corpus without splits. */
  private @Nullable DatasetSplitProposal splits(List<String> located, List<InputFile> files)
      throws IOException {
    for (DatasetSplitProposal proposal : DatasetSplitProposal.of(located, files)) {
      CorpusSettings proposed =
          settings(
              CorpusInput.of(proposal.validationInputs()),
              CorpusInput.of(proposal.inputs()),
              proposal.exclude());
      List<InputFile> listed;
      try {
        listed = listed(proposed).files;
      } catch (CorpusException e) {
        continue; // two files would have one name, so the next proposal is tried
      }
      if (proposal.isMeantBy(listed)) {
        return proposal;
      }
    }
    return null;
  }

  /** The settings of a job with the choices so far. */
  private CorpusSettings chosenSettings() {
    List<String> validation = splits == null ? List.of() : splits.validationInputs();
    return settings(
        validationFieldInputs.with(validation), fieldInputs.with(located), exclude.keySet());
  }

  private CorpusSettings settings(
      List<CorpusInput> validationInputs, List<CorpusInput> inputs, Collection<String> globs) {
    Map<String, String> excluded = new TreeMap<>();
    globs.forEach(glob -> excluded.put(glob, glob));
    CorpusSettings.Builder settings =
        CorpusSettings.builder(inputs)
            .validationInputs(validationInputs)
            .exclude(excluded)
            .format(format)
            .separator(separator == null ? null : separator.line());
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

  /**
   * @param code the result of {@link FormatProposal#areCode} for the corpus
   */
  private void chooseFormat(boolean code) throws IOException {
    FormatProposal chosen = FormatProposal.of(training, code, CorpusSurvey.beginningBytes(sample));
    format = chosen.format();
    separator = chosen.separator();
    keys.append(chosen.keys());
    list();
  }

  /** Chooses the fields of records, and inputs of their own for files that have other fields. */
  private void chooseFields() throws IOException {
    FieldProposal chosen = new FieldProposal(inputs, survey.samples());
    fields = chosen;
    fieldInputs =
        new DifferingFiles(inputs, located, survey.samples(), withRecords(training), chosen)
            .inputs();
    if (!fieldInputs.inputs().isEmpty()) {
      Map<InputFile, List<Map<String, Object>>> others = new LinkedHashMap<>(survey.samples());
      others.keySet().retainAll(fieldInputs.others());
      chosen = new FieldProposal(inputs, others);
      fields = chosen;
      list();
    }
    keys.append(chosen.keys());
    validationFieldInputs = validationFieldInputs(chosen);
    if (!validationFieldInputs.inputs().isEmpty()) {
      read = listed(chosenSettings()).files;
    }
  }

  /** The inputs of validation files whose fields differ from those that are trained on. */
  private InputProposal validationFieldInputs(FieldProposal trained) throws IOException {
    List<InputFile> validation = withRecords(read.stream().filter(InputFile::validation).toList());
    if (splits == null || validation.isEmpty()) {
      return InputProposal.NONE;
    }
    Map<InputFile, List<Map<String, Object>>> samples = new LinkedHashMap<>();
    for (InputFile file : CorpusSurvey.sampled(validation)) {
      List<Map<String, Object>> some = RecordSample.of(file, CorpusSurvey.beginningBytes(sample));
      if (!some.isEmpty()) {
        samples.put(file, some);
      }
    }
    return new DifferingFiles(inputs, splits.validationInputs(), samples, validation, trained)
        .validationInputs();
  }

  /**
   * @throws CorpusException if a run would find no text in the files, with the reasons
   */
  private void requireText() throws IOException {
    Map<InputFile, String> lost = survey.unread().lost();
    List<InputFile> records = withRecords(training);
    boolean unread =
        fields == null
            ? records.size() == training.size()
            : lacksTextField()
                && 2 * CorpusSurvey.storedBytes(records) > CorpusSurvey.storedBytes(training);
    if (unread && lost.isEmpty() && !survey.longRecords().isEmpty()) {
      throw new CorpusException(
          inputs
              + ": the fields are unknown of "
              + survey.longRecords()
              + ": write a job with the field of the text as corpus.textField");
    }
    boolean onlyDescriptions =
        training.stream().allMatch(f -> lost.containsKey(f) || FormatProposal.isDescription(f));
    if (unread || !lost.isEmpty() && onlyDescriptions) {
      String chats = survey.chats();
      List<String> why = new ArrayList<>(survey.unread().sentences());
      why.addAll(TableHeadings.sharedNames(CorpusSurvey.sampled(records)));
      throw new CorpusException(
          "%s: no %s holds text that can be read: %s%s"
              .formatted(
                  inputs,
                  fields == null ? "file" : "field",
                  String.join("; ", why),
                  chats.isEmpty() ? "; docs/corpus-formats.md lists the formats" : chats));
    }
  }

  private boolean lacksTextField() {
    return fields == null || fields.textField() == null && fields.segmentsField() == null;
  }

  /** Excludes the texts that describe records, since they are not part of the data. */
  private void excludeDescriptions() {
    if (!lacksTextField()) {
      read.stream()
          .filter(FormatProposal::isDescription)
          .forEach(
              file -> exclude.put(ProposedText.globOf(file.path()), "it describes the records"));
    }
  }

  /**
   * Adds sentences about files that a person should look at.
   *
   * @param found all files of the corpus
   */
  private void warn(List<InputFile> found) throws IOException {
    Map<InputFile, String> lost = survey.unread().lost();
    List<InputFile> opened = training.stream().filter(sample::isOpened).toList();
    String equal = EqualFiles.sentence(opened.stream().filter(f -> !lost.containsKey(f)).toList());
    if (!equal.isEmpty()) {
      skipped.warn(equal);
    }
    MarkedUpTexts.sentences(opened).forEach(skipped::warn);
    TextTables.sentences(CorpusSurvey.sampled(opened)).forEach(skipped::warn);
    TableHeadings.sharedNames(CorpusSurvey.sampled(opened)).forEach(skipped::warn);
    if (splits == null) {
      DatasetSplitProposal.unusedNames(found).forEach(skipped::warn);
    }
  }

  /** What was found, as lines for a person; a comment of the job file has the same lines. */
  List<String> table() {
    List<String> lines = new ArrayList<>(survey.table());
    if (splits != null) {
      lines.addAll(splits.table());
    }
    if (fields != null && !fields.unused().isEmpty()) {
      lines.add("not used: " + fields.unusedNames());
    }
    if (!documents.lines().isEmpty()) {
      List<InputFormat> formats =
          survey.readable().stream().map(InputFile::format).distinct().sorted().toList();
      lines.add("");
      lines.add(
          SampledDocuments.heading(formats, separator == null ? null : separator.line())
              + ", such as:");
      documents.lines().forEach(line -> lines.add("  " + line));
    }
    skipped.warnings().forEach(warning -> lines.add("look at: " + warning));
    if (fields != null) {
      fields.warnings().forEach(warning -> lines.add("look at: " + warning));
    }
    if (separator != null) {
      separator.warnings().forEach(warning -> lines.add("look at: " + warning));
    }
    return lines;
  }

  /** How the proposed job reads the corpus. */
  CorpusSettings settings() {
    return settings;
  }

  CorpusSurvey survey() {
    return survey;
  }

  /** Null for a corpus without splits. */
  @Nullable DatasetSplitProposal splits() {
    return splits;
  }

  /** The inputs of the training data. */
  List<String> located() {
    return located;
  }

  /** Inputs for training that name the fields of their files. */
  InputProposal fieldInputs() {
    return fieldInputs;
  }

  /** Inputs for validation that name the fields of their files. */
  InputProposal validationFieldInputs() {
    return validationFieldInputs;
  }

  /** Excluded globs, each with its reason. */
  Map<String, String> exclude() {
    return exclude;
  }

  /** The lines of the section {@code corpus} for the format and the fields. */
  String keys() {
    return keys.toString();
  }

  /** The fields of all files that no input of {@link #fieldInputs} has; null without records. */
  @Nullable FieldProposal fields() {
    return fields;
  }
}

package org.merganser.cli.init;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.corpus.read.RecordSample;
import org.merganser.json.Json;
import org.merganser.layout.ShardFormat;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.output.OutputFolder;

/**
 * Proposes a job file for a corpus without a description, with the reason for each choice in a
 * comment. Deterministic. Cost: that of {@link CorpusSurvey}.
 */
final class JobProposal {
  private static final Pattern DESCRIPTION =
      Pattern.compile("(?i)(^|.*/)(readme|license|licence|notice)(\\.[a-z]+)?");

  private static final String NIGHTLY =
      """
      # A job that runs each night while files are added keeps its vocabulary, so that ids stay:
      #   1. %s run JOB --set output=vocabulary --set 'shards.formats=[]', once,
      #   2. then here `load: vocabulary` instead of `train`, and `append: true` in `corpus`.
      """;

  /** A text with fewer lines in its first megabyte stays one document. */
  private static final int LEAST_LINES = 20;

  private static final long LEAST_FOR_VALIDATION = 10_000_000;

  private record Listed(List<InputFile> files, SkippedInputs skipped) {}

  private final String inputs;
  private final CorpusSurvey found;
  private final @Nullable DatasetSplitProposal splits;
  private final List<String> located;
  private final Map<String, String> exclude = new LinkedHashMap<>();
  private final SkippedInputs skipped;
  private final FormatSample sample = new FormatSample();
  private final Map<List<Object>, Listed> listings = new HashMap<>();
  private final StringBuilder keys = new StringBuilder();
  private CorpusSettings settings;
  private @Nullable FieldProposal fields;
  private @Nullable SeparatorProposal separator;
  private InputProposal own = InputProposal.NONE;
  private InputProposal held = InputProposal.NONE;
  private final SampledDocuments samples;

  /**
   * @param located files, folders and globs, as this process opens them
   * @throws CorpusException if there is no such input, nothing in it can be read, records have no
   *     field with text, or they are chats
   */
  JobProposal(List<String> located) throws IOException {
    inputs = String.join(", ", located);
    OutputFolder.requireNoInput(settings(located, InputFormat.AUTO), null);
    Listed named = listed(settings(located, InputFormat.AUTO));
    InputFormat format = isCode(named.files) ? InputFormat.TEXT : InputFormat.AUTO;
    splits = splits(located, named.files);
    this.located = splits == null ? located : splits.inputs();
    if (splits != null) {
      splits.exclude().forEach(glob -> exclude.put(glob, "the split test"));
    }
    List<InputFile> read = listed(settings(this.located, format)).files;
    List<InputFile> files = read.stream().filter(file -> !file.validation()).toList();
    List<InputFile> giants = CorpusPlanner.giants(files);
    if (format == InputFormat.AUTO) {
      separator =
          SeparatorProposal.of(
              files.stream().filter(JobProposal::isText).toList(), CorpusSurvey.bytes(sample));
    }
    if (separator != null && separator.line() != null) {
      keys.append("  format: auto  # the format of each file is detected\n");
      separatorKeys(separator.line(), separator.count());
      read = listed(settings(this.located, format)).files;
      files = read.stream().filter(file -> !file.validation()).toList();
    } else if (!giants.isEmpty() && files.stream().allMatch(f -> f.format() == InputFormat.TEXT)) {
      format = ofGiant(giants.get(0));
      read = listed(settings(this.located, format)).files;
      files = read.stream().filter(file -> !file.validation()).toList();
    } else if (format == InputFormat.TEXT) {
      keys.append(
          "  format: text  # most files are source code or unknown text: each is one document\n");
    } else {
      keys.append("  format: auto  # the format of each file is detected\n");
    }
    found = new CorpusSurvey(files, named.skipped, sample);
    TableHeadings.require(
        inputs,
        CorpusSurvey.sampled(read.stream().filter(f -> f.format().separator() != null).toList()));
    if (!found.fields.isEmpty()) {
      FieldProposal all = new FieldProposal(inputs, found.samples);
      fields = all;
      own =
          new DifferingFiles(inputs, this.located, found.samples, recordFiles(files), all).inputs();
      if (!own.inputs().isEmpty()) {
        Map<InputFile, List<Map<String, Object>>> others = new LinkedHashMap<>(found.samples);
        others.keySet().retainAll(own.others());
        fields = new FieldProposal(inputs, others);
        read = listed(settings(this.located, format)).files;
        files = read.stream().filter(file -> !file.validation()).toList();
      }
      keys.append(fields.keys());
      held = heldOut(read, fields);
      if (!held.inputs().isEmpty()) {
        read = listed(settings(this.located, format)).files;
      }
    }
    settings = settings(this.located, format);
    found.read(settings, read);
    Map<InputFile, String> lost = found.unread.lost();
    found.unread.globs(files).forEach(exclude::putIfAbsent);
    List<InputFile> records = recordFiles(files);
    boolean withoutField =
        fields == null || fields.textField == null && fields.segmentsField == null;
    boolean unread =
        fields == null
            ? records.size() == files.size()
            : withoutField && 2 * CorpusSurvey.stored(records) > CorpusSurvey.stored(files);
    if (unread && lost.isEmpty() && !found.longRecords().isEmpty()) {
      throw new CorpusException(
          inputs
              + ": the fields are unknown of "
              + found.longRecords()
              + ": write a job with the field of the text as corpus.textField");
    }
    boolean described = files.stream().allMatch(f -> lost.containsKey(f) || describes(f));
    if (unread || !lost.isEmpty() && described) {
      String chats = found.chats();
      List<String> why = new ArrayList<>(found.unread.sentences());
      why.addAll(TableHeadings.sharedNames(CorpusSurvey.sampled(records)));
      throw new CorpusException(
          "%s: no %s holds text that can be read: %s%s"
              .formatted(
                  inputs,
                  fields == null ? "file" : "field",
                  String.join("; ", why),
                  chats.isEmpty() ? "; docs/corpus-formats.md lists the formats" : chats));
    }
    read.stream()
        .filter(file -> !withoutField && describes(file))
        .forEach(file -> exclude.put(escaped(file.path()), "it describes the records"));
    settings = settings(this.located, format);
    Listed kept = listed(settings);
    skipped = kept.skipped;
    String equal =
        EqualFiles.sentence(
            files.stream().filter(f -> !lost.containsKey(f)).filter(sample::isOpened).toList());
    if (!equal.isEmpty()) {
      skipped.warn(equal);
    }
    List<InputFile> opened = files.stream().filter(sample::isOpened).toList();
    MarkedUpTexts.sentences(opened).forEach(skipped::warn);
    TextTables.sentences(CorpusSurvey.sampled(opened)).forEach(skipped::warn);
    TableHeadings.sharedNames(CorpusSurvey.sampled(opened)).forEach(skipped::warn);
    if (splits == null) {
      DatasetSplitProposal.unsaid(named.files).forEach(skipped::warn);
    }
    samples =
        new SampledDocuments(
            settings, kept.files.stream().filter(file -> !file.validation()).toList());
  }

  /** The fields of validation files that differ from those that are trained on. */
  private InputProposal heldOut(List<InputFile> read, FieldProposal corpus) throws IOException {
    List<InputFile> validation = recordFiles(read.stream().filter(InputFile::validation).toList());
    if (splits == null || validation.isEmpty()) {
      return InputProposal.NONE;
    }
    Map<InputFile, List<Map<String, Object>>> samples = new LinkedHashMap<>();
    for (InputFile file : CorpusSurvey.sampled(validation)) {
      List<Map<String, Object>> some = RecordSample.of(file, CorpusSurvey.bytes(sample));
      if (!some.isEmpty()) {
        samples.put(file, some);
      }
    }
    return new DifferingFiles(inputs, splits.validationInputs(), samples, validation, corpus)
        .validationInputs();
  }

  /** The files that a job would read, listed once for all settings that decide them. */
  private Listed listed(CorpusSettings of) throws IOException {
    List<Object> decides =
        List.of(
            of.validationInputs(),
            of.inputs(),
            of.exclude(),
            of.format(),
            of.segmentsField() == null,
            of.splitField() == null,
            String.valueOf(of.separator()));
    Listed known = listings.get(decides);
    if (known == null) {
      SkippedInputs others = new SkippedInputs();
      known = new Listed(CorpusPlanner.list(of, others, sample), others);
      listings.put(decides, known);
    }
    return known;
  }

  private static List<InputFile> recordFiles(List<InputFile> files) {
    return files.stream().filter(f -> f.format().hasTextField()).toList();
  }

  private static boolean isText(InputFile file) {
    return file.format() == InputFormat.TEXT && !describes(file);
  }

  private void separatorKeys(String line, int count) {
    keys.append(
        """
          # This line ends a document in files of text: it occurs %s times in what init read, with
          # texts between that differ. Without this key each file of text is one document.
          separator: %s
        """
            .formatted(count, quoted(line)));
  }

  private InputFormat ofGiant(InputFile file) throws IOException {
    String name = cut(file.path(), 60);
    List<String> lines = RecordSample.beginning(file, CorpusSurvey.bytes(sample)).lines().toList();
    long blank = lines.stream().filter(String::isBlank).count();
    if (lines.size() < LEAST_LINES) {
      keys.append("  format: text  # %s is one document: it has few lines\n".formatted(name));
      return InputFormat.TEXT;
    }
    boolean paragraphs = blank >= lines.size() / 20;
    if (!paragraphs && areWrapped(lines)) {
      keys.append(
          "  format: text  # %s is one document: most of its lines continue the line before%n"
              .formatted(name));
      return InputFormat.TEXT;
    }
    keys.append(
        "  # %s has most of the text, in %s. As format: text it is one document.%n"
            .formatted(name, paragraphs ? "paragraphs between blank lines" : "lines"));
    InputFormat format = paragraphs ? InputFormat.PARAGRAPHS : InputFormat.LINES;
    keys.append("  format: %s%n".formatted(format.spelled()));
    return format;
  }

  /** Whether most lines begin in lower case, and are nearly as long as the longest. */
  private static boolean areWrapped(List<String> lines) {
    int[] lengths = lines.stream().mapToInt(String::length).sorted().toArray();
    int longest = lengths[lengths.length * 19 / 20];
    long lower = lines.stream().filter(line -> line.matches("\\s*\\p{Ll}.*")).count();
    long full = Arrays.stream(lengths).filter(length -> 4 * length >= 3 * longest).count();
    return longest <= 120 && 2 * lower > lengths.length && 2 * full > lengths.length;
  }

  /** The proposal whose globs match exactly the right files; null for a corpus without splits. */
  private @Nullable DatasetSplitProposal splits(List<String> named, List<InputFile> files)
      throws IOException {
    for (DatasetSplitProposal proposal : DatasetSplitProposal.of(named, files)) {
      List<InputFile> listed;
      try {
        listed =
            listed(
                    settings(
                        proposal.validationInputs(),
                        proposal.inputs(),
                        proposal.exclude(),
                        InputFormat.AUTO))
                .files;
      } catch (CorpusException e) {
        continue; // two files would have one name, so the next proposal is tried
      }
      if (proposal.isMeantBy(listed)) {
        return proposal;
      }
    }
    return null;
  }

  private CorpusSettings settings(List<String> named, InputFormat format) {
    return settings(
        splits == null ? List.of() : splits.validationInputs(), named, exclude.keySet(), format);
  }

  private CorpusSettings settings(
      List<String> validation, List<String> named, Collection<String> globs, InputFormat format) {
    List<CorpusInput> all = own.with(named);
    Map<String, String> excluded = new TreeMap<>();
    globs.forEach(glob -> excluded.put(glob, glob));
    return new CorpusSettings(
        /* validationInputs= */ held.with(validation),
        /* inputs= */ all,
        /* exclude= */ excluded,
        /* includeAll= */ false,
        format,
        /* separator= */ separator == null ? null : separator.line(),
        /* textField= */ fields == null || fields.textField == null ? "text" : fields.textField,
        /* segmentsField= */ fields == null ? null : fields.segmentsField,
        /* idField= */ fields == null || fields.idField == null ? "id" : fields.idField,
        /* splitField= */ fields == null ? null : fields.splitField,
        /* groupField= */ null,
        /* kept= */ List.of(),
        /* maxDocumentBytes= */ CorpusSettings.DEFAULT_DOCUMENT_BYTES,
        /* maxWholeDocumentBytes= */ CorpusSettings.DEFAULT_DOCUMENT_BYTES,
        /* invalidUtf8= */ InvalidUtf8.DEAD_LETTER);
  }

  private static boolean describes(InputFile file) {
    return file.format() == InputFormat.TEXT && DESCRIPTION.matcher(file.path()).matches();
  }

  CorpusSurvey found() {
    return found;
  }

  List<String> table() {
    List<String> lines = new ArrayList<>();
    if (splits != null) {
      lines.addAll(splits.table());
    }
    lines.addAll(0, found.table());
    if (fields != null && !fields.unused().isEmpty()) {
      lines.add("not used: " + fields.unusedNames());
    }
    if (!samples.lines().isEmpty()) {
      List<InputFormat> formats =
          found.read().stream().map(InputFile::format).distinct().sorted().toList();
      lines.add("");
      lines.add(
          SampledDocuments.heading(formats, separator == null ? null : separator.line())
              + ", such as:");
      samples.lines().forEach(line -> lines.add("  " + line));
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

  CorpusSettings settings() {
    return settings;
  }

  private static boolean isCode(List<InputFile> files) {
    long code =
        files.stream()
            .filter(file -> file.format() == InputFormat.TEXT)
            .map(file -> Compression.withoutSuffix(file.path().toLowerCase(Locale.ROOT)))
            .filter(name -> name.matches(".*\\.[a-z0-9+]+") && !InputFormat.TEXT.hasName(name))
            .count();
    return 2 * code > files.size();
  }

  static String escaped(String path) {
    return path.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }

  /**
   * @param named returns the name that the job file must have for an input
   * @param tokenizer as the job file must name it; null for a job that learns one
   * @param beginOfDocument the token that the template of that tokenizer puts before a text; null
   *     for none
   * @param endOfDocument the token of that tokenizer that ends a text; null for none
   */
  String yaml(
      UnaryOperator<String> named,
      String name,
      String output,
      @Nullable String tokenizer,
      @Nullable String beginOfDocument,
      @Nullable String endOfDocument) {
    long bytes = found.textBytes();
    return WholeFile.resource(JobProposal.class, "job.yaml")
        .formatted(
            table().stream().map(line -> ("#   " + line).stripTrailing() + "\n").collect(joining()),
            tokenizer == null
                ? NIGHTLY.formatted(ProgramCommand.name())
                : "# A job that runs each night while files are added has `append: true` in"
                    + " `corpus`.\n",
            quoted(name),
            splits == null ? "" : splits.reason(),
            own.inputs().isEmpty()
                ? "  inputs: [ %s ]%n".formatted(list(located, named))
                : own.yaml("inputs", located, named),
            validation(bytes, named),
            excluded(),
            keys,
            tokenizer == null
                ? WholeFile.resource(JobProposal.class, "train.yaml")
                    .formatted(TerminalText.bytes(bytes), vocabSize(bytes))
                : "  load: %s  # its ids stay; nothing is learned\n".formatted(quoted(tokenizer)),
            ShardFormat.made().stream().map(ShardFormat::spelled).collect(joining(", ")),
            beginOfDocument == null
                ? ""
                : "  beginOfDocument: %s  # begins a text, as the tokenizer's template has it\n"
                    .formatted(quoted(beginOfDocument)),
            tokenizer == null
                ? "\"<|endoftext|>\"  # the last id of each document"
                : endOfDocument == null
                    ? "null  # the tokenizer names no token that ends a text"
                    : quoted(endOfDocument) + "  # ends a text, as the tokenizer has it",
            fields == null || fields.group == null
                ? ""
                : "  groupBy: %s  # the report has figures for each value\n"
                    .formatted(quoted(fields.group.path())),
            quoted(output));
  }

  private static String list(List<String> inputs, UnaryOperator<String> named) {
    return inputs.stream().map(named).map(JobProposal::quoted).collect(joining(", "));
  }

  private String validation(long bytes, UnaryOperator<String> named) {
    if (fields != null && fields.splitField != null) {
      return ""; // a field names the validation data
    }
    if (splits != null && !splits.validationInputs().isEmpty()) {
      return "  # Validation data as they are given: encoded into validation/, never learned"
          + " from.\n"
          + (held.inputs().isEmpty()
              ? "  validationInputs: [ %s ]%n".formatted(list(splits.validationInputs(), named))
              : held.yaml("validationInputs", splits.validationInputs(), named));
    }
    return bytes < LEAST_FOR_VALIDATION
        ? "  validation: 0  # held-out data; off, because the corpus is small; 0.01: 1 of 100\n"
        : "  validation: 0.01  # held-out data: 1 of 100 documents\n";
  }

  private String excluded() {
    return exclude.isEmpty()
        ? ""
        : exclude.entrySet().stream()
            .map(e -> "  - %s  # %s%n".formatted(quoted(e.getKey()), e.getValue()))
            .collect(joining("", "  exclude:\n", ""));
  }

  /** A token should occur some hundred times. */
  static int vocabSize(long textBytes) {
    int[] sizes = {4096, 8192, 16384, 32000, 64000, 128000};
    long[] most = {2_000_000, 20_000_000, 100_000_000, 1_000_000_000, 20_000_000_000L};
    return sizes[(int) Arrays.stream(most).filter(below -> textBytes >= below).count()];
  }

  /**
   * @param most in code points
   */
  static String cut(String value, int most) {
    int length = value.codePointCount(0, value.length());
    return quoted(
        length <= most ? value : value.substring(0, value.offsetByCodePoints(0, most)) + "…");
  }

  /** A JSON string, which is valid YAML and has no control characters and line ends. */
  static String quoted(String value) {
    return Json.line(value)
        .replace("\u0085", "\\u0085")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replaceAll("[\\x7f-\\x9f]", "�");
  }
}

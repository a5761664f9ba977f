package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;

/**
 * The files that lack the text field of the corpus, found in the first records of some files, and
 * the inputs that name their fields. Such an input is a folder if all of its files have the same
 * fields, else a file.
 */
final class DifferingFiles {
  /** More inputs are not proposed: what differs then is likely to follow another rule. */
  private static final int MOST_INPUTS = 12;

  /**
   * The fields that an input names for its files.
   *
   * @param textField the path or the template of the text
   * @param idField null for that of the corpus
   */
  private record Fields(String textField, @Nullable String idField) {}

  private final String named;
  private final List<String> located;
  private final List<InputFile> files;
  private final FieldProposal corpus;

  /** The number of sampled files. */
  private final int sampled;

  /** The sampled files that have the text field of the corpus. */
  private final Set<InputFile> alike = new LinkedHashSet<>();

  /** The fields of the sampled files that have another text field. */
  private final Map<InputFile, Fields> differing = new LinkedHashMap<>();

  /**
   * @param named the inputs as the user named them, for messages
   * @param located the inputs of the corpus
   * @param samples the first records of some files with records
   * @param files all files with records; each has the place of its input in {@code located}
   * @param corpus the fields of the corpus
   */
  DifferingFiles(
      String named,
      List<String> located,
      Map<InputFile, List<Map<String, Object>>> samples,
      List<InputFile> files,
      FieldProposal corpus) {
    this.named = named;
    this.located = located;
    this.files = files;
    this.corpus = corpus;
    this.sampled = samples.size();
    samples.forEach(this::add);
  }

  /** Adds a file by its first records; one without any text field is in neither collection. */
  private void add(InputFile file, List<Map<String, Object>> records) {
    if (hasText(FieldSummary.of(records), records.size())) {
      alike.add(file);
      return;
    }
    FieldProposal own = new FieldProposal(named, Map.of(file, records));
    if (own.textField() != null) {
      differing.put(file, new Fields(own.textField(), own.idField()));
    }
  }

  /**
   * Whether at least half of a file's records have each field that the text of the corpus requires,
   * or a record has its segments. Every file has the text of a corpus without a text field.
   */
  private boolean hasText(List<FieldSummary> fields, int records) {
    if (corpus.segmentsField() != null) {
      return fields.stream()
          .anyMatch(
              field ->
                  field.path().equals(corpus.segmentsField()) && field.list().beginsWithSegment());
    }
    if (corpus.textField() == null) {
      return true;
    }
    FieldTemplate template = FieldTemplate.parse(corpus.textField());
    List<FieldPath> paths = template.paths();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i).source();
      boolean isThere =
          fields.stream()
              .anyMatch(field -> isAtOrAbove(field.path(), path) && 2 * field.records() >= records);
      if (!isThere && !template.isOptional(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a field is the one of a path, or a list that has this path in it. */
  private static boolean isAtOrAbove(String field, String path) {
    return path.equals(field) || path.startsWith(field + "[") || path.startsWith(field + ".");
  }

  /**
   * Proposes inputs for training. There are none if no sampled file differs, or none is alike: the
   * fields of the corpus were chosen from the records of all files, and stay.
   *
   * @throws CorpusException if too many inputs would be needed, or the corpus has segments or
   *     splits, whose fields all files must have
   */
  InputProposal inputs() throws IOException {
    return differing.isEmpty() || alike.isEmpty() ? InputProposal.NONE : proposeInputs(alike);
  }

  /**
   * Proposes inputs for validation files. All of them may differ from the corpus; if they have the
   * same fields, the inputs stay as they are and name these.
   *
   * @throws CorpusException like {@link #inputs}
   */
  InputProposal validationInputs() throws IOException {
    if (differing.isEmpty()) {
      return InputProposal.NONE;
    }
    Set<Fields> fields = Set.copyOf(differing.values());
    if (differing.size() == sampled && fields.size() == 1) {
      Fields one = fields.iterator().next();
      return new InputProposal(located.stream().map(glob -> input(glob, one)).toList(), Set.of());
    }
    return proposeInputs(alike.isEmpty() ? Set.copyOf(files) : alike);
  }

  /**
   * Proposes an input for each differing file, or for its folder.
   *
   * @param others the files that these inputs leave to those of the job, as far as they are known
   * @throws CorpusException like {@link #inputs}
   */
  private InputProposal proposeInputs(Set<InputFile> others) throws IOException {
    Map<String, Fields> inputs = new LinkedHashMap<>();
    for (Map.Entry<InputFile, Fields> file : differing.entrySet()) {
      inputs.put(glob(file.getKey(), others), file.getValue());
    }
    if (inputs.size() > MOST_INPUTS
        || corpus.segmentsField() != null
        || corpus.splitField() != null) {
      throw differentFields(inputs, others);
    }
    List<CorpusInput> proposed = new ArrayList<>();
    inputs.forEach((glob, fields) -> proposed.add(input(glob, fields)));
    return new InputProposal(proposed, others);
  }

  /** An input with these fields, and else with the settings of the corpus. */
  private static CorpusInput input(String path, Fields fields) {
    return CorpusInput.of(path).withFields(fields.textField(), fields.idField());
  }

  /**
   * The error for files whose fields no inputs are proposed for.
   *
   * @param inputs the differing files or their folders, each with its fields
   */
  private CorpusException differentFields(Map<String, Fields> inputs, Set<InputFile> others) {
    String text = corpus.textField() == null ? corpus.segmentsField() : corpus.textField();
    Map.Entry<InputFile, Fields> first = differing.entrySet().iterator().next();
    String textField = ProposedText.quoted(first.getValue().textField());
    return new CorpusException(
        ("%s: files have different fields: %s has the text in %s, and %s in %s%s; name each kind"
                + " of files as an input with its textField: `inputs: [ { path: %s, textField: %s }"
                + " ]`, or leave it out with corpus.exclude")
            .formatted(
                named,
                others.isEmpty()
                    ? "the corpus"
                    : ProposedText.path(others.iterator().next().path()),
                ProposedText.quoted(String.valueOf(text)),
                ProposedText.path(first.getKey().path()),
                textField,
                inputs.size() > MOST_INPUTS
                    ? ", and there are " + inputs.size() + " such files"
                    : "",
                ProposedText.quoted(inputs.keySet().iterator().next()),
                textField));
  }

  /**
   * A glob for a differing file: its folder if {@link #hasFolderOfEqual}, else the file alone.
   *
   * @param others see {@link #proposeInputs}
   */
  private String glob(InputFile file, Set<InputFile> others) throws IOException {
    String root = InputGlob.root(located.get(file.input()));
    String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
    String name = ProposedText.globOf(file.path().substring(folder.length()));
    boolean isOfFolder = !folder.isEmpty() && hasFolderOfEqual(folder, file, others);
    return root + InputGlob.keepingFolder(ProposedText.globOf(folder) + (isOfFolder ? "*" : name));
  }

  /**
   * Whether other files are beside a file, and none of them is left to the inputs of the job or
   * known to have other fields.
   *
   * @param folder of the file, with a slash at its end
   * @param others see {@link #proposeInputs}
   */
  private boolean hasFolderOfEqual(String folder, InputFile file, Set<InputFile> others) {
    Fields fields = differing.get(file);
    Set<InputFile> beside =
        files.stream()
            .filter(other -> other.path().startsWith(folder) && !other.equals(file))
            .filter(other -> other.path().indexOf('/', folder.length()) < 0)
            .collect(Collectors.toSet());
    return !beside.isEmpty()
        && beside.stream().noneMatch(others::contains)
        && beside.stream()
            .map(differing::get)
            .allMatch(known -> known == null || known.equals(fields));
  }
}

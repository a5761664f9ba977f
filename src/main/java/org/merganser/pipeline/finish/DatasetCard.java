package org.merganser.pipeline.finish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.job.Job;
import org.merganser.layout.ShardFormat;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Request;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.tokenizer.TokenizerFolder;

/**
 * The dataset card of an output: {@code README.md}, whose YAML {@code datasets.load_dataset} and
 * the viewer of the Hub read, and some lines for people. It follows from the manifest, its list of
 * outputs, and the groups and figures of packing of the same receipts.
 *
 * <p>Each {@link DatasetConfiguration} has an entry in the YAML and a line for people.
 */
final class DatasetCard {
  /** The codes of languages. */
  private static final Set<String> LANGUAGES =
      Set.of(WholeFile.resource(DatasetCard.class, "languages.txt").strip().split("\\s+"));

  /** The path of tokenizer.json. */
  private static final String TOKENIZER =
      ListedFolders.TOKENIZER + "/" + TokenizerFolder.TOKENIZER_JSON;

  /**
   * Group 1 is the folder of a layout, such as {@code shards/packed/npy/}, and group 2 the layout,
   * such as {@code npy}.
   */
  private static final Pattern LAYOUT =
      Pattern.compile(
          "((?:shards|validation)/(?:packed/|shuffled/)?(%s)/)"
              .formatted(
                  Arrays.stream(ShardFormat.values())
                      .map(ShardFormat::spelled)
                      .collect(Collectors.joining("|"))));

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  /**
   * What the manifest says of the output.
   *
   * @param sums over all inputs
   * @param tokenizer the tokenizer.json
   * @param idBound one more than the largest id of the vocabulary
   * @param request what the run was asked for
   * @param data the name of the data
   */
  record Identity(RecordSums sums, FileRef tokenizer, int idBound, Request request, String data) {}

  private final Identity identity;
  private final List<DatasetConfiguration> configurations;
  private final List<String> languages;
  private final boolean hasTokenizer;

  /** The folders of layouts other than Parquet. */
  private final Set<String> otherLayouts;

  /**
   * @param job of the manifest
   * @param layouts that the job asks for
   * @param files that the manifest lists
   * @param packed the figures of packing by folder
   * @param groups of the documents for training
   */
  DatasetCard(
      Identity identity,
      Job job,
      JobLayouts layouts,
      List<WrittenFile> files,
      SortedMap<String, PackFigures> packed,
      Collection<String> groups) {
    this.identity = identity;
    this.languages = languages(job.shards().groupField(), groups);
    this.hasTokenizer = files.stream().anyMatch(file -> file.path().equals(TOKENIZER));
    this.otherLayouts = otherLayouts(files);
    this.configurations = DatasetConfiguration.of(job, layouts, files, packed, identity.sums());
  }

  /** Whether a run writes a dataset card: its output has ids. */
  static boolean isWrittenBy(RunSpec spec) {
    return spec.kind() instanceof RunKind.Encode
        || (spec.kind() instanceof RunKind.FromShards && JobLayouts.of(spec).makesAnything());
  }

  /** The folders of the layouts other than Parquet, relative to the output. */
  private static Set<String> otherLayouts(List<WrittenFile> files) {
    Set<String> folders = new TreeSet<>();
    for (WrittenFile file : files) {
      Matcher layout = LAYOUT.matcher(file.path());
      if (layout.lookingAt() && !layout.group(2).equals(ShardFormat.PARQUET.spelled())) {
        folders.add(layout.group(1));
      }
    }
    return folders;
  }

  /**
   * The language codes among the groups. If the field of the groups is not named like a language,
   * there are none unless all groups are languages.
   *
   * @param field the field of the groups; null if the job has none
   */
  static List<String> languages(@Nullable String field, Collection<String> groups) {
    Set<String> found = new TreeSet<>();
    boolean areAllLanguages = true;
    for (String group : groups) {
      if (group.equals(GroupCounts.NONE) || group.equals(BoundedGroups.OTHER)) {
        continue;
      }
      String code = group.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
      if (LANGUAGES.contains(code)) {
        found.add(code);
      } else {
        areAllLanguages = false;
      }
    }
    String name = field == null ? "" : field.toLowerCase(Locale.ROOT);
    boolean isNamedLikeLanguage = name.contains("lang") || name.contains("locale");
    return areAllLanguages || isNamedLikeLanguage ? List.copyOf(found) : List.of();
  }

  /** The content of README.md. */
  byte[] toMarkdown() {
    String card = "---\n" + yaml() + "---\n\n" + text();
    return card.getBytes(StandardCharsets.UTF_8);
  }

  /** The part that {@code datasets} and the Hub read. */
  private String yaml() {
    ObjectNode card = YAML.createObjectNode();
    if (!languages.isEmpty()) {
      ArrayNode codes = card.putArray("language");
      languages.forEach(codes::add);
    }
    card.putArray("task_categories").add("text-generation");
    card.putArray("tags").add("tokenized").add("merganser");
    if (!configurations.isEmpty()) {
      addConfigurations(card);
    }
    try {
      return YAML.writeValueAsString(card);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addConfigurations(ObjectNode card) {
    ArrayNode configs = card.putArray("configs");
    ArrayNode infos = card.putArray("dataset_info");
    for (DatasetConfiguration configuration : configurations) {
      ArrayNode files =
          configs.addObject().put("config_name", configuration.name()).putArray("data_files");
      for (DatasetConfiguration.Split split : configuration.splits()) {
        files.addObject().put("split", split.name()).put("path", split.path());
      }
      addInfo(infos.addObject(), configuration);
    }
  }

  /** The columns and sizes of a configuration, as {@code datasets} reads them. */
  private static void addInfo(ObjectNode info, DatasetConfiguration configuration) {
    info.put("config_name", configuration.name());
    ArrayNode features = info.putArray("features");
    configuration
        .columns()
        .features()
        .forEach(
            feature ->
                features
                    .addObject()
                    .put("name", feature.name())
                    .put(feature.isList() ? "sequence" : "dtype", feature.dtype()));
    if (configuration.hasRows()) { // load_dataset compares them
      ArrayNode splits = info.putArray("splits");
      for (DatasetConfiguration.Split split : configuration.splits()) {
        splits
            .addObject()
            .put("name", split.name())
            .put("num_bytes", split.bytes())
            .put("num_examples", split.rows());
      }
    }
    info.put("download_size", configuration.bytes());
    info.put("dataset_size", configuration.bytes());
  }

  /** The lines for people. */
  private String text() {
    StringBuilder text = new StringBuilder();
    addContents(text);
    addLine(
        text,
        "Tokenizer",
        "%s%,d ids, SHA-256 `%s`.",
        hasTokenizer ? "`" + TOKENIZER + "`, " : "",
        identity.idBound(),
        identity.tokenizer().sha256());
    for (DatasetConfiguration configuration : configurations) {
      addReaders(configuration, text);
    }
    if (!otherLayouts.isEmpty()) {
      addLine(text, "The same ids for other tools", "`%s`.", String.join("`, `", otherLayouts));
    }
    if (!languages.isEmpty()) {
      addLine(text, "Languages", "%s.", String.join(", ", languages));
    }
    addVerificationAndLicence(text);
    return text.toString();
  }

  /** Adds the title and the line about the number of documents and ids. */
  private void addContents(StringBuilder text) {
    RecordSums sums = identity.sums();
    GroupCounts held = sums.validation();
    String training = counts(sums.documents(), sums.tokens());
    text.append("# Tokenized text: ").append(training).append("\n\n");
    String validation =
        held.documents() == 0
            ? ""
            : " for training, and " + counts(held.documents(), held.tokens()) + " for validation";
    addLine(text, "Contents", "The ids of %s%s, without the text.", training, validation);
  }

  /** Adds how to read a configuration in Python and in DuckDB. */
  private static void addReaders(DatasetConfiguration configuration, StringBuilder text) {
    List<String> rows = new ArrayList<>();
    List<String> queries = new ArrayList<>();
    for (DatasetConfiguration.Split split : configuration.splits()) {
      if (split.rows() != null) {
        rows.add(Phrase.of("%s in %s", Plural.of(split.rows(), "row"), split.name()));
      }
      queries.add("`FROM '" + split.path() + "'`");
    }
    addLine(
        text,
        configuration.columns().sequences() ? "Packed sequences" : "Documents",
        "%sIn Python `datasets.load_dataset(FOLDER, \"%s\")`; in DuckDB %s.",
        rows.isEmpty() ? "" : String.join(", ", rows) + ". ",
        configuration.name(),
        String.join(" and ", queries));
  }

  private void addVerificationAndLicence(StringBuilder text) {
    addLine(
        text,
        "Verification",
        "`merganser verify FOLDER --full` reads every byte. `check_merganser.py FOLDER %.12s` does"
            + " so with Python alone.",
        identity.data());
    addLine(text, "Name of the request", "`%s`.", identity.request().sha256());
    addLine(text, "Name of the data", "`%s`.", identity.data());
    addLine(
        text,
        "Licence",
        "That of the texts. Write it here: a README.md that you change is kept by later runs.");
  }

  private static String counts(long documents, long tokens) {
    return Phrase.of("%s (%s)", Plural.of(documents, "document"), Plural.of(tokens, "id"));
  }

  /** Adds a list item with a name in bold; the rest is a {@link Phrase}. */
  private static void addLine(
      StringBuilder text, String name, String format, @Nullable Object... values) {
    text.append("- **").append(name).append(".** ").append(Phrase.of(format, values)).append('\n');
  }
}

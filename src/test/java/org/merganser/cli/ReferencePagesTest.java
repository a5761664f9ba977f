package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.merganser.cli.job.ExitCode;
import org.merganser.job.JobKeys;
import org.merganser.job.JobSchema;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The pages that list all keys and all commands are made from the schema and from picocli. {@code
 * mvn surefire:test -Dtest=ReferencePagesTest -Dmerganser.write=true} writes them again.
 */
class ReferencePagesTest {
  private static final Path JOB_FILE = Path.of("docs/job-file.md");
  private static final Path COMMANDS = Path.of("docs/commands.md");
  private static final Path SCHEDULING = Path.of("docs/scheduling.md");

  /** The mixins of options that are listed once, with their headings. */
  private static final SortedMap<String, String> SHARED =
      new TreeMap<>(
          Map.of("RunOptions", "Options of a run", "CorpusOptions", "Options of a corpus"));

  /** After this line a page is generated; what is before it is written by hand. */
  private static final String GENERATED = "<!-- Generated from here on: see CONTRIBUTING.md. -->\n";

  @Test
  void theTableOfKeysIsThatOfTheSchema() throws IOException {
    requireCurrent(JOB_FILE, keys(new ObjectMapper().readTree(JobSchema.json())));
  }

  @Test
  void theListOfCommandsIsThatOfTheCommandLine() throws IOException {
    StringBuilder page = new StringBuilder();
    CommandSpec all = Main.commandLine().getCommandSpec();
    SHARED.forEach((mixin, heading) -> shared(all, mixin, heading, page));
    commands(all, page);
    assertThat(page).doesNotContain("${");
    requireCurrent(COMMANDS, page.toString());
  }

  /** The table of docs/scheduling.md is between text by hand, so its first line marks it. */
  @Test
  void theTableOfExitCodesIsThatOfTheCode() throws IOException {
    String head = "| code | meaning | another try may help | next step |\n|---|---|---|---|\n";
    StringBuilder table = new StringBuilder(head);
    for (ExitCode code : ExitCode.values()) {
      String tried = code == ExitCode.DONE ? "" : code.retry().name().toLowerCase(Locale.ROOT);
      table.append(
          "| %d | %s | %s | %s |\n".formatted(code.code(), code.meaning(), tried, code.next()));
    }
    String page = Files.readString(SCHEDULING);
    int start = page.indexOf(head);
    if (Boolean.getBoolean("merganser.write")) {
      int end = page.indexOf("\n\n", start) + 1;
      Files.writeString(SCHEDULING, page.substring(0, start) + table + page.substring(end));
    }
    assertThat(Files.readString(SCHEDULING)).contains(table.append("\n"));
  }

  private static void requireCurrent(Path page, String generated) throws IOException {
    String text = Files.readString(page);
    String hand = text.substring(0, text.indexOf(GENERATED) + GENERATED.length());
    if (Boolean.getBoolean("merganser.write")) {
      Files.writeString(page, hand + generated);
    }
    assertThat(Files.readString(page))
        .as("%s; make it with: mvn test -Dtest=ReferencePagesTest -Dmerganser.write=true", page)
        .isEqualTo(hand + generated);
  }

  private static String keys(JsonNode schema) {
    StringBuilder page = new StringBuilder();
    section("", "", schema, page);
    page.append("\n## An input\n\nAn element of `corpus.inputs`, `corpus.validationInputs`,");
    page.append(
        " `tokenizer.train.inputs` and `tokenizer.train.parity.dev` is a path, or a section with"
            + " these keys.\n");
    table("corpus.inputs", schema.path("$defs").path("input"), page);
    return page.toString();
  }

  /** A heading with the table of the keys of a section, then the sections in it. */
  private static void section(String path, String meaning, JsonNode section, StringBuilder page) {
    page.append("\n## ").append(path.isEmpty() ? "The job" : "`" + path + "`").append('\n');
    page.append(meaning.isEmpty() ? "" : "\n" + meaning + "\n");
    table(path, section, page);
    for (Map.Entry<String, JsonNode> key : section.path("properties").properties()) {
      JsonNode inner = unwrapped(key.getValue());
      if (inner.has("properties")) {
        String at = path.isEmpty() ? key.getKey() : path + "." + key.getKey();
        section(at, key.getValue().path("description").asText(), inner, page);
      }
    }
  }

  private static void table(String path, JsonNode section, StringBuilder page) {
    Set<String> required = new TreeSet<>();
    section.path("required").forEach(name -> required.add(name.asText()));
    page.append("\n| key | value | default | a change makes again | meaning |\n");
    page.append("|---|---|---|---|---|\n");
    for (Map.Entry<String, JsonNode> key : section.path("properties").properties()) {
      JsonNode value = key.getValue();
      page.append("| `").append(key.getKey()).append("` | ").append(cell(type(value)));
      page.append(" | ");
      if (required.contains(key.getKey())) {
        page.append("required");
      } else if (!unwrapped(value).has("properties") || value.path("default").isNull()) {
        page.append('`').append(cell(value.path("default").toString())).append('`');
      }
      String at = path.isEmpty() ? key.getKey() : path + "." + key.getKey();
      page.append(" | ").append(makesAgain(at));
      page.append(" | ").append(cell(value.path("description").asText())).append(" |\n");
    }
  }

  private static String makesAgain(String key) {
    return JobKeys.at(key).rewritten().stream()
        .map(made -> made.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /** The schema of a value that may be null, without the null. */
  private static JsonNode unwrapped(JsonNode value) {
    return value.has("anyOf") && value.path("anyOf").path(1).path("type").asText().equals("null")
        ? value.path("anyOf").path(0)
        : value;
  }

  private static String type(JsonNode given) {
    JsonNode value = unwrapped(given);
    if (value.has("$ref")) {
      return "an input";
    }
    if (value.has("anyOf")) {
      StringJoiner either = new StringJoiner(" or ");
      for (JsonNode one : value.path("anyOf")) {
        boolean list = one.path("type").asText().equals("array");
        either.add(list ? "a list of these" : type(one));
      }
      return either.toString();
    }
    if (value.has("enum")) {
      StringJoiner values = new StringJoiner(", ");
      value.path("enum").forEach(one -> values.add("`" + one.asText() + "`"));
      return values.toString();
    }
    JsonNode type = value.path("type"); // an integer may be written as a text such as 32k
    return switch (type.path(0).asText(type.asText())) {
      case "array" -> "list of " + type(value.path("items"));
      case "object" -> value.has("properties") ? "section" : named(value);
      case "integer" -> "integer" + bounds(value);
      case "number" -> (type.isArray() ? "number or text" : "number") + bounds(value);
      default -> value.path("type").asText();
    };
  }

  private static String named(JsonNode value) {
    StringJoiner names = new StringJoiner(", ", " of ", "");
    names.setEmptyValue("");
    value.path("propertyNames").path("enum").forEach(name -> names.add("`" + name.asText() + "`"));
    return "section with names" + names + "; each " + type(value.path("additionalProperties"));
  }

  private static String bounds(JsonNode value) {
    String least = value.has("minimum") ? " ≥ " + value.path("minimum").asText() : "";
    String most = value.has("maximum") ? " ≤ " + value.path("maximum").asText() : "";
    return least + (least.isEmpty() || most.isEmpty() ? "" : ",") + most;
  }

  /**
   * A heading with the options that several commands share. A command has their texts; the mixin
   * itself has the names of these texts alone.
   */
  private static void shared(CommandSpec all, String mixin, String heading, StringBuilder page) {
    CommandSpec command =
        all.subcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(spec -> mixin(spec, mixin).isPresent())
            .findFirst()
            .orElseThrow();
    page.append("\n## ").append(heading).append("\n\n| argument | meaning |\n|---|---|\n");
    mixin(command, mixin).orElseThrow().options().stream()
        .map(option -> command.findOption(option.longestName()))
        .forEach(option -> page.append(row(option)));
  }

  private static Optional<CommandSpec> mixin(CommandSpec command, String type) {
    return command.mixins().values().stream()
        .filter(mixin -> mixin.userObject().getClass().getSimpleName().equals(type))
        .findFirst();
  }

  private static void commands(CommandSpec group, StringBuilder page) {
    for (CommandLine line : group.subcommands().values()) {
      CommandSpec command = line.getCommandSpec();
      if (!command.subcommands().isEmpty()) {
        commands(command, page);
        continue;
      }
      page.append("\n## `").append(command.qualifiedName()).append("`\n\n");
      page.append(escaped(String.join(" ", command.usageMessage().description()))).append('\n');
      Set<String> elsewhere = new TreeSet<>();
      StringJoiner links = new StringJoiner(" and ", "\nTakes the ", ", too.\n");
      links.setEmptyValue("");
      SHARED.forEach(
          (type, heading) ->
              mixin(command, type)
                  .ifPresent(
                      mixin -> {
                        mixin.options().forEach(option -> elsewhere.addAll(names(option)));
                        String words = heading.toLowerCase(Locale.ROOT);
                        links.add("[" + words + "](#" + words.replace(' ', '-') + ")");
                      }));
      page.append(links);
      String rows =
          command.positionalParameters().stream()
                  .filter(parameter -> !parameter.hidden())
                  .map(ReferencePagesTest::row)
                  .collect(Collectors.joining())
              + command.options().stream()
                  .filter(option -> !option.hidden())
                  .filter(option -> !option.usageHelp() && !option.versionHelp())
                  .filter(option -> !elsewhere.containsAll(names(option)))
                  .map(ReferencePagesTest::row)
                  .collect(Collectors.joining());
      if (!rows.isEmpty()) {
        page.append("\n| argument | meaning |\n|---|---|\n").append(rows);
      }
    }
  }

  private static List<String> names(OptionSpec option) {
    return List.of(option.names());
  }

  private static String row(PositionalParamSpec parameter) {
    return "| `%s` | %s |\n"
        .formatted(
            cell(parameter.paramLabel()), cell(escaped(String.join(" ", parameter.description()))));
  }

  private static String row(OptionSpec option) {
    String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    return "| `%s%s` | %s%s |\n"
        .formatted(
            String.join("`, `", option.names()),
            cell(value),
            option.required() ? "Required. " : "",
            cell(escaped(String.join(" ", option.description()))));
  }

  private static String escaped(String description) {
    return description.replace("%n", " ").replace("%%", "%").replace("<", "\\<");
  }

  private static String cell(String text) {
    return Pattern.compile("\\s+").matcher(text.replace("|", "\\|")).replaceAll(" ");
  }
}

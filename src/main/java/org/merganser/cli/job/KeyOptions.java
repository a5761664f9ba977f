package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.merganser.job.JobReader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command that set a key of its job each, as a table: {@code --option key VALUE
 * description} a line. The placeholder says the type: {@code N} and {@code SHARE} are numbers,
 * {@code TOKENIZER} and {@code TABLE} may be runs, {@code -} is a flag, and any other is a text;
 * {@code VALUE...} may be repeated, and {@code VALUE!} is required.
 */
final class KeyOptions {
  private record Row(String option, String key, String type, String description) {
    String placeholder() {
      return type.replaceFirst("[.!]+$", "");
    }

    OptionSpec spec() {
      OptionSpec.Builder builder =
          OptionSpec.builder(option).description(description).required(type.endsWith("!"));
      if (placeholder().equals("-")) {
        return builder.type(Boolean.class).arity("0").build();
      }
      Class<?> valueType = placeholder().equals("N") ? Long.class : String.class;
      switch (placeholder()) {
        case "TOKENIZER" -> builder.converters(new FileArgument.Tokenizer());
        case "TABLE" -> builder.converters(new FileArgument.Table());
        default -> {}
      }
      builder.paramLabel(placeholder()).type(valueType);
      if (placeholder().contains("=")) {
        builder.type(Map.class).auxiliaryTypes(String.class, valueType);
      } else if (type.endsWith("...")) {
        builder.type(List.class).auxiliaryTypes(valueType);
      }
      return builder.arity("1").build();
    }
  }

  private final List<Row> rows = new ArrayList<>();

  KeyOptions(String table) {
    for (String line : table.lines().toList()) {
      String[] cells = line.split(" +", 4);
      rows.add(new Row(cells[0], cells[1], cells[2], cells[3]));
    }
  }

  void addTo(CommandSpec command) {
    rows.forEach(row -> command.addOption(row.spec()));
  }

  /** The settings of the options that are given; the others have the defaults of the job. */
  List<String> settings(CommandSpec command) {
    List<String> settings = new ArrayList<>();
    for (Row row : rows) {
      if (command.commandLine().getParseResult().hasMatchedOption(row.option())) {
        settings.add(setting(row, command.findOption(row.option()).getValue()));
      }
    }
    return settings;
  }

  @SuppressWarnings("unchecked") // as the table says
  private static String setting(Row row, Object value) {
    if (value instanceof Map<?, ?> weights) {
      return JobReader.numbers(row.key(), (Map<String, String>) weights);
    }
    if (value instanceof List<?> list && list.get(0) instanceof String) {
      return JobReader.texts(row.key(), (List<String>) list);
    }
    return value instanceof String text && !row.placeholder().equals("SHARE")
        ? JobReader.text(row.key(), text)
        : row.key() + "=" + value;
  }
}

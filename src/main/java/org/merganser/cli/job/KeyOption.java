package org.merganser.cli.job;

import java.util.List;
import java.util.Map;
import org.merganser.job.JobKeys;
import org.merganser.job.Key;
import org.merganser.job.Setting;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option of a command that sets a key of its job, with the key's type, description, allowed
 * values and default.
 *
 * @param name such as {@code --output}
 * @param placeholder of the value in the help; empty for a boolean key
 * @param path of the key
 * @param required whether the command needs it
 * @param onlyInFullHelp whether {@code --help} leaves it out, as with {@link OnlyInFullHelp}
 * @param description in place of the key's; empty for the key's
 */
public record KeyOption(
    String name,
    String placeholder,
    String path,
    boolean required,
    boolean onlyInFullHelp,
    String description) {
  /** The converters of keys that name files, by path: the folder of a run means the file in it. */
  private static final Map<String, ITypeConverter<String>> CONVERTERS =
      Map.of(
          "tokenizer.load", new FileArgument.Tokenizer(),
          "tokenizer.train.continueFrom", new FileArgument.Tokenizer(),
          "embeddings.table", new FileArgument.Table());

  /**
   * An option with the meaning of its key.
   *
   * @param option with the placeholder of its value, such as {@code --output FOLDER}
   * @param path of the key
   */
  public static KeyOption of(String option, String path) {
    String[] words = option.split(" ", 2);
    String placeholder = words.length > 1 ? words[1] : "";
    boolean required = false;
    boolean onlyInFullHelp = false;
    String description = ""; // that of the key
    return new KeyOption(words[0], placeholder, path, required, onlyInFullHelp, description);
  }

  /** Like {@link #of(String, String)}, for an option that the command needs. */
  public static KeyOption required(String option, String path) {
    KeyOption plain = of(option, path);
    boolean required = true;
    return new KeyOption(
        plain.name, plain.placeholder, path, required, plain.onlyInFullHelp, plain.description);
  }

  /** Like {@link #of(String, String)}, for an option that {@code --help} leaves out. */
  public static KeyOption onlyInFullHelp(String option, String path) {
    KeyOption plain = of(option, path);
    boolean onlyInFullHelp = true;
    return new KeyOption(
        plain.name, plain.placeholder, path, plain.required, onlyInFullHelp, plain.description);
  }

  /** The same option with a description of its own in place of the key's. */
  public KeyOption withDescription(String text) {
    return new KeyOption(name, placeholder, path, required, onlyInFullHelp, text);
  }

  /**
   * The option for picocli, with this as its user object. A key with a list of any values, or with
   * a map, is an option that may be repeated.
   *
   * @param allowed values; empty for any
   */
  public OptionSpec spec(List<String> allowed) {
    Key key = JobKeys.at(path);
    boolean repeats = (key.isList() && allowed.isEmpty()) || key.map() != null;
    String text = description.isEmpty() ? KeySummary.of(key, allowed) : description;
    OptionSpec.Builder builder =
        OptionSpec.builder(name)
            .userObject(this)
            .required(required)
            .description(repeats ? text + " May be repeated." : text);
    if (key.type() == boolean.class) {
      return builder.type(Boolean.class).arity("0").build();
    }
    builder.paramLabel(placeholder).arity("1");
    if (!allowed.isEmpty()) {
      builder.completionCandidates(allowed);
    }
    if (CONVERTERS.containsKey(path)) {
      builder.converters(CONVERTERS.get(path));
    }
    setValueType(builder, key);
    if (key.isList() && !repeats) {
      builder.splitRegex(",");
    }
    return builder.build();
  }

  /**
   * Sets the type of the value: a List or a Map for such a key, else a Long or a String. A real
   * number is a String, which stays as it is written.
   */
  private static void setValueType(OptionSpec.Builder builder, Key key) {
    boolean isInteger = Key.isInteger(key.isList() ? key.elementType() : key.type());
    Class<?> valueType = isInteger ? Long.class : String.class;
    if (key.map() != null) {
      builder.type(Map.class).auxiliaryTypes(String.class, String.class);
    } else if (key.isList()) {
      builder.type(List.class).auxiliaryTypes(valueType);
    } else {
      builder.type(valueType);
    }
  }

  /**
   * The setting of the key for a value of the option, {@code key=value}.
   *
   * @param value of a type that {@link #spec} names
   */
  @SuppressWarnings("unchecked") // a map of spec() has strings
  String setting(Object value) {
    if (value instanceof Map<?, ?> weights) {
      return Setting.ofNumbers(path, (Map<String, String>) weights);
    }
    boolean isReal = value instanceof String && Key.isReal(JobKeys.at(path).type());
    return isReal ? path + "=" + value : Setting.of(path, value);
  }
}

package org.merganser.cli.job;

import java.util.List;
import java.util.Map;
import org.merganser.job.JobReader;
import org.merganser.job.Key;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option of a command that sets a key of its job, with the key's type, description, allowed
 * values and default.
 *
 * @param placeholder of the value in the help; not shown for a boolean key
 * @param path of the key
 * @param description in place of the key's; empty for the key's
 */
public record KeyOption(
    String name, String placeholder, String path, boolean required, String description) {
  /** For keys that name files: a run means the file in it. */
  private static final Map<String, ITypeConverter<String>> CONVERTERS =
      Map.of(
          "tokenizer.load", new FileArgument.Tokenizer(),
          "tokenizer.train.continueFrom", new FileArgument.Tokenizer(),
          "embeddings.table", new FileArgument.Table());

  /**
   * @param allowed values; empty for any
   */
  public OptionSpec spec(List<String> allowed) {
    Key key = Key.at(path);
    boolean repeats = (key.isList() && allowed.isEmpty()) || key.map() != null;
    String text = description.isEmpty() ? key.summary(allowed) : description;
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
    if (key.map() != null) {
      return builder.type(Map.class).auxiliaryTypes(String.class, String.class).build();
    }
    boolean isInteger = Key.isInteger(key.isList() ? key.elementType() : key.type());
    Class<?> one = isInteger ? Long.class : String.class; // a real number as it is written
    if (!key.isList()) {
      return builder.type(one).build();
    }
    return builder.type(List.class).auxiliaryTypes(one).splitRegex(repeats ? "" : ",").build();
  }

  @SuppressWarnings("unchecked") // as spec() says
  String setting(Object value) {
    if (value instanceof Map<?, ?> weights) {
      return JobReader.numbers(path, (Map<String, String>) weights);
    }
    boolean isReal = value instanceof String && Key.isReal(Key.at(path).type());
    return isReal ? path + "=" + value : JobReader.setting(path, value);
  }
}

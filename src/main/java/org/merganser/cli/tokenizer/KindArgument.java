package org.merganser.cli.tokenizer;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.merganser.job.Spelling;
import org.merganser.tokenizer.audit.TokenKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A kind of tokens by its key, such as {@code partial-utf8}. */
final class KindArgument implements ITypeConverter<TokenKind> {
  @Override
  public TokenKind convert(String value) {
    for (TokenKind kind : TokenKind.values()) {
      if (kind.key().equals(value)) {
        return kind;
      }
    }
    throw new TypeConversionException(
        "\"%s\" is no kind of tokens%s The kinds are %s"
            .formatted(
                value,
                Spelling.nearest(
                        value, Arrays.stream(TokenKind.values()).map(TokenKind::key).toList())
                    .map(near -> "; did you mean \"" + near + "\"?")
                    .orElse("."),
                Arrays.stream(TokenKind.values())
                    .map(TokenKind::key)
                    .collect(Collectors.joining(", "))));
  }
}

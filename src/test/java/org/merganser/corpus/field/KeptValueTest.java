package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.KeptField.Type;

/** Values of kept fields as their columns have them. */
final class KeptValueTest {
  @Test
  void numbersInCellsHaveTheDigits0To9Alone() {
    assertThat(ofText("12", Type.INTEGER)).isEqualTo(12L);
    assertThat(ofText("+12", Type.INTEGER)).isEqualTo(12L);
    assertThat(ofText("-12", Type.INTEGER)).isEqualTo(-12L);
    assertThat(ofText("\u0661\u0662", Type.INTEGER)).as("Arabic digits").isNull();
    assertThat(ofText("\uff11\uff12", Type.INTEGER)).as("digits of full width").isNull();
    assertThat(ofText("\u0661.5", Type.DOUBLE)).isNull();
    assertThat(ofText("1.5", Type.DOUBLE)).isEqualTo(1.5);
  }

  @Test
  void aValueOfAnotherTypeIsNone() {
    assertThat(ofText("1.0", Type.INTEGER)).isNull();
    assertThat(ofText("9223372036854775808", Type.INTEGER)).isNull();
    assertThat(ofText("5d", Type.DOUBLE)).isNull();
    assertThat(ofText("1e999", Type.DOUBLE)).isNull();
    assertThat(ofText("True", Type.BOOLEAN)).isNull();
    assertThat(KeptValue.ofTyped(value("12"), FieldValues.Kind.STRING, Type.INTEGER)).isNull();
    assertThat(KeptValue.ofTyped(value("12"), FieldValues.Kind.NUMBER, Type.INTEGER))
        .isEqualTo(12L);
    assertThat(KeptValue.ofTyped(value("1"), FieldValues.Kind.NUMBER, Type.BOOLEAN)).isNull();
    assertThat(KeptValue.ofTyped(value("12"), FieldValues.Kind.NUMBER, Type.STRING))
        .isEqualTo("12".getBytes(UTF_8));
  }

  private static @Nullable Object ofText(String written, Type type) {
    return KeptValue.ofText(value(written), type);
  }

  private static ByteBuilder value(String written) {
    ByteBuilder value = new ByteBuilder(16);
    value.append(written.getBytes(UTF_8));
    return value;
  }
}

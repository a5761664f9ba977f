package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WholeNumberTest {
  @ParameterizedTest
  @CsvSource({
    "32000, 32000",
    "32_000, 32000",
    "-7, -7",
    "+7, 7",
    "1e9, 1000000000",
    "32k, 32000",
    "32K, 32000",
    "64Ki, 65536",
    "64kib, 65536",
    "512B, 512",
    "50 MB, 50000000",
    "10m, 10000000",
    "5GiB, 5368709120",
    "1.5TB, 1500000000000",
    "0.5Ki, 512",
    "9223372036854775807, 9223372036854775807",
    "0x1F, 31",
    "0o17, 15",
    "8388607Ti, 9223370937343148032",
  })
  void readsWhatPeopleWrite(String text, long number) {
    assertThat(WholeNumber.parse(text)).isEqualTo(number);
    assertThat(text).matches(WholeNumber.FORM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "k",
        "32kk",
        "32 000",
        "32,000",
        "5Gig",
        "5i",
        "iB",
        "1.5",
        "1.0001k",
        "0.3Ki",
        ".5k",
        "5.k",
        "1e-3",
        "9223372036854775808",
        "8388608Ti",
        "1e99T",
        "NaN",
        "３２k",
        "_1",
        "1\n"
      })
  void refusesWhatIsNoWholeNumber(String text) {
    assertThatThrownBy(() -> WholeNumber.parse(text))
        .isInstanceOf(NumberFormatException.class)
        .hasMessage(
            "\"%s\" is not an integer such as 32000, 32k, 64Ki, 5GiB or 1.5TB".formatted(text));
  }

  @Test
  void namesTheNumberWithoutItsLeadingZeros() {
    assertThatThrownBy(() -> WholeNumber.parse("-0_07k")).hasMessageEndingWith("; write -7k");
    assertThatThrownBy(() -> WholeNumber.parse("00")).hasMessageEndingWith("; write 0");
    assertThat(WholeNumber.parse("0")).isZero();
  }

  /** A text of a million digits costs no more than one of 26. */
  @Test
  void refusesMoreDigitsThanANumberHas() {
    assertThatThrownBy(() -> WholeNumber.parse("9".repeat(1_000_000)))
        .isInstanceOf(NumberFormatException.class);
  }
}

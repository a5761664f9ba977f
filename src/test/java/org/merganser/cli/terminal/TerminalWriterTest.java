package org.merganser.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.json.Json;

class TerminalWriterTest {
  private final StringWriter printed = new StringWriter();
  private final PrintWriter writer = new TerminalWriter(printed);

  @Test
  void escapesWhatSteersATerminalInEachWayOfPrinting() {
    writer.print("a\u001b[2Jb\u0007\u009bc\u007f\r\n\td \u00e9\ud83d\ude00");
    writer.printf(Locale.ROOT, "%s|", "\u202e");
    writer.print('\u0085');
    writer.write("x\u061cy", 1, 1);
    writer.append("\u2066").append("z\u2069z", 0, 2);
    writer.write(new char[] {'\u200f', 'e'});
    writer.print((Object) "\u2028");

    assertThat(printed)
        .hasToString(
            "a\\u001B[2Jb\\u0007\\u009Bc\\u007F\\u000D\n\td \u00e9\ud83d\ude00\\u202E|\\u0085"
                + "\\u061C\\u2066z\\u2069\\u200Fe\\u2028");
  }

  @Test
  void leavesAllOtherCharactersAsTheyAre() {
    StringBuilder all = new StringBuilder();
    IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> c < 0xD800 || c > 0xDFFF)
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .filter(c -> "\u061c\u200e\u200f".indexOf(c) < 0)
        .filter(c -> (c < 0x2028 || c > 0x202E) && (c < 0x2066 || c > 0x206F))
        .forEach(all::appendCodePoint);

    writer.print(all);

    assertThat(printed.toString().contentEquals(all)).isTrue();
  }

  @Test
  void printsJsonThatIsReadAsTheSameText() throws Exception {
    String text = "\\\u0085\u202e\u007f\u2029\u0000\"\u061c";

    writer.print(Json.MAPPER.writeValueAsString(text));

    assertThat(printed.toString())
        .isEqualTo("\"\\\\\\u0085\\u202E\\u007F\\u2029\\u0000\\\"\\u061C\"");
    assertThat(Json.MAPPER.readValue(printed.toString(), String.class)).isEqualTo(text);
  }

  @Test
  void clearsTheLineOfATerminalOnly() {
    StringWriter plain = new StringWriter();
    TerminalWriter.clearLine(writer);
    TerminalWriter.clearLine(new PrintWriter(plain));

    assertThat(printed).hasToString("\r\u001b[K");
    assertThat(plain.toString()).isEmpty();
  }
}

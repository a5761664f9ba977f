package org.merganser.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramCommandTest {
  @Test
  void quotesAnArgumentForAShell() {
    assertThat(ProgramCommand.argument("/a/b-c_1.json")).isEqualTo("/a/b-c_1.json");
    assertThat(ProgramCommand.argument("it's here")).isEqualTo("'it'\\''s here'");
    assertThat(ProgramCommand.argument("")).isEqualTo("''");
  }

  @Test
  void writesACommandThatAShellTakes() {
    assertThat(ProgramCommand.line("verify", "a folder", "--full"))
        .isEqualTo(ProgramCommand.name() + " verify 'a folder' --full");
  }
}

package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ShardRowListingTest {
  @Test
  void aTerminalShowsTheBeginningOfALongTextAndHowToSeeAllOfIt() {
    assertThat(ShardRowListing.beginning("abcd", 4, "cat")).isEqualTo("abcd");
    assertThat(ShardRowListing.beginning("abcde", 4, "merganser cat OUT --doc d | less"))
        .isEqualTo("abcd…\n-- 1 more character: merganser cat OUT --doc d | less");
    assertThat(ShardRowListing.beginning("abc😀e", 4, "cat"))
        .as("no half of a character")
        .isEqualTo("abc…\n-- 3 more characters: cat");
  }
}

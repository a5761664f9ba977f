package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

final class ListingProblemsTest {
  @Test
  void aFailureThatFollowsFromAnotherIsNoProblemOfItsOwn() throws IOException {
    ListingProblems problems = new ListingProblems();
    problems.attempt(
        "folder",
        () -> {
          FileSystemException failure = new AccessDeniedException("folder/a");
          failure.addSuppressed(new IOException("cannot be closed"));
          failure.addSuppressed(new AccessDeniedException("folder/b"));
          throw failure;
        });
    assertThatThrownBy(problems::requireNone)
        .hasMessageStartingWith("2 inputs cannot be used:\n")
        .hasMessageContaining("folder/a may not be read")
        .hasMessageContaining("folder/b may not be read")
        .hasMessageNotContaining("closed");
  }
}

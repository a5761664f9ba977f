package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several resources are closed, whichever of them fails. */
final class ClosingTest {
  private final List<String> closed = new ArrayList<>();

  private Closeable failing(String name, Exception failure) {
    return () -> {
      closed.add(name);
      if (failure instanceof IOException e) {
        throw e;
      }
      throw (RuntimeException) failure;
    };
  }

  @Test
  void closesTheOthersAfterAFailureAndReportsTheFirst() {
    IOException full = new IOException("full");
    IllegalStateException wrong = new IllegalStateException("wrong");
    List<Closeable> resources =
        List.of(
            () -> closed.add("a"),
            failing("b", full),
            failing("c", wrong),
            failing("d", full),
            () -> closed.add("e"));
    assertThatThrownBy(() -> Closing.all(resources)).isSameAs(full).hasSuppressedException(wrong);
    assertThat(closed).containsExactly("a", "b", "c", "d", "e");
    assertThat(full.getSuppressed()).hasSize(1);
  }

  @Test
  void keepsTheFailureAfterWhichAResourceIsClosed() {
    IOException failure = new IOException("read");
    IOException full = new IOException("full");
    Closing.after(failure, failing("a", full));
    Closing.after(failure, failing("b", failure));
    assertThat(closed).containsExactly("a", "b");
    assertThat(failure.getSuppressed()).containsExactly(full);
  }

  @Test
  void reportsARuntimeExceptionThatComesFirst() {
    IllegalStateException wrong = new IllegalStateException("wrong");
    assertThatThrownBy(
            () -> Closing.all(List.of(failing("a", wrong), failing("b", new IOException("full")))))
        .isSameAs(wrong);
  }

  @Test
  void closesAllWithoutAFailure() throws IOException {
    Closing.all(List.of(() -> closed.add("a"), () -> closed.add("b")));
    assertThat(closed).containsExactly("a", "b");
  }
}

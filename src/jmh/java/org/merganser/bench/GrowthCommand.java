package org.merganser.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bench growth}. */
@Command(name = "growth")
final class GrowthCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}

package org.merganser.cli.job;

import org.merganser.dataset.ProgramVersion;
import picocli.CommandLine;

/** The version and commit of the build, and the running Java. */
public final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    ProgramVersion built = ProgramVersion.current();
    return new String[] {
      "merganser %s (commit %s, Java %s)"
          .formatted(built.version(), built.commit(), Runtime.version())
    };
  }
}

package org.merganser.cli.job;

import picocli.CommandLine;

/** The version in the jar's manifest. */
public final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"merganser " + (version == null ? "(not packaged)" : version)};
  }
}

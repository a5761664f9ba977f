package org.merganser.cli.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;

/** The version and the commit that were built, and the Java that runs them. */
public final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    Properties built = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String[] {
      "merganser %s (commit %s, Java %s)"
          .formatted(built.getProperty("version"), built.getProperty("commit"), Runtime.version())
    };
  }
}

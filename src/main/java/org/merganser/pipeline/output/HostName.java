package org.merganser.pipeline.output;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How messages, locks and reports call this machine. */
public final class HostName {
  private HostName() {}

  /** The machine's name, or its loopback address where it has no name. */
  public static String get() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}

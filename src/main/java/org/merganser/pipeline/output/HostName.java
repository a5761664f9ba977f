package org.merganser.pipeline.output;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine in messages, locks and reports. */
public final class HostName {
  private HostName() {}

  /** The name, or the loopback address if the machine has none. */
  public static String get() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}

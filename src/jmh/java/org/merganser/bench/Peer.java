package org.merganser.bench;

/** Another tokenizer on the JVM, with the same vocabulary. For one thread. */
interface Peer extends AutoCloseable {
  /** The name in tables. */
  String name();

  /** The ids of a text, without added specials. */
  int[] ids(String text);

  @Override
  void close();
}

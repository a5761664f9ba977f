package org.merganser.beam;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;

/**
 * What this JVM has loaded once for all pipelines and threads. A value that no step uses any more
 * is let go when memory is wanted.
 */
final class SoftCache<K, V> {
  private final Map<K, SoftReference<V>> loaded = new HashMap<>();

  /** Loads a value. */
  @FunctionalInterface
  interface Loader<V> {
    V load() throws IOException;
  }

  /** The value of a key, loaded unless it is there; one at a time. */
  synchronized V get(K key, Loader<V> loader) throws IOException {
    SoftReference<V> known = loaded.get(key);
    V value = known == null ? null : known.get();
    if (value == null) {
      value = loader.load();
      loaded.values().removeIf(other -> other.get() == null);
      loaded.put(key, new SoftReference<>(value));
    }
    return value;
  }
}

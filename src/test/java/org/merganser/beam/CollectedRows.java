package org.merganser.beam;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;

/** What a collection held when its pipeline ran in this JVM, in no order. */
final class CollectedRows<T> {
  /** An element where it was. */
  record Found(Object element, BoundedWindow window, long timestamp) {}

  private static final Map<String, Queue<Found>> ALL = new ConcurrentHashMap<>();

  private final String key = UUID.randomUUID().toString();

  private CollectedRows() {
    ALL.put(key, new ConcurrentLinkedQueue<>());
  }

  static <T> CollectedRows<T> of(String name, PCollection<T> collection) {
    CollectedRows<T> collected = new CollectedRows<>();
    collection.apply(name, ParDo.of(new CollectFn<>(collected.key)));
    return collected;
  }

  @SuppressWarnings("unchecked")
  List<T> elements() {
    return ALL.get(key).stream().map(found -> (T) found.element()).toList();
  }

  List<Found> found() {
    return List.copyOf(ALL.get(key));
  }

  private static final class CollectFn<T> extends DoFn<T, Void> {
    private final String key;

    CollectFn(String key) {
      this.key = key;
    }

    @ProcessElement
    public void collect(@Element T element, BoundedWindow window, ProcessContext context) {
      ALL.get(key).add(new Found(element, window, context.timestamp().getMillis()));
    }
  }
}

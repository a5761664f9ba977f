package org.merganser.text.normalize;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes SentencePiece's {@code precompiled_charsmap} of a small map, a block for each node. */
public final class Charsmaps {
  private static final int BLOCK = 256;

  /** A node of the trie: what follows by byte, and the place of the replacement or -1. */
  private static final class Node {
    final SortedMap<Integer, Node> children = new TreeMap<>();
    int value = -1;
  }

  private int[] units = new int[BLOCK];
  private int blocks = 1;

  private Charsmaps() {}

  /** The map in Base64; its keys are neither empty nor hold NUL. */
  public static String of(Map<String, String> map) {
    ByteArrayOutputStream replacements = new ByteArrayOutputStream();
    Node root = new Node();
    map.forEach(
        (key, replacement) -> {
          Node node = root;
          for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            node = node.children.computeIfAbsent(b & 0xFF, label -> new Node());
          }
          node.value = replacements.size();
          replacements.writeBytes((replacement + "\0").getBytes(StandardCharsets.UTF_8));
        });
    Charsmaps maker = new Charsmaps();
    maker.place(root, 0, 0);
    ByteBuffer out =
        ByteBuffer.allocate(4 + 4 * maker.units.length + replacements.size())
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(4 * maker.units.length);
    for (int unit : maker.units) {
      out.putInt(unit);
    }
    out.put(replacements.toByteArray());
    return Base64.getEncoder().encodeToString(out.array());
  }

  /** Writes the node's unit at {@code at} and its children into a block of their own. */
  private void place(Node node, int at, int label) {
    int block = BLOCK * blocks++;
    units = java.util.Arrays.copyOf(units, BLOCK * blocks);
    units[at] = (at ^ block) << 10 | (node.value >= 0 ? 1 << 8 : 0) | label;
    if (node.value >= 0) {
      units[block] = 1 << 31 | node.value;
    }
    node.children.forEach((next, child) -> place(child, block ^ next, next));
  }
}

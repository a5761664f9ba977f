package org.merganser.bpe.encode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The slow twin of the encoder, over Strings and maps: first symbols as HF's {@code merge_word}
 * takes them, then the textbook rule (find the best pair, merge it, start again).
 */
final class PlainBpe {
  private record Pair(int left, int right) {}

  private record Merge(int rank, int result) {}

  private record Symbol(int id, int length) {}

  private final Map<String, Integer> vocabulary = new HashMap<>();
  private final Map<Pair, Merge> merges = new HashMap<>();
  private final BpeModel.Options options;

  PlainBpe(List<ListedModel.Entry> entries, List<String> pairs, BpeModel.Options options) {
    this.options = options;
    for (ListedModel.Entry entry : entries) {
      vocabulary.put(entry.token(), entry.id());
    }
    String prefix =
        options.continuingSubwordPrefix() == null ? "" : options.continuingSubwordPrefix();
    for (int i = 0; i < pairs.size(); i += 2) {
      String joined = pairs.get(i) + pairs.get(i + 1).substring(prefix.length());
      merges.put(
          new Pair(vocabulary.get(pairs.get(i)), vocabulary.get(pairs.get(i + 1))),
          new Merge(i / 2, vocabulary.get(joined)));
    }
  }

  List<Integer> ids(String pretoken) {
    return symbols(pretoken, false).stream().map(Symbol::id).toList();
  }

  /**
   * The bytes that each id represents.
   *
   * @param byteLevel whether each character of the pretoken is the form of one byte
   */
  List<Integer> lengths(String pretoken, boolean byteLevel) {
    return symbols(pretoken, byteLevel).stream().map(Symbol::length).toList();
  }

  private List<Symbol> symbols(String pretoken, boolean byteLevel) {
    Integer whole = options.ignoreMerges() ? vocabulary.get(pretoken) : null;
    return whole != null
        ? List.of(new Symbol(whole, length(pretoken, byteLevel)))
        : merged(firstSymbols(pretoken, byteLevel));
  }

  private static int length(String text, boolean byteLevel) {
    return byteLevel ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private List<Symbol> firstSymbols(String word, boolean byteLevel) {
    List<Symbol> symbols = new ArrayList<>();
    Symbol pending = null;
    int[] characters = word.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      String s = Character.toString(characters[i]);
      int length = length(s, byteLevel);
      if (i > 0 && options.continuingSubwordPrefix() != null) {
        s = options.continuingSubwordPrefix() + s;
      }
      if (i == characters.length - 1 && options.endOfWordSuffix() != null) {
        s = s + options.endOfWordSuffix();
      }
      Integer id = vocabulary.get(s);
      if (id != null) {
        if (pending != null) {
          symbols.add(pending);
          pending = null;
        }
        symbols.add(new Symbol(id, length));
        continue;
      }
      if (options.byteFallback()) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : s.getBytes(StandardCharsets.UTF_8)) {
          bytes.add(vocabulary.get("<0x%02X>".formatted(b)));
        }
        if (!bytes.contains(null)) {
          bytes.forEach(b -> symbols.add(new Symbol(b, 1)));
          continue;
        }
      }
      if (options.unkToken() != null) {
        if (pending != null && !options.fuseUnk()) {
          symbols.add(pending);
          pending = null;
        }
        int before = pending == null ? 0 : pending.length();
        pending = new Symbol(vocabulary.get(options.unkToken()), before + length);
      }
    }
    if (pending != null) {
      symbols.add(pending);
    }
    return symbols;
  }

  private List<Symbol> merged(List<Symbol> symbols) {
    List<Symbol> word = new ArrayList<>(symbols);
    while (true) {
      Merge best = null;
      int at = -1;
      for (int i = 0; i + 1 < word.size(); i++) {
        Merge merge = merges.get(new Pair(word.get(i).id(), word.get(i + 1).id()));
        if (merge != null && (best == null || merge.rank() < best.rank())) {
          best = merge;
          at = i;
        }
      }
      if (best == null) {
        return word;
      }
      int length = word.get(at).length() + word.remove(at + 1).length();
      word.set(at, new Symbol(best.result(), length));
    }
  }
}

package org.merganser.bpe.encode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A random model over few characters, made to provoke: several paths to one token, merges in an
 * order in which no trainer would learn them, duplicate merges, tokens that merges can't reach,
 * gaps between ids, missing characters.
 */
final class RandomBpe {
  final List<ListedModel.Entry> entries = new ArrayList<>();
  final List<String> merges = new ArrayList<>();
  final BpeModel.Options options;
  final List<String> alphabet;

  RandomBpe(Random random, List<String> alphabet, BpeModel.Options options) {
    this.options = options;
    this.alphabet = alphabet;
    String prefix =
        options.continuingSubwordPrefix() == null ? "" : options.continuingSubwordPrefix();
    String suffix = options.endOfWordSuffix() == null ? "" : options.endOfWordSuffix();
    Set<String> tokens = new LinkedHashSet<>();
    for (String character : alphabet) {
      for (String form :
          List.of(character, prefix + character, character + suffix, prefix + character + suffix)) {
        if (random.nextInt(20) > 0) {
          tokens.add(form);
        }
      }
    }
    if (options.byteFallback()) {
      for (int b = 0; b < 256; b++) {
        if (random.nextInt(200) > 0) {
          tokens.add("<0x%02X>".formatted(b));
        }
      }
    }
    if (options.unkToken() != null) {
      tokens.add(options.unkToken());
    }
    List<String> parts = new ArrayList<>(tokens);
    int wanted = 1 + random.nextInt(40);
    for (int i = 0; i < wanted && !parts.isEmpty(); i++) {
      String left = parts.get(random.nextInt(parts.size()));
      String right = parts.get(random.nextInt(parts.size()));
      if (!right.startsWith(prefix)
          || right.length() == prefix.length()
          || left.length() + right.length() > 16) {
        continue;
      }
      merges.add(left);
      merges.add(right);
      String joined = left + right.substring(prefix.length());
      if (tokens.add(joined)) {
        parts.add(joined);
      }
      if (random.nextInt(4) == 0) {
        // Another way to the same token, by any cut whose parts exist.
        int cut = 1 + random.nextInt(joined.length() - 1);
        String l = joined.substring(0, cut);
        String r = prefix + joined.substring(cut);
        if (tokens.contains(l) && tokens.contains(r)) {
          merges.add(l);
          merges.add(r);
        }
      }
    }
    if (random.nextBoolean()) {
      shuffleMerges(random);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      tokens.add(text(random, 1 + random.nextInt(4)));
    }
    List<String> order = new ArrayList<>(tokens);
    Collections.shuffle(order, random);
    boolean gaps = random.nextBoolean();
    // Ids of 16 bits, of 21, and larger ones are stored in other ways.
    int id = List.of(0, 0, 0, 70_000, 3_000_000).get(random.nextInt(5));
    for (String token : order) {
      id += gaps ? random.nextInt(random.nextInt(10) == 0 ? 100_000 : 3) : 0;
      entries.add(new ListedModel.Entry(token, id++));
    }
  }

  private void shuffleMerges(Random random) {
    for (int i = merges.size() / 2 - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      Collections.swap(merges, 2 * i, 2 * j);
      Collections.swap(merges, 2 * i + 1, 2 * j + 1);
    }
  }

  /** Random text over the alphabet, with runs. */
  String text(Random random, int characters) {
    StringBuilder text = new StringBuilder();
    String last = alphabet.get(0);
    for (int i = 0; i < characters; i++) {
      last = random.nextInt(3) == 0 ? last : alphabet.get(random.nextInt(alphabet.size()));
      text.append(last);
    }
    return text.toString();
  }

  BpeModel model() {
    return ListedModel.of(entries, merges, options);
  }

  PlainBpe plain() {
    return new PlainBpe(entries, merges, options);
  }

  @Override
  public String toString() {
    return entries + " " + merges + " " + options;
  }
}

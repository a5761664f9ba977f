package org.merganser.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.merganser.SharedData;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.text.HfOracle;
import org.merganser.text.NastyText;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * One file of the census: loads a tokenizer.json with Merganser and with HF, and compares ids and
 * decoded text of random and real documents. It does so in another process, so that a crash of HF's
 * native library does not end the census.
 *
 * @param refusal why Merganser refuses the file; null if it loads it
 * @param hfRefusal why HF refuses the file; null if it loads it
 * @param vocabulary the number of ids
 * @param documents how many were compared
 * @param reduced how many of them lost characters that the file has no token for: Merganser has an
 *     error there, where HF drops the character
 * @param left how many were not compared, as HF gives an error for them
 * @param equalIds how many have the same ids
 * @param equalTexts how many are decoded to the same text, or differ as the next says
 * @param byteLetters how many of those hold an added token such as {@code °}, a letter of the byte
 *     alphabet: Merganser decodes it to itself and HF to a broken byte
 * @param normalizedTokens how many of those hold an added token that HF 0.21 decodes to its
 *     content, and Merganser, as HF 0.23, to its normalized form; else the texts are the same
 * @param difference the first difference; null if there is none
 */
record CensusRow(
    String refusal,
    String hfRefusal,
    int vocabulary,
    int documents,
    int reduced,
    int left,
    int equalIds,
    int equalTexts,
    int byteLetters,
    int normalizedTokens,
    String difference) {

  private static final int LONGEST_PIECE = 2_000;
  private static final String ROW = "census row: ";

  /** Arguments: the number of documents, the seed, the folder shared or "", and the files. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int documents = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    List<String> real = realTexts(arguments[2]);
    for (String file : Arrays.asList(arguments).subList(3, arguments.length)) {
      CensusRow row = of(Files.readAllBytes(Path.of(file)), documents, seed, real);
      // The native library may print to standard output too.
      out.println("\n" + ROW + TestTokenizers.JSON.writeValueAsString(row));
    }
  }

  private static CensusRow of(byte[] json, int documents, long seed, List<String> real)
      throws IOException {
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizer.read(json, "tokenizer.json");
    } catch (TokenizerException e) {
      return new CensusRow(e.getMessage(), hfRefusal(json), 0, 0, 0, 0, 0, 0, 0, 0, null);
    }
    try (HfTokenizer hf = new HfTokenizer(json)) {
      return new Comparison(tokenizer, json, hf).run(documents, new Random(seed), real);
    } catch (RuntimeException e) {
      return new CensusRow(null, e.toString(), tokenizer.idBound(), 0, 0, 0, 0, 0, 0, 0, null);
    }
  }

  private static String hfRefusal(byte[] json) {
    try (HfTokenizer hf = new HfTokenizer(json)) {
      hf.encode("a");
      return null;
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  /** The first documents of each file of the corpus, and the sample. */
  private static List<String> realTexts(String shared) throws IOException {
    List<String> texts = new ArrayList<>();
    if (shared.isEmpty()) {
      return texts;
    }
    Path dir = Path.of(shared);
    for (String line : Files.readAllLines(dir.resolve("sample/sample.jsonl"))) {
      texts.add(TestTokenizers.JSON.readTree(line).get("text").textValue());
    }
    texts.addAll(SharedData.firstTexts(dir, 8));
    return texts;
  }

  private static final class Comparison {
    private final Tokenizer tokenizer;
    private final HfTokenizer hf;

    /** The same file with no added token normalized: it decodes each to its content. */
    private final Tokenizer contentsAsTheyAre;

    private final Encoder encoder;
    private final List<String> added;
    private final IdBuffer ids = new IdBuffer(1024);
    private final Set<Integer> missingCharacters = new TreeSet<>();
    private final Set<Integer> missingBytes = new TreeSet<>();
    private int compared;
    private int reduced;
    private int left;
    private int equalIds;
    private int equalTexts;
    private int byteLetters;
    private int normalizedTokens;
    private String difference;

    Comparison(Tokenizer tokenizer, byte[] json, HfTokenizer hf) throws IOException {
      this.tokenizer = tokenizer;
      JsonNode tree = TestTokenizers.JSON.readTree(json);
      tree.path("added_tokens").forEach(token -> ((ObjectNode) token).put("normalized", false));
      this.contentsAsTheyAre =
          Tokenizer.read(TestTokenizers.JSON.writeValueAsBytes(tree), "tokenizer.json");
      this.hf = hf;
      this.encoder = tokenizer.newEncoder(SpecialText.PARSE);
      this.added =
          tokenizer.addedTokens().stream()
              .map(AddedToken::content)
              .filter(content -> !content.isEmpty())
              .toList();
    }

    CensusRow run(int documents, Random random, List<String> real) {
      for (int i = 0; i < documents; i++) {
        compare(
            switch (i % 4) {
              case 0 -> ofItsTokens(random);
              case 1 -> nasty(random);
              default -> real.isEmpty() ? nasty(random) : realPiece(random, real);
            });
      }
      return new CensusRow(
          null,
          null,
          tokenizer.idBound(),
          compared,
          reduced,
          left,
          equalIds,
          equalTexts,
          byteLetters,
          normalizedTokens,
          difference);
    }

    /** What random ids of the file are decoded to: text that also a small vocabulary covers. */
    private String ofItsTokens(Random random) {
      StringBuilder text = new StringBuilder();
      for (int stretches = 1 + random.nextInt(6); stretches > 0; stretches--) {
        ids.clear();
        for (int k = 1 + random.nextInt(8); k > 0; k--) {
          int id = random.nextInt(tokenizer.idBound());
          if (tokenizer.token(id) != null) {
            ids.add(id);
          }
        }
        text.append(replaced(tokenizer.decode(ids, false)).replace("\uFFFD", ""));
        text.append(random.nextBoolean() ? " " : "");
      }
      return text.toString();
    }

    /** Two generators of nasty documents, with added tokens between their pieces. */
    private String nasty(Random random) {
      StringBuilder text = new StringBuilder();
      for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
        text.append(
            random.nextInt(3) == 0
                ? NastyText.forSplits(random, 20)
                : NastyText.forTokenizers(random, 20));
        if (!added.isEmpty() && random.nextBoolean()) {
          text.append(added.get(random.nextInt(added.size())));
        }
      }
      return text.toString();
    }

    private String realPiece(Random random, List<String> real) {
      String document = real.get(random.nextInt(real.size()));
      int characters = document.codePointCount(0, document.length());
      int from = document.offsetByCodePoints(0, random.nextInt(characters));
      int most = Math.min(LONGEST_PIECE, document.codePointCount(from, document.length()));
      StringBuilder piece =
          new StringBuilder(
              document.substring(
                  from, document.offsetByCodePoints(from, random.nextInt(most + 1))));
      if (!added.isEmpty() && random.nextInt(4) == 0) {
        int at =
            piece.offsetByCodePoints(
                0, random.nextInt(piece.codePointCount(0, piece.length()) + 1));
        piece.insert(at, added.get(random.nextInt(added.size())));
      }
      return piece.toString();
    }

    private void compare(String document) {
      String text = encodable(document);
      int[] expected;
      try {
        expected = hf.encode(text);
      } catch (RuntimeException e) {
        left++;
        return;
      }
      compared++;
      reduced += text.length() < document.length() ? 1 : 0;
      int[] got = ids.toArray();
      int at = Arrays.mismatch(got, expected);
      if (at < 0) {
        equalIds++;
      } else {
        note("ids", at, part(got, at), part(expected, at));
        return;
      }
      String hfText = hf.decode(expected, false);
      String ourText = replaced(tokenizer.decode(ids, false));
      if (hfText.equals(ourText)) {
        equalTexts++;
      } else if (hfText.indexOf('\uFFFD') >= 0 && hasByteLetters(expected)) {
        equalTexts++;
        byteLetters++;
      } else if (hfText.equals(replaced(contentsAsTheyAre.decode(ids, false)))) {
        equalTexts++;
        normalizedTokens++;
      } else {
        int different = Arrays.mismatch(ourText.toCharArray(), hfText.toCharArray());
        note("text", different, part(ourText, different), part(hfText, different));
      }
    }

    /** Whether an added token of the ids has a letter that stands for a byte above 0x7F. */
    private boolean hasByteLetters(int[] of) {
      return tokenizer.decoder() != null
          && Arrays.stream(of)
              .mapToObj(tokenizer::token)
              .anyMatch(
                  token ->
                      added.contains(token)
                          && token.codePoints().anyMatch(c -> c > 0x7F && c < 0x144));
    }

    /** Keeps the first difference, with the text in front of it. */
    private void note(String what, int at, String ours, String hfs) {
      if (difference == null) {
        difference = "%s at %d: ours %s, HF's %s".formatted(what, at, ours, hfs);
      }
    }

    private static String part(int[] ids, int at) {
      int from = Math.min(ids.length, Math.max(0, at - 3));
      return Arrays.toString(Arrays.copyOfRange(ids, from, Math.min(ids.length, at + 12)));
    }

    private static String part(String text, int at) {
      int from = Math.min(text.length(), Math.max(0, at - 20));
      return HfOracle.quote(text.substring(from, Math.min(text.length(), at + 20)));
    }

    /** Encodes the text without the characters that the vocabulary has nothing for. */
    private String encodable(String document) {
      String text = without(document);
      while (true) {
        try {
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          ids.clear();
          encoder.encode(utf8, 0, utf8.length, ids);
          return text;
        } catch (UnencodableException e) {
          String shorter = without(text, e);
          if (shorter.length() == text.length()) {
            throw new IllegalStateException("not in the document: " + e.getMessage(), e);
          }
          text = shorter;
        }
      }
    }

    private String without(String text, UnencodableException missing) {
      String character = missing.character();
      if (character.startsWith("byte 0x")) {
        missingBytes.add(Integer.parseInt(character.substring(7, 9), 16));
      } else {
        missingCharacters.add(Integer.parseInt(character.substring(2).split(" ")[0], 16));
      }
      String shorter = without(text);
      if (shorter.length() == text.length()) {
        // A normalizer made the character: the first one after the offset goes.
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int at = new String(utf8, 0, (int) missing.offset(), StandardCharsets.UTF_8).length();
        if (at < text.length()) {
          shorter = text.substring(0, at) + text.substring(text.offsetByCodePoints(at, 1));
        }
      }
      return shorter;
    }

    private String without(String text) {
      if (missingBytes.isEmpty() && missingCharacters.isEmpty()) {
        return text;
      }
      StringBuilder kept = new StringBuilder();
      text.codePoints().filter(c -> !isMissing(c)).forEach(kept::appendCodePoint);
      return kept.toString();
    }

    private boolean isMissing(int character) {
      if (missingCharacters.contains(character)) {
        return true;
      }
      for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
        if (missingBytes.contains(b & 0xFF)) {
          return true;
        }
      }
      return false;
    }

    /** As Rust makes text of bytes. */
    private static String replaced(byte[] bytes) {
      ByteBuilder text = new ByteBuilder(bytes.length);
      Utf8.replaceIllFormed(bytes, 0, bytes.length, text);
      return new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The rows of some files from another process, or from several: one that crashes has a row that
   * says so, and the files after it go on. Standard error goes to {@code log}.
   */
  static List<CensusRow> inOtherProcesses(
      List<Path> files, int documents, long seed, String shared, Path log)
      throws IOException, InterruptedException {
    List<CensusRow> rows = new ArrayList<>();
    while (rows.size() < files.size()) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx3g",
                  "-XX:+UseSerialGC",
                  "-Dfile.encoding=UTF-8",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  CensusRow.class.getName(),
                  Integer.toString(documents),
                  Long.toString(seed),
                  shared));
      files.subList(rows.size(), files.size()).forEach(file -> command.add(file.toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith(ROW)) {
            CensusRow row =
                TestTokenizers.JSON.readValue(line.substring(ROW.length()), CensusRow.class);
            System.out.println(files.get(rows.size()).getFileName() + ": " + row);
            rows.add(row);
          }
        }
      }
      int exit = process.waitFor();
      if (rows.size() < files.size()) {
        String crash = "the process ended with exit code " + exit;
        rows.add(new CensusRow(null, crash, 0, 0, 0, 0, 0, 0, 0, 0, "see " + log));
      }
    }
    return rows;
  }
}

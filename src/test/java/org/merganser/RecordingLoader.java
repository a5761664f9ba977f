package org.merganser;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.regex.Pattern;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * The system class loader of a JVM that records which classes of src/main are entered: each of
 * their methods begins with a call of {@link EnteredClasses#enter}. All classes but those of the
 * JDK come from this loader, so Beam and the classes of the project see each other as usual.
 */
public final class RecordingLoader extends URLClassLoader {
  private static final String RECORDER = EnteredClasses.class.getName().replace('.', '/');

  /** Called by the JVM if {@code -Djava.system.class.loader} names this class. */
  public RecordingLoader(ClassLoader replaced) {
    super(classPath(), replaced.getParent());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    URL found = name.startsWith("org.merganser.") ? findResource(file) : null;
    if (found == null || found.getPath().contains("/test-classes/")) {
      return super.findClass(name);
    }
    try (InputStream in = found.openStream()) {
      byte[] recording = recording(in.readAllBytes(), name.replaceAll("\\$.*", ""));
      return defineClass(name, recording, 0, recording.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A class whose methods begin with a call of the recorder. */
  private static byte[] recording(byte[] plain, String topLevel) {
    ClassReader reader = new ClassReader(plain);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] thrown) {
            MethodVisitor method = super.visitMethod(access, name, type, signature, thrown);
            return new MethodVisitor(Opcodes.ASM9, method) {
              @Override
              public void visitCode() {
                super.visitCode();
                visitLdcInsn(topLevel);
                visitMethodInsn(
                    Opcodes.INVOKESTATIC, RECORDER, "enter", "(Ljava/lang/String;)V", false);
              }
            };
          }
        },
        0);
    return writer.toByteArray();
  }

  private static URL[] classPath() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .map(RecordingLoader::url)
        .toArray(URL[]::new);
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(entry, e);
    }
  }
}

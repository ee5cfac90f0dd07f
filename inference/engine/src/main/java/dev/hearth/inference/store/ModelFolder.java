package dev.hearth.inference.store;

import dev.hearth.inference.gguf.ExclusiveFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code models} of the data directory.
 *
 * <p>{@code NAME.gguf} is a model, {@code NAME.gguf.part} what an import left unfinished, {@code
 * NAME.download} with {@code NAME.download.part} what a download left unfinished, {@code active}
 * the name of the model of the next start, {@code prepared} a folder of weights in a backend's own
 * form. A name from outside never becomes a path: it is compared with what is there, or must be of
 * {@link #requireNewName}'s form.
 */
public final class ModelFolder {

  /** The name of the model inside the application. */
  public static final String BUILT_IN = "built-in";

  static final String SUFFIX = ".gguf";
  static final String DOWNLOAD = ".download";
  static final String PART = ".part";

  private static final String ACTIVE = "active";
  private static final String PREPARED = "prepared";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");

  /** Files that the agent unpacks the built-in model to. */
  private static final Pattern UNPACKED = Pattern.compile("hearth-home-[0-9a-f]{16}");

  /**
   * A model that is there.
   *
   * @param name its name
   * @param file where it is; null for the built-in one before its first start
   * @param bytes its size
   * @param active whether the next start uses it
   */
  public record Model(String name, @Nullable Path file, long bytes, boolean active) {}

  private final Path folder;

  /** A folder, which need not be there yet. */
  public ModelFolder(Path folder) {
    this.folder = folder;
  }

  /** Where weights in a backend's own form are kept. */
  public Path prepared() {
    return folder.resolve(PREPARED);
  }

  /** Where it is. */
  public Path path() {
    return folder;
  }

  /**
   * Checks the name of a model that is to come.
   *
   * @throws IllegalArgumentException if it will not do as the name of a file
   */
  public static void requireNewName(String name) {
    if (!NAME.matcher(name).matches() || name.equals(BUILT_IN) || unpacked(name)) {
      throw new IllegalArgumentException(
          "\"%s\" cannot be the name of a model: give one of letters, digits and ._+- with --name"
              .formatted(name.replaceAll("\\p{Cntrl}", " ")));
    }
  }

  /** The built-in model, then the others by name. */
  public List<Model> list() throws IOException {
    Optional<String> chosen = chosen();
    List<Model> models = new ArrayList<>();
    @Nullable Path unpacked = null;
    long unpackedBytes = 0;
    for (Path file : files(SUFFIX)) {
      String name = name(file, SUFFIX);
      if (unpacked(name)) {
        unpacked = file;
        unpackedBytes = Files.size(file);
      } else {
        models.add(
            new Model(name, file, Files.size(file), chosen.filter(name::equals).isPresent()));
      }
    }
    models.sort(Comparator.comparing(Model::name));
    models.addFirst(new Model(BUILT_IN, unpacked, unpackedBytes, chosen.isEmpty()));
    return models;
  }

  /** A model that is there. */
  public Optional<Model> find(String name) throws IOException {
    return list().stream().filter(model -> model.name.equals(name)).findFirst();
  }

  /** The name of a model's file; its whole path if it lies elsewhere. */
  public String nameOf(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    if (!folder.toAbsolutePath().normalize().equals(whole.getParent())
        || !String.valueOf(whole.getFileName()).endsWith(SUFFIX)) {
      return file.toString();
    }
    String name = name(whole, SUFFIX);
    return unpacked(name) ? BUILT_IN : name;
  }

  /** Names of what imports and downloads left unfinished, or are at. */
  public List<String> unfinished() throws IOException {
    List<String> names = new ArrayList<>();
    files(SUFFIX + PART).forEach(file -> names.add(name(file, SUFFIX + PART)));
    files(DOWNLOAD + PART).forEach(file -> names.add(name(file, DOWNLOAD + PART)));
    return names;
  }

  /** The model of the next start; empty for the built-in one. */
  public Optional<String> chosen() throws IOException {
    Path file = folder.resolve(ACTIVE);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  /**
   * Makes a model the one of the next start.
   *
   * @param name a model that is there, or {@link #BUILT_IN}
   * @return whether there is such a model
   */
  public boolean use(String name) throws IOException {
    if (name.equals(BUILT_IN)) {
      Files.deleteIfExists(folder.resolve(ACTIVE));
      return true;
    }
    if (find(name).isEmpty()) {
      return false;
    }
    Path half = Files.createTempFile(folder, ACTIVE, PART);
    Files.writeString(half, name + "\n");
    Files.move(
        half,
        folder.resolve(ACTIVE),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /**
   * Deletes a model and what imports and downloads of its name left unfinished. If it was the model
   * of the next start, that is the built-in one from now on.
   *
   * @return whether there was anything of that name
   * @throws PullException if it is being imported or downloaded
   */
  public boolean remove(String name) throws IOException {
    boolean any = false;
    for (String suffix : List.of(SUFFIX, SUFFIX + PART, DOWNLOAD, DOWNLOAD + PART)) {
      for (Path file : files(suffix)) {
        if (name(file, suffix).equals(name) && !unpacked(name)) {
          if (suffix.equals(SUFFIX)) {
            Files.delete(file);
          } else {
            deleteUnused(name, file);
          }
          any = true;
        }
      }
    }
    for (Path file : files(prepared(), "")) {
      if (String.valueOf(file.getFileName()).startsWith(name + SUFFIX + "-")) {
        Files.delete(file);
      }
    }
    if (any && chosen().filter(name::equals).isPresent()) {
      use(BUILT_IN);
    }
    return any;
  }

  /** Deletes what nobody may be at. */
  private static void deleteUnused(String name, Path file) throws IOException {
    ExclusiveFile mine = ExclusiveFile.open(file, StandardOpenOption.WRITE);
    if (mine == null) {
      throw new PullException(name + " is being imported or downloaded: wait for that, or stop it");
    }
    try (mine) {
      Files.delete(file);
    }
  }

  private static boolean unpacked(String name) {
    return UNPACKED.matcher(name).matches();
  }

  private static String name(Path file, String suffix) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - suffix.length());
  }

  private List<Path> files(String suffix) throws IOException {
    return files(folder, suffix);
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path file : all) {
          if (String.valueOf(file.getFileName()).endsWith(suffix) && Files.isRegularFile(file)) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }
}

package io.github.childconnector.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LastingFaultTest {
  static Stream<Error> lasting() {
    return Stream.of(
        new NoClassDefFoundError("Could not initialize class"),
        new ExceptionInInitializerError(new IOException("Too many open files")),
        new UnsatisfiedLinkError("libextnet.so"),
        new NoSuchMethodError("of another version"),
        new InternalError("a fault occurred in an unsafe memory access operation"),
        new OutOfMemoryError("unable to create native thread"));
  }

  static Stream<Throwable> passing() {
    return Stream.of(
        new StackOverflowError(),
        new AssertionError("of one call"),
        new IllegalStateException("of one call"),
        new IOException("Too many open files"));
  }

  @ParameterizedTest
  @MethodSource("lasting")
  void whatOnlyANewProcessMendsIsFoundAmongTheCauses(Error fault) {
    assertThat(LastingFault.in(fault)).contains(fault);
    // As the HTTP client and futures of all kinds pass it on.
    Throwable wrapped = new IOException("failed", new ExecutionException(fault));
    assertThatThrownBy(() -> LastingFault.rethrow(wrapped)).isSameAs(fault);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatMendsItselfIsNone(Throwable fault) {
    assertThat(LastingFault.in(new IOException("failed", fault))).isEmpty();
    assertThatCode(() -> LastingFault.rethrow(fault)).doesNotThrowAnyException();
  }

  @Test
  void aThreadOfALibraryPassesItToWhoeverEndsTheProgram() throws InterruptedException {
    List<Throwable> handed = new ArrayList<>();
    Error fault = new NoClassDefFoundError("Could not initialize class");
    Thread library =
        new Thread(
            () -> {
              LastingFault.hand(new IOException("lost"));
              LastingFault.hand(new IOException("lost", fault));
            });
    library.setUncaughtExceptionHandler((thread, thrown) -> handed.add(thrown));
    library.start();
    library.join();
    assertThat(handed).containsExactly(fault);
  }
}

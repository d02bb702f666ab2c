package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  private static final List<String> SHUFFLED = List.of("d", "a", "e", "b", "c");

  private static Page filled(Page page) {
    SHUFFLED.forEach(name -> assertThat(page.add(Path.of("/x", name))).isTrue());
    return page;
  }

  private static List<String> names(Page page) {
    return page.files().stream().map(file -> file.getFileName().toString()).toList();
  }

  private static List<String> all(Page first) {
    List<String> all = new ArrayList<>();
    Page page = filled(first);
    all.addAll(names(page));
    while (page.isFull()) {
      page = filled(page.next());
      all.addAll(names(page));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 6})
  void allFilesAreOnSomePageInTheirOrder(int size) {
    assertThat(all(Page.oldest(size))).containsExactly("a", "b", "c", "d", "e");
    assertThat(all(Page.newest(size))).containsExactly("e", "d", "c", "b", "a");
  }

  @Test
  void aPageTellsWhatIsBehindIt() {
    Page page = filled(Page.newest(2));
    assertThat(page.isOverfull()).isTrue();
    assertThat(SHUFFLED.stream().filter(name -> page.isBehind(Path.of("/x", name))))
        .containsExactly("a", "b", "c");
    assertThat(filled(Page.newest(5)).isOverfull()).isFalse();
  }
}

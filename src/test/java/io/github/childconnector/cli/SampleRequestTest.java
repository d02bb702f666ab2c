package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.cli.Conversation.SampleRequest;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SampleRequestTest {

  @Test
  void lettersOfAllLanguagesAndSignsOfHtmlAreSentAsTheyAre() {
    SampleRequest request =
        new SampleRequest(
            new FirmwareUpdate(
                new OperationKey(new ChildId("plc-1"), "op-1"),
                new Firmware("Gerät 'A' <&>", "\"1\"\n"),
                new Sha256("0".repeat(64)),
                "http://127.0.0.1:8000/x?a=b&c"));

    assertThat(new String(request.message(3), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"op-1\",\"attempt\":3,\"name\":\"Gerät 'A' <&>\",\"version\":\"\\\"1\\\"\\n\",\"sha256\":\""
                + "0".repeat(64)
                + "\",\"url\":\"http://127.0.0.1:8000/x?a=b&c\"}");
  }
}

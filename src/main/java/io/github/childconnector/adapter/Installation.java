package io.github.childconnector.adapter;

import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FirmwareUpdate;

/** An installation: the request, and its image with a compared digest. */
public record Installation(FirmwareUpdate update, FirmwareImage image) {}

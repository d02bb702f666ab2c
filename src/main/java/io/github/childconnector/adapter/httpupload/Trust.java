package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.operation.Sha256;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which device may be talked to over https: one with this very certificate, or one whose
 * certificate these CAs signed; without either, those this machine trusts count.
 */
record Trust(Optional<Path> caFile, Optional<Sha256> certificate) {}

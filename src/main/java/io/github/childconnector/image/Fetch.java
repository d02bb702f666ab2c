package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;

/** One image to fetch: what it must be, where it lies, and who wants to know how far it is. */
record Fetch(Sha256 digest, ImageUrl url, FetchProgress progress) {}

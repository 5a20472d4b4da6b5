"""The decoder pool as doors get it: worker processes for untrusted pictures, without a way to anything below."""

from safelight.capture.decoder_pool import DecoderPool as DecoderPool
